#if GPIO
internal import CGPIO
internal import Glibc

/// A request of lines, and what can go wrong with it.
final class TapHandle {
    private let pointer: OpaquePointer
    private let path: String

    init(_ plan: GPIOTapPlan, consumer: String) throws(GPIOError) {
        path = plan.chip.path
        // Opened once before, for what can be wrong with that.
        _ = try ChipHandle(path: path)
        var activeLow: UInt32 = 0
        for (place, wire) in plan.wires.enumerated() where wire.isActiveLow {
            activeLow |= 1 << UInt32(place)
        }
        let opened = cgpio_tap_open(
            path, plan.wires.map { UInt32($0.offset) }, plan.wires.count,
            plan.bias.value, activeLow, consumer)
        guard let opened else { throw Self.refusal(of: plan, errno: errno) }
        pointer = opened
    }

    deinit { cgpio_tap_close(pointer) }

    /// Why lines were refused: who holds one of them, if anybody does.
    private static func refusal(of plan: GPIOTapPlan, errno: Int32) -> GPIOError {
        let path = plan.chip.path
        switch errno {
        case EBUSY:
            let lines = (try? GPIOChip(path: path))?.lines ?? plan.chip.lines
            let wire = plan.wires.first { lines[$0.offset].isUsed } ?? plan.wires.first
            guard let wire else { fallthrough }
            return .busy(
                line: "\(plan.name(of: wire)) of \(plan.chip.name)",
                consumer: lines[wire.offset].consumer)
        case EACCES, EPERM: return .noPermission(path: path)
        case ENODEV: return .chipGone(path: path)
        case EINVAL, ENXIO, ENOTSUP:
            return .unsupported(path: path, doing: "asking for edges", errno: errno)
        default: return .system(path: path, doing: "asking for edges", errno: errno)
        }
    }

    /// Whether there are events, before a time is over or a signal comes.
    func wait(milliseconds: Int32) throws(GPIOError) -> Bool {
        let ready = cgpio_tap_wait(pointer, milliseconds)
        if ready < 0 { throw failure("waiting for edges") }
        return ready > 0
    }

    /// Reads events that are there, and returns their number.
    func read(into buffer: inout [cgpio_event]) throws(GPIOError) -> Int {
        let count = cgpio_tap_read(pointer, &buffer, buffer.count)
        if count < 0 { throw failure("reading edges") }
        return Int(count)
    }

    /// The present levels, by the lines' places.
    func levels() throws(GPIOError) -> UInt32 {
        var levels: UInt32 = 0
        guard cgpio_tap_get_levels(pointer, &levels) == 0 else {
            throw failure("reading the lines")
        }
        return levels
    }

    private func failure(_ doing: String) -> GPIOError {
        let reason = errno
        return reason == ENODEV
            ? .chipGone(path: path) : .system(path: path, doing: doing, errno: reason)
    }
}
#endif
