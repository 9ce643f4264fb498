import HostProtocol
import LinkProtocol
import Signals
import Testing

/// A host's machine that rests, on wires to a bridge's link that says nothing.
@Suite struct HostRestTests {
    /// A replay leaves rests out. So a timer that does something else as well does nothing of the
    /// link's, and the rest ends by a firing of its own.
    @Test func aRestEndsByAFiringOfItsOwn() throws {
        var host = HostMachine(
            configuration: HostConfiguration(ssid: [0x61], password: [0x61], broker: [0x61]))
        var bridge = LinkMachine(end: .bridge)
        var levels = LevelSet.rest
        var now = Timestamp.zero
        func drain() {
            while let output = host.nextOutput() {
                if case .drive(let channel, let level) = output { levels[channel] = level }
            }
            while let output = bridge.nextOutput() {
                if case .drive(let channel, let level) = output { levels[channel] = level }
            }
        }
        host.handle(.start, at: now)
        drain()
        bridge.handle(.start, at: now)
        drain()
        var rests = 0
        // Until it rests with its clock low, behind the `init`.
        while true {
            now = now + .microseconds(10)
            bridge.handle(clock: levels[.sckout], data: levels[.stx], at: now)
            drain()
            host.handle(clock: levels[.sckin], data: levels[.srx], at: now)
            drain()
            guard let deadline = host.deadline else { continue }
            if host.onlyEndsRest(at: deadline) {
                rests += 1
                if rests >= 3, levels[.sckout] == .low { break }
                now = max(now, deadline)
                host.handle(.timer, at: now)
                drain()
            } else if !host.isSynchronised, deadline <= now + .seconds(2) {
                now = max(now, deadline)
                host.handle(.timer, at: now)
                drain()
            }
            try #require(now < Timestamp.zero + .seconds(20))
        }
        // Far too late: the bridge has not answered to the `init` either.
        now = now + .seconds(10_000)
        #expect(!host.onlyEndsRest(at: now))
        host.handle(.timer, at: now)
        var said: [HostMachine.Output] = []
        while let output = host.nextOutput() { said.append(output) }
        // The rest's end would have driven something first.
        #expect(said.first == .event(.startTimedOut), "\(said)")
        #expect(said.contains(.crashed(.bridgeFail)))
    }
}
