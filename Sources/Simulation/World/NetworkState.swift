import MQTTProtocol
import Signals

/// Wi-Fi, the way to the broker, the broker, and the internet.
struct NetworkState: Sendable {
    /// Wi-Fi is in range.
    var isInRange = true
    var outagesUnderWay = 0
    /// Counts searches of the bridge for a network; an older one's outcome is void.
    var search = 0
    /// The bridge looks for a network.
    var isSearching = false
    /// The bridge is on the network.
    var isAssociated = false

    /// The broker's process.
    var broker: SimulatedBroker
    var brokerIsUp = true
    var brokerDownsUnderWay = 0

    /// The bridge's present connection; 0 when it has none.
    var connection = 0
    var connectionsMade = 0
    /// Both ends know of the connection.
    var isOpen = false
    /// The broker knows of the connection.
    var brokerKnows = false
    /// The bridge reads from its socket.
    var isReading = true
    /// What has arrived at a bridge that does not read.
    var heldBytes: [[UInt8]] = []
    /// Bytes keep their order: when the last ones arrive.
    var toBrokerFree: Timestamp = .zero
    var toBridgeFree: Timestamp = .zero
    /// The next bytes to the broker arrive twice.
    var repeatsNextBytes = false

    var random: SeededRandom
    /// The broker sees at once when a bridge loses its power, as it does of a killed process.
    let showsKilledClient: Bool
    let associationTimeMax: Nanoseconds
    let latencyMicroseconds: ClosedRange<Int>

    init(_ scenario: Scenario) {
        var configuration = SimulatedBroker.Configuration()
        configuration.refuses = scenario.brokerRefuses ? .badUserOrPassword : nil
        configuration.inFlightMax = scenario.brokerInFlightMax
        broker = SimulatedBroker(configuration: configuration)
        random = SeededRandom(seed: scenario.seed, stream: 2)
        showsKilledClient = scenario.preset != .hardware
        latencyMicroseconds = scenario.preset.networkLatencyMicroseconds
        associationTimeMax = scenario.preset == .hardware ? .seconds(3) : .milliseconds(20)
    }

    /// One way through the network.
    mutating func latency() -> Nanoseconds {
        .microseconds(Int64(random.number(in: latencyMicroseconds)))
    }

    /// From a search to its success, when the network is in range.
    mutating func associationTime() -> Nanoseconds {
        Nanoseconds(
            associationTimeMax.count / 2
                + Int64(random.below(Int(truncatingIfNeeded: associationTimeMax.count / 2))))
    }
}
