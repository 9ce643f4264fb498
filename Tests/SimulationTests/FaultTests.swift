import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals
import Simulation
import Testing

/// Whatever goes wrong, and nothing else with it: everything runs again, and nothing is lost.
@Suite struct FaultTests {
    private static let faultTime = Timestamp.zero + .milliseconds(12_900)

    private static func scenario(_ fault: Fault.Kind, seed: UInt64) -> Scenario {
        var scenario = Scenario(seed: seed, duration: .seconds(180), preset: .hardware)
        scenario.host.initialisation.cleanSession = false
        scenario.host.link.watchdogTimeout = .seconds(3)
        scenario.application = ApplicationPlan(.light, until: .zero + .seconds(20))
        scenario.faults = [Fault(at: faultTime, fault)]
        scenario.endsWhenQuiet = true
        scenario.keepsLedger = true
        return scenario
    }

    private static func finished(_ scenario: Scenario) -> World {
        var world = World(scenario)
        var stretch = WorldStretch()
        while world.run(into: &stretch) {}
        return world
    }

    @Test(arguments: Fault.names, [UInt64(1), 2])
    func aWorldRecoversFromAFault(name: String, seed: UInt64) throws {
        let kind = try #require(Fault.kind(named: name))
        #expect(kind.name == name)
        let world = Self.finished(Self.scenario(kind, seed: seed))
        #expect(world.violations() == [])
        #expect(world.isQuiet)
        #expect(world.host.isRunning && world.host.isNetworkUp && world.bridge.isBrokerConnected)
        #expect(world.ledger.summary.publications >= 2)
        // The fault did something.
        let summary = world.ledger.summary
        switch name {
        case "freeze", "crash", "slow-boot", "glitch": #expect(summary.restarts >= 1)
        case "wifi-outage", "broker-down", "broker-restart", "broker-forgets", "connection-loss",
            "repeated-bytes":
            #expect(summary.reconnections >= 1)
            #expect(summary.restarts == 0)
        default: #expect(summary.restarts == 0 && summary.reconnections == 0)
        }
    }

    /// Worlds of random faults in which something was once amiss: a frozen bridge that read its
    /// socket, bytes that arrived twice from a bridge that did not live to see its connection break.
    @Test(arguments: [UInt64(1915), 4050])
    func aWorldThatOnceFailedHolds(seed: UInt64) {
        #expect(Self.finished(Scenario.random(seed: seed)).violations() == [])
    }

    @Test func everyNameHasAKindAndLengthsAreTakenWhereTheyMeanSomething() {
        for name in Fault.names {
            let isLasting = Fault.namesWithLength.contains(name)
            #expect((Fault.kind(named: name, lasting: .seconds(1)) != nil) == isLasting)
        }
        #expect(Fault.kind(named: "wifi-outage", lasting: .seconds(3)) == .wifiOutage(.seconds(3)))
        #expect(Fault.kind(named: "nothing") == nil)
    }

    /// The shortest freeze that matters is a stall; the host's watchdog does not see it.
    @Test func aShortFreezeIsNoRestart() {
        let world = Self.finished(Self.scenario(.freeze(.seconds(2)), seed: 1))
        #expect(world.violations() == [])
        #expect(world.ledger.summary.restarts == 0)
    }

    /// What was under way when a world ends in the middle is neither delivered nor lost.
    @Test func aWorldThatEndsInAnOutageHasLostNothing() {
        var scenario = Self.scenario(.wifiOutage(.seconds(3_600)), seed: 2)
        scenario.duration = .seconds(25)
        scenario.application.outsidePause = .milliseconds(500)
        scenario.endsWhenQuiet = false
        let world = Self.finished(scenario)
        #expect(!world.host.isNetworkUp)
        // So many are owed and have not come.
        #expect(world.ledger.summary.glitched > 0)
        #expect(world.violations() == [])
    }
}
