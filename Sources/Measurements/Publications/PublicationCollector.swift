import BridgeProtocol
public import Decoding
import LinkProtocol
import MQTTProtocol
import Signals

/// Feeds a ledger from the wires and from a journal, and counts what comes out of it.
///
/// Calls are those of the host's machine, if the journal has them, and else those of an application's
/// log: never both.
public struct PublicationCollector {
    private var ledger = PublicationLedger()
    private var facts = PublicationFacts()
    private var hasLog = false
    private var hasHost = false
    private var hasBridge = false
    private var hasArrivals = false
    private var isNetworkDown = false
    private var isConnectionLost = false
    private var isRunning = false
    private var latencies = [DistributionCollector](
        repeating: DistributionCollector(), count: keys.count)
    /// The publications that were judged; nil when nobody wants them.
    private var traces: [PublicationTrace]?

    private static let keys = PublicationFacts.Group.allCases.flatMap { group in
        PublicationHop.allCases.map { (group: group, hop: $0) }
    }

    /// - Parameter keepsTraces: keeps what is judged, for ``takeTraces()``.
    public init(keepsTraces: Bool = false) { if keepsTraces { traces = [] } }

    /// How many publications are on their way.
    var underWayCount: Int { ledger.underWayCount }

    // MARK: The wires

    /// Takes the next event of the link.
    public mutating func take(_ event: LinkEvent) {
        switch event {
        case .message(let message): take(message)
        case .reset(let reset):
            isRunning = false
            isNetworkDown = false
            isConnectionLost = false
            step(.reset(at: reset.start), reset.session)
            step(.service(isUp: false), reset.session)
        case .joined:
            isRunning = true
            step(.service(isUp: true), 0)
        case .running(let running):
            isRunning = true
            isConnectionLost = false
            step(.service(isUp: isServing), running.session)
        case .gap(_, let session): step(.edgesMissing, session)
        default: break
        }
    }

    private mutating func take(_ message: DecodedMessage) {
        let (frame, session) = (message.frame, message.frame.session)
        switch message.content {
        case .host(.publish(let publication)):
            step(
                .crossed(
                    PublicationContent(publication), isRetained: publication.retain.isSet,
                    firstBit: frame.start, frameEnd: frame.end), session)
        case .bridge(.status(.publicationOK)):
            guard let request = message.request, !request.isDoubtful else { return }
            step(.acknowledged(firstBit: request.start, at: frame.end), session)
        case .bridge(.status(.wifiDown)):
            isNetworkDown = true
            step(.service(isUp: false), session)
        case .bridge(.status(.wifiUp)):
            isNetworkDown = false
            step(.service(isUp: isServing), session)
        default: break
        }
    }

    private var isServing: Bool { isRunning && !isNetworkDown && !isConnectionLost }

    // MARK: The journal

    /// Takes the next event of the journal, between the events of the link where its place is.
    public mutating func take(_ event: JournalEvent, session: Int) {
        switch event.content {
        case .application(let object, let isFromLog):
            if isFromLog { facts.log.entryCount += 1 }
            if isFromLog && hasHost { return }
            if isFromLog { hasLog = true } else { hasHost = true }
            take(ApplicationEvent(object), at: event.time, session)
        case .packet(.packet(let packet), let sender, let acknowledged):
            hasBridge = true
            take(packet, from: sender, acknowledged, at: event.time, session)
        case .bridge(let happening):
            hasBridge = true
            take(happening, session)
        case .arrived(let topic, let message, let qos, _):
            hasArrivals = true
            guard let qos = QualityOfService(rawValue: qos) else { return }
            step(
                .arrived(
                    PublicationContent(topic: topic, message: message, qos: qos), at: event.time),
                session)
        case .fault, .faultEnded: hasArrivals = true
        case .marker: break
        case .packet(.oversized, _, _), .notMQTT: hasBridge = true
        case .damaged: break
        }
    }

    private mutating func take(_ event: ApplicationEvent, at time: Timestamp, _ session: Int) {
        switch event {
        case .called(let call):
            guard let publication = call.publication else { return }
            step(
                .called(
                    PublicationContent(publication), isRetained: publication.retain.isSet,
                    id: call.id, at: time), session)
        case .returned(let back):
            if let operation = back.operation, operation != ApplicationEvent.publishOperation {
                return
            }
            step(.returned(id: back.id, back.outcome, at: time), session)
        case .status, .message, .other: break
        }
    }

