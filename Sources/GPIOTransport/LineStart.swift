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
        // The kernel numbers the events of a request from 1 on.
        var lastNumber: UInt32 = 0
        for _ in 0..<Self.attemptsMax {
            let quiet = try Self.quietMoment(handle, into: &buffer, lastNumber: &lastNumber)
            guard let moment = quiet else { continue }
            time = moment.time
            var order = LineEventOrder(
                channels: plan.wires.map(\.channel), levels: moment.levels, start: moment.time,
                lastNumber: lastNumber)
            order.take(buffer[0..<moment.eventCount])
            self.order = order
            return
        }
        throw .restless(path: plan.chip.path)
    }

    /// A moment in which nothing moved while the levels were read, and the number of events in the
    /// buffer that came with it or after it; nil if there was none.
    private static func quietMoment(
        _ handle: TapHandle, into buffer: inout [cgpio_event], lastNumber: inout UInt32
    ) throws(GPIOError) -> (time: UInt64, levels: UInt32, eventCount: Int)? {
        var count = 0
        var reads = 0
        repeat {
            count = try handle.read(into: &buffer)
            if count > 0 { lastNumber = buffer[count - 1].sequence }
            reads += 1
            if reads == readsMax { return nil }
        } while count > 0
        let before = MonotonicClock.nanoseconds()
        let levels = try handle.levels()
        let after = MonotonicClock.nanoseconds()
        usleep(UInt32(LineReader.lateness / 1_000))
        count = try handle.read(into: &buffer)
        let events = buffer[0..<count]
        guard events.allSatisfy({ $0.time_ns < before || $0.time_ns > after }) else {
            lastNumber = events.last?.sequence ?? lastNumber
            return nil
        }
        return (after, levels, count)
    }
}
#endif
