#if GPIO
import Signals

@testable import GPIOTransport

/// Lines without a kernel, which write down what they are asked.
final class FakeLines: PortLines {
    static let clock = 0
    static let data = 1
    static let reset = 2

    /// The levels of the three lines.
    var levels: [Level] = [.low, .low, .high]
    /// What the next waits do and give; when there are no more, a wait does nothing.
    var wakeUps: [(FakeLines) -> PortWakeUp] = []
    /// What was asked since this was emptied.
    var calls: [String] = []
    /// Reads of the clock before it turns by itself.
    var turnsAfterReads: Int?

    func level(at place: Int) throws(GPIOError) -> Level {
        calls.append(["clock", "data", "reset"][place])
        if place == Self.clock, let reads = turnsAfterReads {
            turnsAfterReads = reads > 0 ? reads - 1 : nil
            if reads == 0 { levels[Self.clock] = levels[Self.clock].toggled }
        }
        return levels[place]
    }

    func drive(_ level: Level, at place: Int) throws(GPIOError) { calls.append("drive \(place)") }

    func setDeadline(_ nanoseconds: UInt64) throws(GPIOError) {
        calls.append("timer \(nanoseconds)")
    }

    func wait(milliseconds: Int32) throws(GPIOError) -> PortWakeUp {
        calls.append("wait")
        guard !wakeUps.isEmpty else { return PortWakeUp(isDue: true) }
        return wakeUps.removeFirst()(self)
    }

    func wake() { calls.append("wake") }
    func release() { calls.append("release") }

    /// What was asked, once.
    func takeCalls() -> [String] {
        defer { calls = [] }
        return calls
    }

    /// The clock turns, with one event or several; the level that the last event tells may be old.
    func turnClock(
        events: Int = 1, telling level: Level? = nil, data: Level? = nil
    ) -> PortWakeUp {
        levels[Self.clock] = levels[Self.clock].toggled
        if let data { levels[Self.data] = data }
        let told = level ?? levels[Self.clock]
        return PortWakeUp(
            moved: 1, movedOnce: events == 1 ? 1 : 0, levels: UInt32(told.rawValue))
    }
}
#endif
