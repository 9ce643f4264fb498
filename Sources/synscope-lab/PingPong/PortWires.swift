#if GPIO
import GPIOTransport
import Glibc
import LivePorts
import Signals

/// Lines by the port of a live end.
struct PortWires: PingPongWires {
    let port: GPIOPort
    private var levels = LevelSet.rest
    private let patience: UInt64 = 100_000_000

    init(_ port: GPIOPort) { self.port = port }

    mutating func clock() throws -> Level {
        levels = try port.read()
        return levels[port.end.peer.clock]
    }

    mutating func clock(after level: Level) throws -> Level {
        // As a link whose deadline is put off by every answer.
        try port.wait(
            whileAt: levels, until: UInt64(MonotonicClock().now()) + patience)
        return try clock()
    }

    func data() throws -> Level { levels[port.end.peer.data] }
    func driveData(_ level: Level) throws { try port.drive(port.end.data, level) }
    func driveClock(_ level: Level) throws { try port.drive(port.end.clock, level) }
}
#endif
