public import Signals

/// Something that goes wrong.
public struct Fault: Hashable, Sendable {
    /// When it begins.
    public var time: Timestamp
    /// What it is.
    public var kind: Kind

    /// A fault at a moment.
    public init(at time: Timestamp, _ kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// What goes wrong.
    public enum Kind: Hashable, Sendable {
        /// The bridge stands still, with its wires as they are; for ever if that is longer than the
        /// host's watchdog waits.
        case freeze(Nanoseconds)
        /// The bridge's program dies and its wires fall; the host's watchdog finds out.
        case crash
        /// From the next reset on, so many boots take this long.
        case slowBoot(Nanoseconds, boots: Int)
        /// The network is out of range.
        case wifiOutage(Nanoseconds)
        /// The broker is down: it refuses connections, and forgets nothing.
        case brokerDown(Nanoseconds)
        /// The broker is restarted at once; what it knew is kept or lost.
        case brokerRestart(keepsSessions: Bool)
        /// The connection to the broker breaks, and what is under way is lost.
        case connectionLoss
        /// The connection stands still for a while; nothing is lost.
        case delay(Nanoseconds)
        /// The bytes that arrive next at the broker arrive twice, and then the connection breaks.
        case repeatedBytes
        /// A wire has the wrong level for a moment.
        case glitch(Channel, Nanoseconds)
        /// An end does not notice the other's next clock edge.
        case missedEdge(LinkEnd)

        /// What it is, without its measure.
        public var faultName: FaultName {
            switch self {
            case .freeze: .freeze
            case .crash: .crash
            case .slowBoot: .slowBoot
            case .wifiOutage: .wifiOutage
            case .brokerDown: .brokerDown
            case .brokerRestart(keepsSessions: true): .brokerRestart
            case .brokerRestart(keepsSessions: false): .brokerForgets
            case .connectionLoss: .connectionLoss
            case .delay: .delay
            case .repeatedBytes: .repeatedBytes
            case .glitch: .glitch
            case .missedEdge: .missedEdge
            }
        }

        /// The fault's name in options, files and reports.
        public var name: String { "\(faultName.name)" }
    }

    /// Every name that a kind of fault can have.
    public static let names = FaultName.allCases.map { "\($0.name)" }

    /// The names of those that last.
    public static let namesWithLength = FaultName.allCases.filter(\.lasts).map { "\($0.name)" }

    /// The fault with a name; nil if there is none, or if it has no length and one was given.
    ///
    /// - Parameter length: how long it lasts; nil for the usual measure: long enough that somebody
    ///   must act on it.
    public static func kind(named name: String, lasting length: Nanoseconds? = nil) -> Kind? {
        guard let fault = FaultName.allCases.first(where: { "\($0.name)" == name }),
            length == nil || fault.lasts
        else { return nil }
        return switch fault {
        case .freeze: .freeze(length ?? .seconds(3_600))
        case .crash: .crash
        case .slowBoot: .slowBoot(length ?? .seconds(14), boots: 2)
        case .wifiOutage: .wifiOutage(length ?? .seconds(12))
        case .brokerDown: .brokerDown(length ?? .seconds(10))
        case .brokerRestart: .brokerRestart(keepsSessions: true)
        case .brokerForgets: .brokerRestart(keepsSessions: false)
        case .connectionLoss: .connectionLoss
        case .delay: .delay(length ?? .seconds(4))
        case .repeatedBytes: .repeatedBytes
        case .glitch: .glitch(.srx, length ?? .milliseconds(3))
        case .missedEdge: .missedEdge(.bridge)
        }
    }
}

/// The end of a fault that lasts.
enum FaultEnd: Sendable {
    case freeze(generation: Int)
    case wifiOutage
    case brokerDown
    case delay
    case glitch(Channel)
}

/// Faults by seed: when, and which.
struct FaultScript: Sendable {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed, stream: 3) }

    /// So many faults of any kind between two moments, in order of time.
    mutating func faults(count: Int, from start: Timestamp, to end: Timestamp) -> [Fault] {
        let span = max(1, Int(truncatingIfNeeded: (end - start).count / 1_000_000))
        var faults: [Fault] = []
        for _ in 0..<count {
            let time = start + Nanoseconds.milliseconds(Int64(random.below(span)))
            faults.append(Fault(at: time, kind()))
        }
        return faults.sorted { $0.time < $1.time }
    }

    private mutating func kind() -> Fault.Kind {
        switch random.below(13) {
        case 0: .freeze(.milliseconds(Int64(random.number(in: 20...30_000))))
        case 1: .freeze(.seconds(3_600))
        case 2: .crash
        case 3:
            .slowBoot(
                .milliseconds(Int64(random.number(in: 500...14_000))),
                boots: random.number(in: 1...2))
        case 4: .wifiOutage(.milliseconds(Int64(random.number(in: 100...40_000))))
        case 5: .brokerDown(.milliseconds(Int64(random.number(in: 100...30_000))))
        case 6: .brokerRestart(keepsSessions: true)
        case 7: .brokerRestart(keepsSessions: false)
        case 8: .connectionLoss
        case 9: .delay(.milliseconds(Int64(random.number(in: 100...20_000))))
        case 10: .repeatedBytes
        case 11:
            .glitch(
                [Channel.stx, .sckout, .srx, .sckin][random.below(4)],
                .microseconds(Int64(random.number(in: 1...3_000))))
        default: .missedEdge(random.below(2) == 0 ? .host : .bridge)
        }
    }
}
