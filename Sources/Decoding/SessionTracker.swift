import LinkProtocol
import Signals

/// Wire events become link events: frames get their meaning, resets their cause.
///
/// Everything that depends on what was said before lives here. A conversation is simple: the bridge
/// works one command at a time, so an answer belongs to the oldest request of its kind, and a reset
/// forgets them all. Ref: Documentation/Protocol.md, Sessions.
struct SessionTracker {
    /// Requests beyond this wait unanswered for so long that the oldest is forgotten.
    static let pendingRequestsMax = 1_024
    /// A shorter silence before a reset is the time of a host that acts, not of a watchdog.
    static let watchdogSilenceMin = Nanoseconds.milliseconds(100)

    private let vocabulary: Vocabulary
    private var pending: [DecodedMessage.Request] = []
    private var isRunning = false
    private var awaitsNetworkAnswer = false
    private var lastFatalStatus: Status?
    private var synchronisedEnds: [LinkEnd] = []
    /// The capture began on a link that was already running.
    private var hasJoined = false
    private var session = 0
    private var openReset: LinkEvent.Reset?
    private var lastService: Timestamp?
    /// When the bridge's wires fell by themselves: it has lost its power, or its program died.
    private var bridgeStopped: Timestamp?

    init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    mutating func handle(_ event: WireEvent, into events: inout [LinkEvent]) {
        switch event {
        case .frame(let frame):
            events.append(.message(decode(frame)))
            if case .message(let message) = events.last { follow(message, into: &events) }
        case .resetPulled(let pull): begin(pull, into: &events)
        case .resetReleased(let time, _): endReset(at: time, into: &events)
        case .synchronised(let end, let time, let session):
            synchronisedEnds.append(end)
            events.append(
                .synchronised(
                    .init(
                        time: time, from: end, session: session,
                        completesSession: synchronisedEnds.count == LinkEnd.allCases.count)))
        case .stopped(let end, let time, let session):
            if end == .bridge { bridgeStopped = time }
            events.append(.stopped(.init(time: time, end: end, session: session)))
        case .joined(let time):
            hasJoined = true
            // It may well be running; nothing says that it is not.
            isRunning = true
            events.append(.joined(at: time))
        case .notSynchronised(let time, let session):
            events.append(.notSynchronised(at: time, session: session))
        case .aligned(let time, let session):
            synchronisedEnds = LinkEnd.allCases
            events.append(.aligned(at: time, session: session))
        case .gap(let gap):
            // An answer can be among what is missing, or a request.
            for index in pending.indices { pending[index].isDoubtful = true }
            events.append(.gap(gap, session: session))
        case .traffic(let interval): events.append(.traffic(interval))
        }
    }

    mutating func finish(into events: inout [LinkEvent]) {
        endReset(at: nil, into: &events)
    }

    // MARK: Sessions

    private mutating func begin(_ pull: ResetPull, into events: inout [LinkEvent]) {
        endReset(at: nil, into: &events)
        let cause = self.cause(of: pull)
        if cause == .watchdog, let last = pull.lastBridgeToggle {
            events.append(
                .watchdog(
                    .init(
                        start: last, end: Self.acted(after: last, pull), session: pull.session - 1))
            )
        }
        if isRunning { lastService = pull.lastBridgeToggle ?? pull.hostStopped }
        openReset = .init(
            start: pull.time, startIsSeen: pull.isSeen, hostLeft: pull.hostStopped, end: nil,
            session: pull.session,
            cause: cause)
        session = pull.session
        pending.removeAll(keepingCapacity: true)
        isRunning = false
        awaitsNetworkAnswer = false
        lastFatalStatus = nil
        synchronisedEnds = []
        hasJoined = false
        bridgeStopped = nil
    }

    /// When the host left. Where the bridge's fall was the first edge out of order, that is not the
    /// host's doing, and its reset is the first thing that is.
    private static func acted(after lastToggle: Timestamp, _ pull: ResetPull) -> Timestamp {
        pull.hostStopped - lastToggle >= watchdogSilenceMin ? pull.hostStopped : pull.time
    }

    private mutating func endReset(at time: Timestamp?, into events: inout [LinkEvent]) {
        guard var reset = openReset else { return }
        reset.end = time
        openReset = nil
        events.append(.reset(reset))
    }

