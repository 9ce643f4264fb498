public import LinkProtocol
public import Signals

/// What a host does above its link: frames and calls in, frames and results out.
///
///     stopped -> linking -> registeringWill -> initialising <-> answering -> running
///                   ^                                                           |
///                   +------------------- failing <------------------------------+
///
/// A start is: the link synchronises; the will is sent and its WILLOK awaited; `init` is sent; the
/// bridge's statuses come, and with RUNNING the start is over. Then the subscriptions are sent,
/// the application's session begins, and with WIFI_UP publications flow, one at a time. Whatever
/// ends a session (a fatal status, the watchdog, an answer that stays out, garbage) leads through
/// the status and crash handlers to the next start. A publication with qos 1 outlives that.
/// Ref: Documentation/Protocol.md, Sessions and Publishing.
public struct HostSession: StateMachine, Sendable {
    /// Everything that can influence the session.
    public enum Input: Equatable, Sendable {
        /// Start the link.
        case start
        /// End everything; open calls are refused.
        case stop
        /// The link is synchronised.
        case synchronised
        /// A frame has arrived; `took` is the time from its first character to its end.
        case frame([UInt8], droppedCharacters: Int, took: Nanoseconds = .zero)
        /// A frame has left the wire.
        case left(tag: Int)
        /// The link did not take a frame, or did not finish it.
        case refused(tag: Int, SendRefusal)
        /// The link's session ended by itself.
        case failed(LinkFailure)
        /// The application calls; `id` comes back with the result.
        case call(HostCall, id: Int)
        /// The application's answer to a status that was told as one that waits.
        case statusAnswer(StatusAnswer)
        /// Time has passed.
        case timer
    }

    /// Everything the session can do.
    public enum Output: Equatable, Sendable {
        /// Begin a session of the link, and end the one that runs.
        case startLink
        /// End the link's session.
        case stopLink
        /// Send a frame; `tag` comes back.
        case send(frame: [UInt8], tag: Int)
        /// What became of a call.
        case returned(id: Int, HostResult)
        /// A message from the broker, and the places of the subscriptions that it matches.
        case message(
            topic: [UInt8], message: [UInt8], isRetained: Bool, subscriptions: [Int])
        /// A status, of the bridge's or the host's own; with `awaitsAnswer` nothing goes on before
        /// `statusAnswer`. `text` is what the bridge says of an UNKNOWN, `offending` the string.
        case status(Status, awaitsAnswer: Bool, text: [UInt8], offending: [UInt8])
        /// The network came up or went down.
        case network(isUp: Bool)
        /// The bridge runs: the application's session begins.
        case sessionStarted(Int)
        /// Publications flow.
        case ready
        /// The crash handler: a session has ended, and the status that says why.
        case crashed(Status)
        /// A fault of the reference was imitated.
        case imitated(ReferenceRule)
        /// Something worth telling.
        case event(HostEvent)
    }

    enum State: Sendable {
        /// Nothing runs.
        case stopped
        /// The link starts.
        case linking
        /// The link is synchronised, and the reference takes its time.
        case greeting(at: Timestamp)
        /// The will was sent.
        case registeringWill(until: Timestamp)
        /// `init` was sent, and RUNNING has not come.
        case initialising(until: Timestamp)
        /// The bridge waits for leave to use the network of `init`.
        case answering(refusalAt: Timestamp?)
        /// The bridge works.
        case running
        /// A fatal status waits for the application.
        case failing(Status)
        /// The reference waits for ever for a bridge that boots too slowly.
        case givenUp
    }

    /// How it behaves.
    public let configuration: HostConfiguration

    var state: State = .stopped
    /// The number of starts of the link so far.
    var startCount = 0
    /// The number of times the bridge has reached RUNNING.
    public internal(set) var runCount = 0
    /// WIFI_UP was the last that was heard of the network, or RUNNING.
    public internal(set) var isNetworkUp = false
    /// WIFI_UP has come since RUNNING.
    var hasWiFi = false
    /// Publications flow; the same, unless the reference's fault is imitated.
    var isReady = false
    /// SPECNET was answered in this session.
    var hasAnsweredNetwork = false
    var publications = PublicationQueue()
    var requests = RequestQueue()
    var subscriptions: SubscriptionList
    /// Subscriptions that were called for before the bridge ran, for the reference's sake.
    var earlySubscriptions: [Int] = []
    var calls = CallList()
    var nextTag = 0
    var inbox = PacedInbox()
    var outputs = WorkList<Output>()

    /// A host that waits to be started.
    public init(configuration: HostConfiguration) {
        self.configuration = configuration
        subscriptions = SubscriptionList(limit: configuration.subscriptionsMax)
    }

    /// Whether the bridge has reported RUNNING in this session.
    public var isRunning: Bool { if case .running = state { true } else { false } }

    /// The next start is not the first: for the replay of a capture that begins with a later one.
    public mutating func assumeEarlierSession() {
        runCount = max(runCount, 1)
        if configuration.rules.contains(.readyOutlivesCrash) { isReady = true }
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst() }

    /// When the session wants to be woken at the latest.
    public var deadline: Timestamp? {
        var earliest: Timestamp?
        func take(_ time: Timestamp?) {
            guard let time else { return }
            earliest = earliest.map { min($0, time) } ?? time
        }
        take(inbox.due)
        switch state {
        case .registeringWill(let until), .initialising(let until):
            if !configuration.rules.contains(.falseSynchronisation) { take(until) }
        case .greeting(let time): take(time)
        case .answering(let refusalAt): take(refusalAt)
        case .running:
            take(calls.nextTimeRequest)
            take(answerDeadline)
        case .stopped, .linking, .failing, .givenUp: break
        }
        return earliest
    }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .start: if case .stopped = state { startLink() }
        case .stop: stop()
        case .synchronised: if case .linking = state { synchronised(at: now) }
        case .frame(let frame, let dropped, let took):
            requests.pauseDeadline(for: took, at: now)
            receive(frame, droppedCharacters: dropped, at: now)
        case .left(let tag): finishCommand(sentWith: tag)
        case .refused(_, .sessionEnded): break
        case .refused(_, let refusal): outputs.append(.event(.sendRefused(refusal)))
        case .failed(let failure): linkFailed(failure, at: now)
        case .call(let call, let id): handle(call, id: id, at: now)
        case .statusAnswer(let answer): takeAnswer(answer, at: now)
        case .timer: fireTimers(at: now)
        }
    }

    private mutating func fireTimers(at now: Timestamp) {
        while let frame = inbox.popFirst(at: now) { work(on: frame, at: now) }
        switch state {
        case .registeringWill(let until), .initialising(let until):
            guard !configuration.rules.contains(.falseSynchronisation), now >= until else { return }
            outputs.append(.event(.startTimedOut))
            fail(with: .bridgeFail)
        case .greeting(let time): if now >= time { greet(at: now) }
        case .answering(let refusalAt):
            if let refusalAt, now >= refusalAt { restart(because: .specifiedNetwork) }
        case .running:
            askForTimes(at: now)
            guard let deadline = answerDeadline, now >= deadline else { return }
            outputs.append(.event(.answerTimedOut))
            fail(with: .noNetwork)
        case .stopped, .linking, .failing, .givenUp: break
        }
    }

    /// Sends a message in this host's spelling. Precondition: it was checked.
    mutating func send(_ frame: [UInt8]) {
        nextTag += 1
        outputs.append(.send(frame: frame, tag: nextTag))
    }

    mutating func imitate(_ rule: ReferenceRule) -> Bool {
        guard configuration.rules.contains(rule) else { return false }
        outputs.append(.imitated(rule))
        return true
    }
}
