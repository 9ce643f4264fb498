import BridgeProtocol
import HostProtocol
import LinkProtocol
import MQTTProtocol
import Signals

/// What was promised in a world, and what came of it.
///
/// Every publication and every message from outside has content of its own, by which it is known.
/// Ref: Documentation/Simulation.md, What must hold.
public struct WorldLedger: Sendable {
    struct CalledPublication: Sendable {
        var id: Int
        var message: [UInt8]
        var qos: QualityOfService
        var calledAt: Timestamp
        var result: HostResult?
        var returnedAt: Timestamp = .never
        var arrivals: [Arrival] = []
    }

    struct Arrival: Sendable {
        var time: Timestamp
        var isDuplicate: Bool
        /// The connection that brought it; nil for a will.
        var connection: Int?
    }

    /// A wire had the wrong level: nothing on this link notices a character that was changed. On a
    /// clock, one bit too many or too few shifts all that follow, up to the next reset: in steady
    /// traffic the shifted characters can be a frame without an end.
    struct Glitch: Sendable {
        var start: Timestamp
        var end: Timestamp
        var isOnClock: Bool
    }

    struct OutsideMessage: Sendable {
        var message: [UInt8]
        var sentAt: Timestamp
        /// A persistent session with the subscription existed when the broker took it, and still
        /// does: it must arrive.
        var isOwed: Bool
        var deliveries = 0
    }

    /// A message that was sent so late in a world that does not end by being quiet may still come.
    static let undecidedSpan = Nanoseconds.seconds(60)

    private(set) var publications: [CalledPublication] = []
    private(set) var messages: [OutsideMessage] = []
    private var publicationPlaces: [[UInt8]: Int] = [:]
    private var messagePlaces: [[UInt8]: Int] = [:]
    /// Moments at which the bridge lost its power, or its connection to the broker.
    private(set) var restarts: [Timestamp] = []
    private(set) var reconnections: [Timestamp] = []
    /// Moments at which the network broke a connection, whether or not the bridge lived to see it.
    private(set) var breaks: [Timestamp] = []
    /// Where a character may have been changed on the wires.
    private(set) var glitches: [Glitch] = []
    /// The broker knows the subscription, and the session is one that it keeps.
    private var isSubscribed = false
    /// Messages that a broker or a clean session forgot, and owes nobody.
    private(set) var forgottenCount = 0
    /// Whether the session at the broker outlives connections.
    var sessionPersists = false

    // MARK: Entries

    mutating func called(
        _ id: Int, _ message: [UInt8], qos: QualityOfService, at now: Timestamp, if isKept: Bool
    ) {
        guard isKept else { return }
        publicationPlaces[message] = publications.count
        publications.append(.init(id: id, message: message, qos: qos, calledAt: now))
    }

    mutating func returned(_ id: Int, _ result: HostResult, at now: Timestamp, if isKept: Bool) {
        guard isKept, let place = publications.lastIndex(where: { $0.id == id }) else { return }
        publications[place].result = result
        publications[place].returnedAt = now
    }

    mutating func take(_ arrival: BrokerArrival, at now: Timestamp, if isKept: Bool) {
        guard isKept, let place = publicationPlaces[arrival.message] else { return }
        publications[place].arrivals.append(
            Arrival(
                time: now, isDuplicate: arrival.isDuplicate, connection: arrival.connection))
    }

    mutating func sentFromOutside(
        _ message: [UInt8], qos: MQTTQualityOfService, at now: Timestamp, if isKept: Bool
    ) {
        guard isKept else { return }
        messagePlaces[message] = messages.count
        messages.append(
            .init(
                message: message, sentAt: now,
                isOwed: isSubscribed && sessionPersists && qos == .atLeastOnce))
    }

    mutating func delivered(
        _ message: [UInt8], isSubscribed: Bool, at now: Timestamp, if isKept: Bool
    ) {
        guard isKept, isSubscribed, let place = messagePlaces[message] else { return }
        messages[place].deliveries += 1
    }

    mutating func take(_ event: BridgeEvent, at now: Timestamp, if isKept: Bool) {
        guard isKept else { return }
        switch event {
        case .subscribed(_, granted: .some): isSubscribed = true
        case .connected(let sessionPresent):
            // A session that is gone took the subscription and all that waited with it.
            if !sessionPresent { isSubscribed = false }
        case .connectionLost: reconnections.append(now)
        default: break
        }
    }

    mutating func connectionBroke(at now: Timestamp, if isKept: Bool) {
        if isKept { breaks.append(now) }
    }

    mutating func glitched(_ channel: Channel, from start: Timestamp, to end: Timestamp) {
        let isOnClock = channel == .sckout || channel == .sckin
        glitches.append(
            Glitch(start: start, end: isOnClock ? .never : end, isOnClock: isOnClock))
    }

    mutating func bridgeStops(at now: Timestamp) {
        restarts.append(now)
        for place in glitches.indices where glitches[place].end == .never {
            glitches[place].end = now
        }
    }

    /// The broker has lost its sessions, and with them what waited.
    mutating func brokerForgets(at now: Timestamp) {
        isSubscribed = false
        for place in messages.indices where messages[place].isOwed {
            if messages[place].deliveries == 0 {
                messages[place].isOwed = false
                forgottenCount += 1
            }
        }
    }

