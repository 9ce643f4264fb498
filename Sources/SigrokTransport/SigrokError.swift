#if Sigrok
    import Glibc

    /// Why libsigrok could not give samples, or take them.
    public enum SigrokError: Error, Hashable, Sendable {
        /// libsigrok has no driver of this name.
        case noSuchDriver(String)
        /// `driver:option=value` has an option that the driver does not know, or a wrong value.
        case badOption(driver: String, option: String, problem: String)
        /// The driver finds no device; `hint` is what libsigrok said.
        case noDevice(driver: String, hint: String)
        /// The device is there and may not be opened.
        case noPermission(device: String, hint: String)
        /// The device has no logic channels.
        case noLogicChannels(device: String)
        /// The device has no channel of this name.
        case noSuchChannel(String, device: String, known: [String])
        /// The device cannot sample so often.
        case unsupportedRate(UInt64, device: String, supported: String)
        /// It is not known how often the device samples.
        case noSampleRate(device: String)
        /// The device has gone, or its driver has given up.
        case deviceGone(device: String, hint: String)
        /// The device delivers nothing.
        case silent(device: String)
        /// The file is no session of sigrok that can be read.
        case malformedFile(path: String, problem: String)
        /// The file cannot be read or written.
        case file(path: String, doing: String, errno: Int32)
        /// A call of libsigrok failed.
        case library(doing: String, problem: String)
    }

    extension SigrokError: CustomStringConvertible {
        /// What is wrong, with the evidence, and what to do next.
        public var description: String {
            switch self {
            case .noSuchDriver(let name):
                "libsigrok has no driver `\(name)`; `sigrok-cli --list-supported` lists them "
                    + "(fx2lafw is that of most small analyzers)"
            case .badOption(let driver, let option, let problem):
                "driver \(driver): option `\(option)`: \(problem)"
            case .noDevice(let driver, let hint):
                "driver \(driver) finds no device; is it plugged in, and may you open it? "
                    + "`synscope devices` lists what is found" + Self.said(hint)
            case .noPermission(let device, let hint):
                "\(device): no permission; libsigrok's udev rules give analyzers to the group plugdev: "
                    + "`sudo usermod -aG plugdev $USER`, log in anew" + Self.said(hint)
            case .noLogicChannels(let device):
                "\(device) has no logic channels: it cannot see levels; use a logic analyzer"
            case .noSuchChannel(let name, let device, let known):
                "\(device) has no logic channel `\(name)`; it has \(known.joined(separator: ", "))"
            case .unsupportedRate(let rate, let device, let supported):
                "\(device) cannot sample at \(rate) Hz; it can at \(supported)"
            case .noSampleRate(let device):
                "\(device) does not say how often it samples; give --sample-rate"
            case .deviceGone(let device, let hint):
                "\(device) has stopped: it was unplugged, or could not keep up" + Self.said(hint)
            case .silent(let device):
                "\(device) delivers no samples; unplug it and plug it in again"
            case .malformedFile(let path, let problem):
                "\(path): \(problem); it is no session of sigrok (.sr) that can be read"
            case .file(let path, let doing, let errno):
                "\(path): \(doing): \(String(cString: strerror(errno)))"
            case .library(let doing, let problem):
                "\(doing): \(problem)"
            }
        }

        private static func said(_ hint: String) -> String {
            hint.isEmpty ? "" : " (libsigrok: \(hint))"
        }
    }
#endif
