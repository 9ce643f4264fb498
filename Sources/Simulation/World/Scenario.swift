public import BridgeProtocol
public import HostProtocol
import LinkProtocol
public import Signals

/// Everything that decides a world: the same scenario is the same world, bit for bit.
public struct Scenario: Sendable {
    /// Decides everything that is left to chance.
    public var seed: UInt64
    /// How long the world lasts.
    public var duration: Nanoseconds
    /// What boards stand in it.
    public var preset: Preset
    /// The host.
    public var host: HostConfiguration
    /// The bridge.
    public var bridge: BridgeConfiguration
    /// What is done with them.
    public var application: ApplicationPlan
    /// What goes wrong, in order of time.
    public var faults: [Fault]
    /// The password of ``host``'s user is wrong at the broker: it refuses the connection.
    public var brokerRefuses: Bool
    /// The most messages with qos 1 that the broker has under way to a client.
    public var brokerInFlightMax: Int
    /// The world ends early, once all is done and everything runs.
    public var endsWhenQuiet: Bool
    /// Every publication and message is remembered, for ``WorldLedger/verdict(at:)``.
    public var keepsLedger: Bool

    /// A world without faults.
    public init(seed: UInt64, duration: Nanoseconds, preset: Preset) {
        self.seed = seed
        self.duration = duration
        self.preset = preset
        host = HostConfiguration(
            ssid: Array("simulated".utf8), password: Array("open-sesame".utf8),
            broker: Array("broker.local".utf8))
        host.pacing = preset.hostPacing
        host.link.idlePause = preset.restsWhenIdle ? LinkConfiguration.idlePauseMax : .zero
        bridge = BridgeConfiguration()
        bridge.pacing = preset.bridgePacing
        application = ApplicationPlan(until: .zero + duration)
        faults = []
        brokerRefuses = false
        brokerInFlightMax = 20
        endsWhenQuiet = false
        keepsLedger = false
    }

    /// A world by seed in which many things go wrong, and that then has time to recover.
    ///
    /// Faults come for two minutes; behind them the world lasts until all is quiet, and no longer
    /// than ten minutes.
    public static func random(seed: UInt64, faultCount: Int = 6) -> Scenario {
        var random = SeededRandom(seed: seed, stream: 9)
        let faultsEnd = Timestamp.zero + .seconds(120)
        var scenario = Scenario(seed: seed, duration: .seconds(600), preset: .lab)
        scenario.application.end = faultsEnd
        scenario.endsWhenQuiet = true
        scenario.keepsLedger = true
        scenario.host.initialisation.cleanSession = random.once(in: 3)
        scenario.host.initialisation.responseTimeSeconds = UInt32(random.number(in: 3...10))
        scenario.host.initialisation.keepaliveSeconds = UInt16(random.number(in: 8...60))
        scenario.host.initialisation.usesDefaultNetwork = random.below(4) > 0
        scenario.host.link.watchdogTimeout = .seconds(Int64(random.number(in: 3...10)))
        if random.once(in: 3) {
            scenario.host.will = Publication(
                topic: Array("state/host".utf8), message: Array("gone".utf8),
                retain: Retain(random.once(in: 2)), qos: .atLeastOnce)
        }
        if random.once(in: 2) {
            scenario.host.pacing = HostPacing()
            scenario.bridge.pacing = BridgePacing()
        }
        scenario.application.subscribesEarly = random.once(in: 2)
        scenario.application.outsideBurstMax = random.once(in: 3) ? 40 : 3
        if random.once(in: 4) {
            // A flood: more messages at once than the bridge can hold.
            scenario.application.outsideBurstMax = 160
            scenario.brokerInFlightMax = 1_000
            scenario.bridge.waitingFramesMax = 48
            scenario.bridge.link.queueLimits = .init(
                frameCountMax: 16, characterCountMax: 8_192)
        }
        var script = FaultScript(seed: seed)
        scenario.faults = script.faults(
            count: random.number(in: 1...max(1, faultCount)), from: .zero + .seconds(4),
            to: faultsEnd)
        return scenario
    }
}