    private func cause(of pull: ResetPull) -> ResetCause {
        if let status = lastFatalStatus { return .fatalStatus(status) }
        guard hasJoined || synchronisedEnds.count == LinkEnd.allCases.count else {
            return pull.session == 1 ? .start : .noSynchronisation
        }
        if pull.waitedForBridge, let last = pull.lastBridgeToggle,
            pull.hostStopped - last >= Self.watchdogSilenceMin
        {
            return .watchdog
        }
        // Its fall can look like a toggle that the host has not answered yet.
        if let bridgeStopped, pull.lastBridgeToggle != nil,
            pull.time - bridgeStopped >= Self.watchdogSilenceMin
        {
            return .watchdog
        }
        return .hostRestart
    }

    // MARK: Messages

    private mutating func decode(_ frame: Frame) -> DecodedMessage {
        var message = DecodedMessage(
            frame: frame, content: content(of: frame), isBeforeRunning: !isRunning)
        message.request = answeredRequest(of: message)
        return message
    }

    private func content(of frame: Frame) -> DecodedMessage.Content {
        guard frame.condition == .whole, frame.droppedCharacters == 0 else { return .fragment }
        switch (vocabulary, frame.from) {
        case (.json, _):
            if JSONText.isValue(frame.text) { return .object }
            return .malformed(
                MalformedMessage(
                    sender: frame.from, command: nil, fieldIndex: 0, offset: 0,
                    reason: .unknownCommand))
        case (.bridge, .host):
            switch HostMessage.parse(frame.text, awaitsNetworkAnswer: awaitsNetworkAnswer) {
            case .message(let message): return .host(message)
            case .malformed(let why): return .malformed(why)
            }
        case (.bridge, .bridge):
            switch BridgeMessage.parse(frame.text) {
            case .message(let message): return .bridge(message)
            case .malformed(let why): return .malformed(why)
            }
        }
    }

    private mutating func answeredRequest(of message: DecodedMessage) -> DecodedMessage.Request? {
        guard case .bridge(let answer) = message.content else { return nil }
        let index: Int?
        switch answer {
        case .status(.publicationOK):
            index = pending.firstIndex { Self.isPublication($0.kind) }
        case .time: index = pending.firstIndex { $0.kind == .time }
        case .memory: index = pending.firstIndex { $0.kind == .memory }
        case .status, .unknown, .publication, .escapedPublication: index = nil
        }
        return index.map { pending.remove(at: $0) }
    }

    /// What a message changes for those that follow.
    private mutating func follow(_ message: DecodedMessage, into events: inout [LinkEvent]) {
        switch message.content {
        case .host(let request):
            awaitsNetworkAnswer = false
            lastFatalStatus = nil
            follow(request, message)
        case .bridge(let answer):
            guard let status = answer.status else { return }
            awaitsNetworkAnswer = status.awaitsAnswer
            if status == .running { beginRunning(at: message.frame, into: &events) }
            if isRunning ? status.isFatal : status.isFatalBeforeRunning {
                lastFatalStatus = status
            }
        case .object, .malformed, .fragment: break
        }
    }

    private mutating func follow(_ request: HostMessage, _ message: DecodedMessage) {
        let kind: DecodedMessage.Request.Kind
        switch request {
        case .publish(let publication): kind = .publish(publication.qos)
        case .timeRequest: kind = .time
        case .memoryRequest: kind = .memory
        case .will, .initialise, .subscribe, .networkAnswer, .other: return
        }
        // The host has one publication in flight: if it sends the next one, the answer to the last
        // is among what is missing. A host with several makes the next answer doubtful too.
        let isPublication = Self.isPublication(kind)
        let isDoubtful =
            isPublication && pending.contains { $0.isDoubtful && Self.isPublication($0.kind) }
        if isDoubtful { pending.removeAll { $0.isDoubtful && Self.isPublication($0.kind) } }
        if pending.count == Self.pendingRequestsMax { pending.removeFirst() }
        pending.append(
            .init(
                kind: kind, start: message.frame.start, end: message.frame.end,
                wasBeforeRunning: message.isBeforeRunning, isDoubtful: isDoubtful))
    }

    private static func isPublication(_ kind: DecodedMessage.Request.Kind) -> Bool {
        if case .publish = kind { true } else { false }
    }

    private mutating func beginRunning(at frame: Frame, into events: inout [LinkEvent]) {
        isRunning = true
        events.append(
            .running(.init(time: frame.end, session: session, lastService: lastService)))
    }
}
