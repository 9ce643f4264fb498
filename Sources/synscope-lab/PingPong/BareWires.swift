#if GPIO
import CGPIO
import GPIOTransport
import Glibc
import Signals

/// Lines by libgpiod and nothing else: what a link on them is compared with.
final class BareWires: PingPongWires {
    /// How the other end's clock is waited for.
    enum Waiting: String, CaseIterable {
        /// Asleep, until the kernel has an event, whose level is believed.
        case events
        /// By reading it again and again.
        case spin
        /// The same, but others may run in between.
        case yield
    }

    private let port: OpaquePointer
    private let waiting: Waiting

    private enum Place: Int { case clockIn, dataIn, clockOut, dataOut }
    private static let waitMilliseconds: Int32 = 100
    private static let readsMax = 100_000

    init(_ plan: GPIOPortPlan, waiting: Waiting) throws {
        self.waiting = waiting
        func line(_ channel: Channel, _ use: cgpio_use) -> cgpio_port_line {
            let offset = plan.wires.first { $0.channel == channel }?.offset ?? 0
            return cgpio_port_line(
                offset: UInt32(offset), use: use, bias: CGPIO_BIAS_AS_IS, is_active_low: false,
                level: false)
        }
        let peer = plan.end.peer
        // In the order of the places.
        let lines = [
            line(peer.clock, waiting == .events ? CGPIO_USE_EVENTS : CGPIO_USE_INPUT),
            line(peer.data, CGPIO_USE_INPUT), line(plan.end.clock, CGPIO_USE_OUTPUT),
            line(plan.end.data, CGPIO_USE_OUTPUT),
        ]
        var refused = 0
        let opened = cgpio_port_open(
            plan.chip.path, lines, lines.count, "synscope-lab", &refused)
        guard let opened else { throw LabError.system(doing: "cannot use the lines", errno: errno) }
        port = opened
    }

    deinit { cgpio_port_free(port) }

    private func level(_ place: Place) throws(LabError) -> Level {
        try system("cannot read") { cgpio_port_get(port, place.rawValue) } == 0 ? .low : .high
    }

    func clock() throws -> Level { try level(.clockIn) }
    func data() throws -> Level { try level(.dataIn) }

    func clock(after seen: Level) throws -> Level {
        if waiting == .events {
            var wakeUp = cgpio_wake_up()
            try system("cannot wait") { cgpio_port_wait(port, Self.waitMilliseconds, &wakeUp) }
            return wakeUp.moved & 1 == 1 ? Level(bit: UInt8(wakeUp.levels & 1)) : try clock()
        }
        for _ in 0..<Self.readsMax {
            let level = try clock()
            if level != seen { return level }
            if waiting == .yield { sched_yield() }
        }
        return seen
    }

    func driveData(_ level: Level) throws { try drive(level, .dataOut) }
    func driveClock(_ level: Level) throws { try drive(level, .clockOut) }

    private func drive(_ level: Level, _ place: Place) throws(LabError) {
        try system("cannot drive") { cgpio_port_set(port, place.rawValue, level == .high) }
    }
}
#endif
