#if Sigrok
import Glibc

/// Why libsigrok could not give samples, or take them.
public enum SigrokError: Error, Hashable, Sendable {
    /// libsigrok has no driver of this name; `known` are those that it has.
    case noSuchDriver(String, known: [String])
    /// `driver:option=value` has an option that the driver does not know, or a wrong value.
    case badOption(driver: String, option: String, problem: String)
    /// The driver finds no device; `hint` is what libsigrok said.
    case noDevice(driver: String, hint: String)
    /// The driver finds several devices; `found` are they, as they can be named.
    case severalDevices(driver: String, found: [String])
    /// The device is there and may not be opened.
    case noPermission(device: String, hint: String)
    /// The device has no logic channels.
    case noLogicChannels(device: String)
    /// The device, or the file, has no channel of this name.
    case noSuchChannel(String, place: String, known: [String])
    /// The channel is one of more than 64.
    case channelTooHigh(String, place: String)
    /// The device cannot sample so often.
    case unsupportedRate(UInt64, device: String, supported: String)
    /// It is not known how often was sampled.
    case noSampleRate(place: String)
    /// The device has gone, or its driver has given up.
    case deviceGone(device: String, hint: String)
    /// The device delivers nothing.
    case silent(device: String)
    /// Somebody wanted an end before there was a first sample.
    case interrupted
    /// The file is no session of sigrok that can be read.
    case malformedFile(path: String, problem: String)
    /// The file is no zip archive at all.
    case notAnArchive(path: String)
    /// The file cannot be read or written.
    case file(path: String, doing: String, errno: Int32)
    /// There would be more samples than anybody can use.
    case tooManySamples(count: UInt64, limit: UInt64, rate: UInt64)
    /// A call of libsigrok failed.
    case library(doing: String, problem: String)
}

extension SigrokError {
    /// A name that there is not, with those that there are: one of them may be meant.
    public var unknownName: (name: String, known: [String])? {
        switch self {
        case .noSuchDriver(let name, let known), .noSuchChannel(let name, _, let known):
            (name, known)
        default: nil
        }
    }
}

extension SigrokError: CustomStringConvertible {
    /// What is wrong, with the evidence, and what to do next.
    public var description: String {
        switch self {
        case .noSuchDriver(let name, _):
            "libsigrok has no driver `\(name)`"
                + "; `sigrok-cli --list-supported` lists them (fx2lafw is that of most small "
                + "analyzers)"
        case .badOption(let driver, let option, let problem):
            "driver \(driver): option `\(option)`: \(problem)"
        case .noDevice(let driver, let hint):
            "driver \(driver) finds no device; is it plugged in, and may you open it? "
                + "`synscope devices` lists what is found" + Self.said(hint)
        case .severalDevices(let driver, let found):
            "driver \(driver) finds several devices; name one: "
                + found.joined(separator: ", ")
        case .noPermission(let device, let hint):
            "\(device): no permission; libsigrok's udev rules (60-libsigrok.rules and "
                + "61-libsigrok-plugdev.rules) give analyzers to the group plugdev: `sudo usermod "
                + "-aG plugdev $USER`, log in anew, plug it in again" + Self.said(hint)
        case .noLogicChannels(let device):
            "\(device) has no logic channels: it cannot see levels; use a logic analyzer"
        case .noSuchChannel(let name, let place, let known):
            "\(place) has no logic channel `\(name)`; it has \(known.joined(separator: ", "))"
        case .channelTooHigh(let name, let place):
            "\(place): channel `\(name)` is beyond the 64th, which cannot be read; use another"
        case .unsupportedRate(let rate, let device, let supported):
            "\(device) cannot sample at \(SigrokRates.text(rate)); it can at \(supported)"
        case .noSampleRate(let place):
            "\(place) does not say how often it was sampled; give --sample-rate"
        case .deviceGone(let device, let hint):
            "\(device) has stopped: it was unplugged, or could not keep up (try a lower sample "
                + "rate)" + Self.said(hint)
        case .silent(let device):
            "\(device) delivers no samples; unplug it and plug it in again"
        case .interrupted:
            "interrupted before the first sample"
        case .malformedFile(let path, let problem):
            "\(path) is no session of sigrok (.sr) that can be read: \(problem); save it again, or "
                + "copy it again from where it was whole"
        case .notAnArchive(let path):
            "\(path) is no session of sigrok: those are zip archives, and this is none"
        case .file(let path, let doing, let errno):
            "\(path): \(doing): \(String(cString: strerror(errno)))"
        case .tooManySamples(let count, let limit, let rate):
            "that would be \(count) samples at \(SigrokRates.text(rate)), and \(limit) are the most "
                + "that other programs can be expected to read; cut with --from and --to, or give a "
                + "lower --sample-rate"
        case .library(let doing, let problem):
            "\(doing): \(problem)"
        }
    }

    private static func said(_ hint: String) -> String {
        hint.isEmpty ? "" : " (libsigrok: \(hint))"
    }
}
#endif
