import Decoding
import LinkProtocol
import Signals

/// Keeps account of every request until its answer comes or its session ends.
///
/// Which answer belongs to which request is the decoder's finding. The ledger adds what it cannot
/// say: that a gap may have swallowed an answer, and what never got one.
struct RequestLedger {
    /// Requests that wait beyond this are given up, oldest first.
    static let waitingMax = 1_024

    private struct Entry {
        var kind: DecodedMessage.Request.Kind
        var start: Timestamp
        var phase: SendingPhase
        var isDoubtful = false
    }

    private var waiting: [Entry] = []
    private var publish = RequestOutcomes()
    private var time = RequestOutcomes()
    private var memory = RequestOutcomes()
    private var publishLatencies = [DistributionCollector](
        repeating: DistributionCollector(), count: rowKeys.count)
    private var timeLatency = DistributionCollector()
    private var memoryLatency = DistributionCollector()

    private static let rowKeys: [(phase: SendingPhase, qos: QualityOfService)] =
        SendingPhase.allCases.flatMap { phase in
            QualityOfService.allCases.map { (phase, $0) }
        }

    // MARK: Events

    mutating func take(_ message: DecodedMessage, phase: SendingPhase) {
        switch message.content {
        case .host(.publish(let publication)):
            open(.publish(publication.qos), message, phase)
        case .host(.timeRequest): open(.time, message, phase)
        case .host(.memoryRequest): open(.memory, message, phase)
        case .bridge(.status(.publicationOK)):
            close(message, of: .publish(.atMostOnce))
        case .bridge(.time): close(message, of: .time)
        case .bridge(.memory): close(message, of: .memory)
        default: break
        }
    }

    /// Edges are missing: an answer, or a request, may be among them.
    mutating func takeGap() {
        for index in waiting.indices { waiting[index].isDoubtful = true }
    }

    /// The session is over, and nobody will answer any more.
    mutating func endSession() {
        for entry in waiting {
            self[entry.kind].unanswered += entry.isDoubtful ? 0 : 1
            self[entry.kind].doubtful += entry.isDoubtful ? 1 : 0
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// The capture is over.
    mutating func endCapture() {
        for entry in waiting {
            self[entry.kind].open += entry.isDoubtful ? 0 : 1
            self[entry.kind].doubtful += entry.isDoubtful ? 1 : 0
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func open(
        _ kind: DecodedMessage.Request.Kind, _ message: DecodedMessage, _ phase: SendingPhase
    ) {
        self[kind].sent += 1
        if waiting.count == Self.waitingMax {
            self[waiting[0].kind].doubtful += 1
            waiting.removeFirst()
        }
        waiting.append(Entry(kind: kind, start: message.frame.start, phase: phase))
    }

    private mutating func close(
        _ answer: DecodedMessage, of kind: DecodedMessage.Request.Kind
    ) {
        guard let request = answer.request,
            let index = waiting.firstIndex(where: {
                $0.kind == request.kind && $0.start == request.start
            })
        else {
            self[kind].answersWithoutRequest += 1
            return
        }
        let entry = waiting.remove(at: index)
        guard let latency = answer.latency else {
            self[request.kind].doubtful += 1
            return
        }
        self[kind].answered += 1
        switch request.kind {
        case .publish(let qos):
            if let row = Self.rowKeys.firstIndex(where: { $0 == (entry.phase, qos) }) {
                publishLatencies[row].add(latency)
            }
        case .time: timeLatency.add(latency)
        case .memory: memoryLatency.add(latency)
        }
    }

    private subscript(kind: DecodedMessage.Request.Kind) -> RequestOutcomes {
        get {
            switch kind {
            case .publish: publish
            case .time: time
            case .memory: memory
            }
        }
        set {
            switch kind {
            case .publish: publish = newValue
            case .time: time = newValue
            case .memory: memory = newValue
            }
        }
    }

    // MARK: Results

    func publishFacts(valueUncertainty: Nanoseconds?) -> PublishFacts {
        PublishFacts(
            outcomes: publish,
            rows: zip(Self.rowKeys, publishLatencies).map { key, latencies in
                .init(
                    qos: key.qos, phase: key.phase,
                    latency: latencies.distribution(valueUncertainty: valueUncertainty))
            })
    }

    func timeFacts(valueUncertainty: Nanoseconds?) -> RequestFacts {
        RequestFacts(
            outcomes: time, latency: timeLatency.distribution(valueUncertainty: valueUncertainty))
    }

    func memoryFacts(valueUncertainty: Nanoseconds?) -> RequestFacts {
        RequestFacts(
            outcomes: memory,
            latency: memoryLatency.distribution(valueUncertainty: valueUncertainty))
    }
}
