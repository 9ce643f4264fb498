#if GPIO
internal import CGPIO
internal import Glibc
internal import Signals

/// The lines of a port in the kernel.
final class PortHandle: PortLines {
    private let pointer: OpaquePointer
    private let path: String
    /// The lines' names, for what goes wrong.
    private let names: [String]

    init(_ plan: GPIOPortPlan, lines: [PortLine], consumer: String) throws(GPIOError) {
        path = plan.chip.path
        names = lines.map { plan.chip.lineName($0.offset) }
        // Opened once before, for what can be wrong with that.
        _ = try ChipHandle(path: path)
        var refused = 0
        let opened = cgpio_port_open(
            path, lines.map(\.request), lines.count, consumer, &refused)
        guard let opened else {
            throw Self.refusal(of: lines.indices.contains(refused) ? lines[refused] : nil, plan)
        }
        pointer = opened
    }

    deinit { cgpio_port_free(pointer) }

    private static func refusal(of line: PortLine?, _ plan: GPIOPortPlan) -> GPIOError {
        let reason = errno
        let path = plan.chip.path
        let name = line.map { "line \(plan.chip.lineName($0.offset))" } ?? "lines"
        switch reason {
        case EBUSY:
            guard let line else { break }
            let now = (try? GPIOChip(path: path)) ?? plan.chip
            return .busy(
                line: "\(plan.chip.lineName(line.offset)) of \(plan.chip.name)",
                consumer: now.lines.indices.contains(line.offset)
                    ? now.lines[line.offset].consumer : "")
        case EACCES, EPERM: return .noPermission(path: path)
        case ENODEV: return .chipGone(path: path)
        case EINVAL, ENXIO, ENOTSUP, EIO:
            return .unsupported(path: path, doing: "asking for \(name)", errno: reason)
        default: break
        }
        return .system(path: path, doing: "asking for \(name)", errno: reason)
    }

    func level(at place: Int) throws(GPIOError) -> Level {
        let level = cgpio_port_get(pointer, place)
        if level < 0 { throw failure("reading line \(names[place])") }
        return level == 0 ? .low : .high
    }

    func drive(_ level: Level, at place: Int) throws(GPIOError) {
        if cgpio_port_set(pointer, place, level == .high) < 0 {
            throw failure("driving line \(names[place])")
        }
    }

    func setDeadline(_ nanoseconds: UInt64) throws(GPIOError) {
        if cgpio_port_set_deadline(pointer, nanoseconds) < 0 { throw failure("setting a timer") }
    }

    func wait(milliseconds: Int32) throws(GPIOError) -> PortWakeUp {
        var wakeUp = cgpio_wake_up()
        if cgpio_port_wait(pointer, milliseconds, &wakeUp) < 0 {
            throw failure("waiting for edges")
        }
        return PortWakeUp(
            isCalled: wakeUp.is_called, isDue: wakeUp.is_due, moved: wakeUp.moved,
            movedOnce: wakeUp.moved_once, levels: wakeUp.levels)
    }

    func wake() { cgpio_port_wake(pointer) }

    func release() { cgpio_port_release(pointer) }

    private func failure(_ doing: String) -> GPIOError {
        let reason = errno
        return reason == ENODEV
            ? .chipGone(path: path) : .system(path: path, doing: doing, errno: reason)
    }
}

extension PortLine {
    /// As the C module is asked for it.
    fileprivate var request: cgpio_port_line {
        let kind =
            switch use {
            case .input: CGPIO_USE_INPUT
            case .events: CGPIO_USE_EVENTS
            case .output: CGPIO_USE_OUTPUT
            case .openDrain: CGPIO_USE_OPEN_DRAIN
            }
        return cgpio_port_line(
            offset: UInt32(offset), use: kind, bias: bias.value, is_active_low: isActiveLow,
            level: restLevel == .high)
    }
}
#endif
