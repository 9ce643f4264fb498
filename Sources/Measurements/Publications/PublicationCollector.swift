public import Decoding
import LinkProtocol
public import Signals

/// Feeds a ledger from the wires and from an application's log, and counts what comes out of it.
public struct PublicationCollector {
    private var ledger = PublicationLedger()
    private var facts = PublicationFacts()
    private var hasLog = false
    private var isNetworkDown = false
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

    // MARK: Steps

    /// Takes the next event of the link.
    public mutating func take(_ event: LinkEvent) {
        switch event {
        case .message(let message): take(message)
        case .reset(let reset):
            isRunning = false
            isNetworkDown = false
            step(.reset(at: reset.start), reset.session)
            step(.service(isUp: false), reset.session)
        case .joined:
            isRunning = true
            step(.service(isUp: true), 0)
        case .running(let running):
            isRunning = true
            step(.service(isUp: !isNetworkDown), running.session)
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
            step(.service(isUp: isRunning), session)
        default: break
        }
    }

    /// Takes the next entry of the application's log, between the events where its time is.
    public mutating func take(_ event: ApplicationEvent, at time: Timestamp, session: Int) {
        hasLog = true
        facts.log.entryCount += 1
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
            step(.returned(id: back.id, at: time), session)
        case .status, .message, .other: break
        }
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
        guard trace.called != nil else {
            facts.withoutCall += 1
            return
        }
        facts.called += 1
        if trace.returned != nil { facts.returned += 1 }
        if trace.frameCount > 0 { facts.crossed += 1 }
        if trace.frameCount > 1 { facts.repeated.append(trace) }
        switch trace.fate {
        case .acknowledged: facts.acknowledged += 1
        case .lost: facts.lost.append(trace)
        case .waiting: facts.waiting.append(trace)
        case .doubtful: facts.doubtful += 1
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

    /// The figures; nil when no application told anything.
    func publicationFacts(
        log: ApplicationLogFacts, valueUncertainty: Nanoseconds?
    ) -> PublicationFacts? {
        guard hasLog else { return nil }
        var facts = facts
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
