#if GPIO
internal import CGPIO
internal import Glibc
internal import LiveEdges

/// Lines that were requested, and a moment in which their levels are certain.
struct LineStart {
    let handle: TapHandle
    /// That moment, by the monotonic clock.
    let time: UInt64
    /// With the edges that came since.
    let order: LineEventOrder

    /// How often a quiet moment is looked for.
    private static let attemptsMax = 1000
    /// Reads of one attempt before the lines count as restless.
    private static let readsMax = 64

    init(_ plan: GPIOTapPlan, consumer: String) throws(GPIOError) {
        handle = try TapHandle(plan, consumer: consumer)
        var buffer = [cgpio_event](repeating: cgpio_event(), count: Int(CGPIO_EVENTS_MAX))
        for _ in 0..<Self.attemptsMax {
            guard let moment = try Self.quietMoment(handle, into: &buffer) else { continue }
            time = moment.time
            var order = LineEventOrder(
                channels: plan.wires.map(\.channel), levels: moment.levels, start: moment.time)
            order.take(buffer[0..<moment.laterEvents])
            self.order = order
            return
        }
        throw .restless(path: plan.chip.path)
    }

    /// A moment in which nothing moved while the levels were read; nil if there was none.
    private static func quietMoment(
        _ handle: TapHandle, into buffer: inout [cgpio_event]
    ) throws(GPIOError) -> (time: UInt64, levels: UInt32, laterEvents: Int)? {
        var reads = 0
        while try handle.read(into: &buffer) > 0 {
            reads += 1
            if reads == readsMax { return nil }
        }
        let before = MonotonicClock.nanoseconds()
        let levels = try handle.levels()
        let after = MonotonicClock.nanoseconds()
        usleep(UInt32(LineReader.lateness / 1_000))
        let count = try handle.read(into: &buffer)
        let isQuiet = buffer[0..<count].allSatisfy { $0.time_ns < before || $0.time_ns > after }
        guard isQuiet, count < buffer.count else { return nil }
        // What happened before is in the levels.
        let later = buffer[0..<count].filter { $0.time_ns > after }
        buffer.replaceSubrange(0..<later.count, with: later)
        return (after, levels, later.count)
    }
}
#endif