    private mutating func take(
        _ packet: MQTTPacket, from sender: MQTTSender, _ acknowledged: MQTTPublish?,
        at time: Timestamp, _ session: Int
    ) {
        switch packet {
        case .publish(let publish) where sender == .client:
            guard let content = PublicationContent(publish) else { return }
            step(.sentToBroker(content, isDuplicate: publish.isDuplicate, at: time), session)
        case .publishAcknowledgement where sender == .server:
            guard let content = acknowledged.flatMap(PublicationContent.init) else { return }
            step(.acknowledgedByBroker(content, at: time), session)
        default: break
        }
    }

    private mutating func take(_ happening: JournalEvent.BridgeHappening, _ session: Int) {
        switch happening {
        case .event(.connectionLost): isConnectionLost = true
        case .event(.connected), .booted: isConnectionLost = false
        default: return
        }
        step(.service(isUp: isServing), session)
    }

    private mutating func step(_ event: PublicationEvent, _ session: Int) {
        ledger.take(event, session: session)
        settle()
    }

    // MARK: Results

    private mutating func settle() {
        for trace in ledger.takeFinished() {
            count(trace)
            traces?.append(trace)
        }
    }

    private mutating func count(_ trace: PublicationTrace) {
        if trace.called == nil {
            facts.withoutCall += 1
            // Beside calls it is somebody else's; without any, all that there is.
            if hasLog || hasHost { return }
        }
        if trace.called != nil { facts.called += 1 }
        if trace.returned != nil { facts.returned += 1 }
        if trace.frameCount > 0 { facts.crossed += 1 }
        if trace.frameCount > 1 { facts.repeated.append(trace) }
        if trace.sentCount > 0 { facts.sent += 1 }
        if trace.sentCount > 1 { facts.sentAgain.append(trace) }
        if trace.arrivalCount > 0 { facts.arrived += 1 }
        if trace.arrivalCount > 1 { facts.arrivedAgain.append(trace) }
        if trace.isReportedDone, !trace.isDoubtful, trace.arrivalCount == 0 {
            facts.notArrived.append(trace)
        }
        switch trace.fate {
        case .acknowledged: facts.acknowledged += 1
        case .lost: facts.lost.append(trace)
        case .waiting: facts.waiting.append(trace)
        case .doubtful: facts.doubtful += 1
        case .refused: facts.refused += 1
        case .unconfirmed: facts.unconfirmed += 1
        case .unacknowledged: break
        }
        for hop in PublicationHop.allCases {
            guard let span = trace[hop] else { continue }
            if span < .zero { facts.contradictions += 1 }
        }
        for (place, key) in Self.keys.enumerated() where key.group.holds(trace) {
            if let span = trace[key.hop] { latencies[place].add(span) }
        }
    }

    /// Judges what is open; nothing may follow.
    public mutating func finish() {
        ledger.finish()
        settle()
    }

    /// The publications that were judged since the last call, if they are kept.
    public mutating func takeTraces() -> [PublicationTrace] {
        defer { traces = traces.map { _ in [] } }
        return traces ?? []
    }

    /// The figures; nil when neither an application nor a machine told anything.
    func publicationFacts(
        log: ApplicationLogFacts, valueUncertainty: Nanoseconds?
    ) -> PublicationFacts? {
        guard hasLog || hasHost || hasBridge else { return nil }
        var facts = facts
        facts.source = hasHost ? .host : hasLog ? .log : .bridge
        // Where no arrival is ever told, a missing one tells nothing.
        if !hasArrivals {
            facts.notArrived = BoundedList(limit: PublicationFacts.listedMax)
        }
        facts.log = log
        facts.log.entryCount = self.facts.log.entryCount
        facts.rows = zip(Self.keys, latencies).map { key, latencies in
            .init(
                group: key.group, hop: key.hop,
                latency: latencies.distribution(valueUncertainty: valueUncertainty))
        }
        return facts
    }
}