    /// Figures of a world, for a campaign's summary.
    public var summary: Summary {
        var summary = Summary()
        summary.publications = publications.count
        summary.publicationsWithQoS1 = publications.count { $0.qos == .atLeastOnce }
        summary.arrivedTwice = publications.count { $0.arrivals.count > 1 }
        summary.messagesFromOutside = messages.count
        summary.messagesOwed = messages.count { $0.isOwed }
        summary.restarts = restarts.count
        summary.reconnections = reconnections.count
        summary.messagesDelivered = messages.count { $0.deliveries > 0 }
        summary.publicationsMissed = publications.count {
            if case .refused? = $0.result { false } else { $0.arrivals.isEmpty }
        }
        summary.glitched =
            publications.count {
                $0.qos == .atLeastOnce && $0.result == .done && $0.arrivals.isEmpty
            }
            + messages.count { $0.isOwed && $0.deliveries == 0 }
        return summary
    }

    /// Figures of a world.
    public struct Summary: Sendable {
        /// Nothing happened.
        public init() {}

        /// Publications that were called for.
        public var publications = 0
        /// Those with qos 1.
        public var publicationsWithQoS1 = 0
        /// Publications that arrived more than once, all of them with a reason.
        public var arrivedTwice = 0
        /// Messages from other clients.
        public var messagesFromOutside = 0
        /// Those that reached it.
        public var messagesDelivered = 0
        /// Publications that never arrived at the broker: with qos 0, refused ones left out.
        public var publicationsMissed = 0
        /// Those that a persistent session owed the host.
        public var messagesOwed = 0
        /// Times that the bridge lost its power.
        public var restarts = 0
        /// What was lost although it was owed: none, but for what glitches changed.
        public var glitched = 0
        /// Times that it lost its connection.
        public var reconnections = 0
    }
}

extension World {
    /// What does not hold, in words; empty when all does. The world must be over.
    ///
    /// * No publication with qos 1 that the host accepted is lost, unless a glitch can have changed
    ///   one of its characters: the link has no check of them.
    /// * None arrives twice without the DUP flag, unless over another connection or with a restart
    ///   of the bridge in between.
    /// * No call is stuck.
    /// * Messages with qos 1 that a persistent session owes the host arrive at least once.
    /// * At the end everything runs, and a message from outside comes through.
    public func violations() -> [String] {
        var violations: [String] = []
        for publication in ledger.publications { check(publication, &violations) }
        var glitches = ledger.glitches[...]
        for message in ledger.messages where message.isOwed && message.deliveries == 0 {
            // What a world that ends in the middle was about to deliver is not lost.
            if !isQuiet, message.sentAt > now - WorldLedger.undecidedSpan { continue }
            // A glitch can have changed one message that was sent before its end, on a clock any.
            if let place = glitches.firstIndex(where: { message.sentAt <= $0.end }) {
                if !glitches[place].isOnClock { glitches.remove(at: place) }
                continue
            }
            violations.append(
                "message \(Self.words(message.message)) with qos 1, sent at "
                    + "\(Self.seconds(message.sentAt)) s to a session that persists, never reached "
                    + "the host")
        }
        if scenario.endsWhenQuiet, !isQuiet {
            violations.append(
                "after \(Self.seconds(now)) s the world does not run: host "
                    + (host.isRunning ? "running" : "not running") + ", network "
                    + (host.isNetworkUp ? "up" : "down") + ", broker "
                    + (bridge.isBrokerConnected ? "connected" : "not connected")
                    + ", \(application.openCalls.count) calls open, last probe "
                    + (application.probeHasArrived ? "arrived" : "not arrived"))
        }
        return violations
    }

    /// Whatever is open for longer is stuck: longer than any bridge needs to come back.
    private static var patience: Nanoseconds { .seconds(600) }

    /// The calls that have not returned.
    public var openCallCount: Int { application.openCalls.count }

    private func check(
        _ publication: WorldLedger.CalledPublication, _ violations: inout [String]
    ) {
        let name =
            "publication \(Self.words(publication.message)) with qos "
            + "\(publication.qos.rawValue), called at \(Self.seconds(publication.calledAt)) s,"
        switch publication.result {
        case nil:
            if scenario.endsWhenQuiet || now - publication.calledAt > Self.patience {
                violations.append(name + " never returned")
            }
            return
        case .refused: return
        case .done, .unconfirmed, .time, .memory: break
        }
        let isGlitched = ledger.glitches.contains {
            publication.calledAt <= $0.end && $0.start <= publication.returnedAt
        }
        if publication.qos == .atLeastOnce, publication.arrivals.isEmpty, !isGlitched {
            violations.append(name + " returned and never arrived at the broker")
        }
        var last: WorldLedger.Arrival?
        for arrival in publication.arrivals {
            if let before = last, !arrival.isDuplicate,
                before.connection == arrival.connection,
                !isInterrupted(from: before.time, to: arrival.time)
            {
                violations.append(
                    name + " arrived again at \(Self.seconds(arrival.time)) s without DUP, restart "
                        + "or reconnection")
            }
            last = arrival
        }
    }

    private func isInterrupted(from start: Timestamp, to end: Timestamp) -> Bool {
        ledger.restarts.contains { start <= $0 && $0 <= end }
            || ledger.reconnections.contains { start <= $0 && $0 <= end }
            || ledger.breaks.contains { start <= $0 && $0 <= end }
    }

    private static func words(_ message: [UInt8]) -> String {
        "\"\(String(decoding: message, as: UTF8.self))\""
    }

    private static func seconds(_ time: Timestamp) -> String {
        let milliseconds = time.nanoseconds / 1_000_000
        let fraction = String(milliseconds % 1_000 + 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction)"
    }
}
