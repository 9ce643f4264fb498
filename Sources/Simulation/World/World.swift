public import BridgeProtocol
public import HostProtocol
import LinkProtocol
public import Signals

/// Both ends of a link, its wires, Wi-Fi, a broker, a time server and an application, in a time of
/// their own.
///
///     var world = World(scenario)
///     while world.run(into: &stretch) { … }
///
/// A world knows no clock and leaves nothing to chance but what its seed decides: the same scenario
/// gives the same edges and the same records. It steps from one moment at which something happens to
/// the next. Machines are woken as in real life: by the other end's toggle after the time that an end
/// takes to notice it, by their deadlines, and by whatever comes from the application or the network.
/// Ref: Documentation/Simulation.md.
public struct World {
    /// What decides it.
    public let scenario: Scenario

    /// Its present moment.
    public internal(set) var now: Timestamp = .zero
    /// The host.
    public internal(set) var host: HostMachine
    /// The bridge.
    public internal(set) var bridge: BridgeMachine
    /// What was promised and what came of it; empty unless the scenario wants it.
    public internal(set) var ledger = WorldLedger()
    /// Everything is done, and everything runs.
    public internal(set) var isQuiet = false

    /// What is on the wires.
    var levels: LevelSet = .rest
    var stretch = WorldStretch()
    /// Edges of all stretches before this one.
    var edgesBefore: Int64 = 0

    /// When an end notices the other's last toggle.
    var hostWake: Timestamp = .never
    var bridgeWake: Timestamp = .never
    var hostDeadline: Timestamp = .never
    var bridgeDeadline: Timestamp = .never
    var brokerDeadline: Timestamp = .never
    var agenda = Agenda()
    var wireRandom: SeededRandom
    let hostResponse: ResponseTime
    let bridgeResponse: ResponseTime

    var power: BridgePower
    var network: NetworkState
    var application: ApplicationState
    /// The wire that a glitch holds at the wrong level.
    var glitch: Channel?
    var missesHostWake = false
    var missesBridgeWake = false

    /// A world at its first moment.
    public init(_ scenario: Scenario) {
        self.scenario = scenario
        host = HostMachine(configuration: scenario.host)
        bridge = BridgeMachine(configuration: scenario.bridge)
        wireRandom = SeededRandom(seed: scenario.seed, stream: 1)
        hostResponse = scenario.preset.hostResponse
        bridgeResponse = scenario.preset.bridgeResponse
        power = BridgePower(seed: scenario.seed)
        network = NetworkState(scenario)
        application = ApplicationState(scenario)
        ledger.sessionPersists = !scenario.host.initialisation.cleanSession
        begin()
    }

    /// The last moment.
    var end: Timestamp { .zero + scenario.duration }

    /// Lets time pass until a stretch of edges is full, and gives it; false when the world is over.
    public mutating func run(into stretch: inout WorldStretch) -> Bool {
        swap(&stretch, &self.stretch)
        self.stretch.restart(levels: levels)
        while self.stretch.edges.count < WorldStretch.edgesMax,
            self.stretch.records.count < WorldStretch.recordsMax
        {
            guard step() else { break }
        }
        edgesBefore += Int64(self.stretch.edges.count)
        swap(&stretch, &self.stretch)
        return !stretch.edges.isEmpty || !stretch.records.isEmpty
    }

    /// The next thing that happens; false when there is none before the end.
    private mutating func step() -> Bool {
        let machines = min(min(hostWake, bridgeWake), min(hostDeadline, bridgeDeadline))
        let next = min(machines, min(brokerDeadline, agenda.nextTime))
        if next > end || isQuiet {
            now = max(now, isQuiet ? now : end)
            return false
        }
        now = max(now, next)
        // What is due comes before levels, so that every firing is in the journal.
        if next == hostDeadline {
            fireHost()
        } else if next == bridgeDeadline {
            fireBridge()
        } else if next == hostWake {
            wakeHost()
        } else if next == bridgeWake {
            wakeBridge()
        } else if next == brokerDeadline {
            tellBroker(.timer)
        } else if let event = agenda.popFirst() {
            perform(event)
            if scenario.endsWhenQuiet { isQuiet = isAllDone }
        }
        return true
    }
}

/// A run of a world's edges with the records between them.
public struct WorldStretch: Sendable {
    /// The levels before the first edge.
    public internal(set) var levels: LevelSet = .rest
    /// The edges, in order.
    public internal(set) var edges: [Edge] = []
    /// The records, in order; their places count the edges of the whole world.
    public internal(set) var records: [JournalRecord] = []

    /// A stretch closes with so many edges, or a few more.
    static let edgesMax = 8_192
    /// A stretch closes with so many records, or a few more.
    static let recordsMax = 4_096

    /// An empty stretch, to be filled by ``World/run(into:)``.
    public init() {}

    mutating func restart(levels: LevelSet) {
        self.levels = levels
        edges.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }
}

/// Whether the bridge's processor runs.
struct BridgePower: Sendable {
    private var random: SeededRandom
    /// It has booted and was not reset since.
    var isOn = false
    /// It stands still, its wires as they are.
    var isFrozen = false
    /// Counts resets: what was meant for an earlier life is void.
    var life = 0
    var freezes = 0
    /// What came while it stood still.
    var missedInputs: [BridgeMachine.Input] = []
    /// How long the next boots take, and how many do.
    var slowBoot: (time: Nanoseconds, boots: Int)?

    init(seed: UInt64) { random = SeededRandom(seed: seed, stream: 5) }

    /// A time below a limit.
    mutating func spread(_ limit: Nanoseconds) -> Nanoseconds {
        Nanoseconds(Int64(random.below(Int(truncatingIfNeeded: limit.count))))
    }
}
