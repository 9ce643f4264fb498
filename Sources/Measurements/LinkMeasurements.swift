public import Decoding
public import Signals

/// Link events become figures, in one pass and bounded memory.
///
///     var measurements = LinkMeasurements()
///     for event in decoder.takeEvents() { measurements.handle(event) }
///     …
///     let report = measurements.finish(wires: decoder.wires, captureStart: …, captureEnd: …)
///
/// Events must come from one decoder, all of them and in its order.
public struct LinkMeasurements {
    private var traffic = TrafficCollector()
    private var requests = RequestLedger()
    private var sessions = SessionCollector()
    private var publications = PublicationCollector()
    private var interruptions = InterruptionCollector()
    private var deliveries = DeliveryCollector()
    private var journal = JournalFacts()
    private var gaps = BoundedList<CaptureFacts.GapPlace>(limit: CaptureFacts.gapsListedMax)
    private var timeInGaps = TimeUnion()

    /// Nothing measured.
    public init() {}

    /// Takes the next event.
    public mutating func handle(_ event: LinkEvent) {
        publications.take(event)
        interruptions.take(event, underWay: publications.underWayCount)
        deliveries.take(event)
        switch event {
        case .message(let message):
            enter(message.frame.session, at: nil)
            traffic.add(message)
            sessions.take(message)
            requests.take(message, phase: phase(of: message))
        case .reset(let reset):
            enter(reset.session, at: reset.start)
            sessions.take(reset)
        case .synchronised(let synchronisation):
            enter(synchronisation.session, at: nil)
            sessions.take(synchronisation)
        case .running(let running): sessions.take(running)
        case .watchdog(let watchdog): sessions.take(watchdog)
        case .gap(let gap, let session):
            enter(session, at: nil)
            gaps.append(.init(gap: gap, session: session))
            timeInGaps.add(from: gap.start, to: gap.end)
            sessions.takeGap()
            requests.takeGap()
        case .traffic(let interval): traffic.add(interval)
        case .stopped, .joined, .notSynchronised, .aligned: break
        }
    }

    /// Takes what the journal tells at a moment, between the events where it belongs.
    ///
    /// - Parameter session: the session of that moment.
    public mutating func handle(_ event: JournalEvent, session: Int) {
        switch event.content {
        case .application(_, isFromLog: true), .marker: break
        case .application: journal.hasHost = true
        case .packet, .notMQTT, .bridge: journal.hasBridge = true
        case .fault:
            journal.hasSurroundings = true
            journal.faultCount += 1
        case .faultEnded, .arrived: journal.hasSurroundings = true
        case .damaged: journal.damagedCount += 1
        }
        publications.take(event, session: session)
        interruptions.take(event, underWay: publications.underWayCount)
        deliveries.take(event)
    }

    private mutating func enter(_ session: Int, at time: Timestamp?) {
        if sessions.enter(session, at: time) { requests.endSession() }
    }

    private func phase(of message: DecodedMessage) -> SendingPhase {
        if message.isBeforeRunning { return .beforeRunning }
        return sessions.isNetworkDown ? .duringOutage : .whileRunning
    }

    /// The figures; no event may follow.
    ///
    /// - Parameters:
    ///   - wires: the decoder that gave the events, after its end.
    ///   - captureStart: the begin of the capture; rates and shares count from here.
    ///   - captureEnd: the end of the capture.
    ///   - stamps: what is known of the time stamps.
    ///   - completeness: what is claimed outside of gaps.
    ///   - log: where the application's log comes from, if there was one.
    public consuming func finish(
        wires: WireDecoder, captureStart: Timestamp, captureEnd: Timestamp,
        stamps: StampFacts = StampFacts(), completeness: Completeness = .consistent,
        log: ApplicationLogFacts = ApplicationLogFacts()
    ) -> LinkReport {
        let uncertainty = stamps.spanUncertainty
        requests.endCapture()
        publications.finish()
        let sessionList = sessions.finish()
        return LinkReport(
            capture: CaptureFacts(
                edgeCount: wires.edgeCount, start: captureStart, end: captureEnd, stamps: stamps,
                completeness: completeness, gaps: gaps, timeInGaps: timeInGaps.total),
            traffic: traffic.traffic(
                duration: captureEnd - captureStart, valueUncertainty: uncertainty),
            publish: requests.publishFacts(valueUncertainty: uncertainty),
            time: requests.timeFacts(valueUncertainty: uncertainty),
            memory: requests.memoryFacts(valueUncertainty: uncertainty),
            hostTurnRound: TurnRounds(wires.hostTurnRound, valueUncertainty: uncertainty),
            bridgeTurnRound: TurnRounds(wires.bridgeTurnRound, valueUncertainty: uncertainty),
            sessions: sessionList, resets: sessions.resetCounts,
            startUp: sessions.startUp(uncertainty), watchdog: sessions.watchdog(uncertainty),
            outages: sessions.outages(uncertainty),
            publications: publications.publicationFacts(log: log, valueUncertainty: uncertainty),
            journal: journal.isThere ? journal : nil,
            interruptions: journal.isThere
                ? interruptions.finish(valueUncertainty: uncertainty) : nil,
            delivery: journal.hasBridge
                ? deliveries.latency(valueUncertainty: uncertainty) : nil)
    }
}
