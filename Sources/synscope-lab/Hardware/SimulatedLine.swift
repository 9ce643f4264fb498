import Glibc
import Signals

/// A line of a simulated chip, seen from outside: what is connected to the pin.
final class SimulatedLine: LineOutput {
    /// LABEL:LINE, as it was asked for.
    let name: String
    /// Readable as it is; `POLLPRI` when the level has changed since it was read.
    let valueDescriptor: Int32

    private let device: String
    private let number: Int
    private let pullDescriptor: Int32

    init(name: String, folder: String, device: String, number: Int) throws(LabError) {
        self.name = name
        self.device = device
        self.number = number
        let pull = try system("cannot drive \(name)") {
            open(folder + "/pull", O_WRONLY | O_CLOEXEC)
        }
        do throws(LabError) {
            valueDescriptor = try system("cannot read \(name)") {
                open(folder + "/value", O_RDWR | O_CLOEXEC)
            }
        } catch {
            close(pull)
            throw error
        }
        pullDescriptor = pull
    }

    deinit {
        close(pullDescriptor)
        close(valueDescriptor)
    }

    /// The line's level.
    func level() throws(LabError) -> Level {
        var byte: UInt8 = 0
        try system("cannot read \(name)") { pread(valueDescriptor, &byte, 1, 0) }
        return byte == UInt8(ascii: "1") ? .high : .low
    }

    func drive(_ level: Level) throws(LabError) {
        try write(level == .high ? "pull-up" : "pull-down", to: pullDescriptor)
    }

    func driveSilently(_ level: Level) throws(LabError) {
        try write(level == .high ? "1" : "0", to: valueDescriptor)
    }

    private func write(_ text: StaticString, to descriptor: Int32) throws(LabError) {
        try system("cannot drive \(name)") {
            pwrite(descriptor, text.utf8Start, text.utf8CodeUnitCount, 0)
        }
    }

    /// Whether a program has requested the line from the kernel.
    func isInUse() throws(LabError) -> Bool {
        let chip = try system("cannot open \(device)") { open(device, O_RDWR | O_CLOEXEC) }
        defer { close(chip) }
        var information = LineInformation(offset: UInt32(number))
        try system("cannot ask \(device) for line \(number)") {
            ioctl(chip, LineInformation.request, &information)
        }
        return information.flags & LineInformation.used != 0
    }
}

/// What the kernel tells of a line: struct gpioline_info of <linux/gpio.h>.
private struct LineInformation {
    var offset: UInt32
    var flags: UInt32 = 0
    var name: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var consumer: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// GPIO_GET_LINEINFO_IOCTL.
    static var request: UInt { 0xc048_b402 }
    /// GPIOLINE_FLAG_KERNEL.
    static var used: UInt32 { 1 }
}
