import Decoding
import LinkProtocol
import Signals

/// Follows the sessions of a capture.
struct SessionCollector {
    /// Sessions that are listed one by one.
    static let sessionsListedMax = 256
    /// Topics that are remembered to tell a renewed subscription from a new one.
    static let topicsMax = 1_024
    /// The statuses of a start-up, in the order of the protocol's description.
    static let startUpStatuses: [Status] = [
        .defaultNetwork, .specifiedNetwork, .brokerCheck, .brokerOK, .running, .wifiUp,
        .brokerFail, .wifiDown, .unknown,
    ]

    private(set) var current = SessionSummary(number: 0)
    private(set) var isNetworkDown = false
    private var sessions = BoundedList<SessionSummary>(limit: sessionsListedMax)
    private var nextSilence: LinkEvent.Watchdog?
    private var outageStart: Timestamp?
    private var topics: [(topic: [UInt8], session: Int)] = []
    private var hasSeenAnything = false

    private var counts = [Int64](repeating: 0, count: ResetCount.causes.count)
    private var resetLow = DistributionCollector()
    private var synchronised = DistributionCollector()
    private var initialised = DistributionCollector()
    private var statusDelays = [DistributionCollector](
        repeating: DistributionCollector(), count: startUpStatuses.count)
    private var running = DistributionCollector()
    private var withoutService = DistributionCollector()
    private var withoutRunning: Int64 = 0
    private var renewed: Int64 = 0
    private var outage = DistributionCollector()

    private var hits: Int64 = 0
    private var hitSilence = DistributionCollector()
    private var hitResetLow = DistributionCollector()
    private var hitToSynchronised = DistributionCollector()
    private var hitToRunning = DistributionCollector()
    private var hitWithoutService = DistributionCollector()

    // MARK: Events

    /// Goes on to a session; true when that ended another one.
    mutating func enter(_ number: Int, at time: Timestamp?) -> Bool {
        guard number > current.number else { return false }
        current.ended = time
        close()
        current = SessionSummary(number: number)
        current.silence = nextSilence
        nextSilence = nil
        outageStart = nil
        isNetworkDown = false
        return true
    }

    mutating func take(_ reset: LinkEvent.Reset) {
        hasSeenAnything = true
        // A reset without an end becomes known after its session's first frames.
        sessions.updateLast { if $0.ended == nil { $0.ended = reset.start } }
        current.cause = reset.cause
        current.resetPulled = reset.startIsSeen ? reset.start : nil
        current.resetReleased = reset.end
        if let index = ResetCount.causes.firstIndex(of: reset.cause.name) { counts[index] += 1 }
    }

    mutating func take(_ watchdog: LinkEvent.Watchdog) {
        hits += 1
        hitSilence.add(watchdog.silence)
        nextSilence = watchdog
    }

    mutating func take(_ synchronisation: LinkEvent.Synchronisation) {
        if synchronisation.completesSession { current.synchronised = synchronisation.time }
    }

    mutating func take(_ running: LinkEvent.Running) {
        guard current.running == nil else { return }
        current.running = running.time
        current.lastService = running.lastService
    }

    mutating func takeGap() {
        hasSeenAnything = true
        current.gaps += 1
    }

    mutating func take(_ message: DecodedMessage) {
        hasSeenAnything = true
        current.frames += 1
        let end = message.frame.end
        switch message.content {
        case .host(.initialise):
            if current.initialised == nil { current.initialised = end }
        case .host(.subscribe(let topic, _)): subscribe(to: topic, at: end)
        case .bridge(let answer):
            if let status = answer.status { note(status, at: end) }
        default: break
        }
    }

    private mutating func note(_ status: Status, at time: Timestamp) {
        guard status != .publicationOK else { return }
        if !current.firstStatuses.contains(where: { $0.status == status }) {
            current.firstStatuses.append(.init(status: status, time: time))
        }
        if status == .wifiDown, current.running != nil || current.number == 0 {
            isNetworkDown = true
            outageStart = outageStart ?? time
        } else if status == .wifiUp {
            if let start = outageStart { outage.add(time - start) }
            outageStart = nil
            isNetworkDown = false
        }
    }

    private mutating func subscribe(to topic: [UInt8], at time: Timestamp) {
        current.subscriptions += 1
        guard let index = topics.firstIndex(where: { $0.topic == topic }) else {
            if topics.count < Self.topicsMax { topics.append((topic, current.number)) }
            return
        }
        // The reference sends one twice in a session: that renews nothing.
        guard topics[index].session < current.number else { return }
        topics[index].session = current.number
        current.subscriptionsRenewed += 1
        current.lastRenewal = time
        renewed += 1
    }

    private mutating func close() {
        if current.number == 0, !hasSeenAnything { return }
        sessions.append(current)
        guard current.number > 0 else { return }
        if let span = current.resetLow { resetLow.add(span) }
        if let span = current.releaseToSynchronised { synchronised.add(span) }
        if let span = current.synchronisedToInitialised { initialised.add(span) }
        if let span = current.releaseToRunning { running.add(span) }
        if let span = current.withoutService { withoutService.add(span) }
        if current.running == nil { withoutRunning += 1 }
        for (index, status) in Self.startUpStatuses.enumerated() {
            if let span = current.initialisedTo(status) { statusDelays[index].add(span) }
        }
        guard current.silence != nil else { return }
        if let span = current.resetLow { hitResetLow.add(span) }
        if let span = current.resetToSynchronised { hitToSynchronised.add(span) }
        if let span = current.resetToRunning { hitToRunning.add(span) }
        if let span = current.withoutService { hitWithoutService.add(span) }
    }

    // MARK: Results

    mutating func finish() -> BoundedList<SessionSummary> {
        close()
        return sessions
    }

    var resetCounts: [ResetCount] {
        zip(ResetCount.causes, counts).map { ResetCount(cause: $0, count: $1) }
    }

    func startUp(_ uncertainty: Nanoseconds?) -> StartUpFacts {
        func spread(_ spans: DistributionCollector) -> Distribution {
            spans.distribution(valueUncertainty: uncertainty)
        }
        return StartUpFacts(
            resetLow: spread(resetLow), synchronised: spread(synchronised),
            initialised: spread(initialised),
            statuses: zip(Self.startUpStatuses, statusDelays).compactMap { status, delays in
                delays.isEmpty ? nil : .init(status: status, delay: spread(delays))
            },
            running: spread(running), withoutService: spread(withoutService),
            sessionsWithoutRunning: withoutRunning, subscriptionsRenewed: renewed)
    }

    func watchdog(_ uncertainty: Nanoseconds?) -> WatchdogFacts {
        func spread(_ spans: DistributionCollector) -> Distribution {
            spans.distribution(valueUncertainty: uncertainty)
        }
        return WatchdogFacts(
            count: hits, silence: spread(hitSilence), resetLow: spread(hitResetLow),
            toSynchronised: spread(hitToSynchronised), toRunning: spread(hitToRunning),
            withoutService: spread(hitWithoutService))
    }

    func outages(_ uncertainty: Nanoseconds?) -> OutageFacts {
        OutageFacts(
            length: outage.distribution(valueUncertainty: uncertainty),
            unfinished: outageStart == nil ? 0 : 1)
    }
}
