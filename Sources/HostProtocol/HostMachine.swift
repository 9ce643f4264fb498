public import LinkProtocol
public import Signals

/// The whole host: its link and what is above it, as one machine without I/O.
///
/// Levels come in at every wake-up, before whatever caused it; levels to drive go out, with
/// everything else that the session does. Ref: Documentation/Journal.md.
public struct HostMachine: StateMachine, Sendable {
    /// Everything that can influence the machine.
    public enum Input: Equatable, Sendable {
        /// Start; the bridge is reset first.
        case start
        /// End everything; open calls are refused, both outputs go low.
        case stop
        /// The levels of the bridge's wires, read clock first.
        case levels(clock: Level, data: Level)
        /// The application calls; `id` comes back with the result.
        case call(HostCall, id: Int)
        /// The application's answer to a status that was told as one that waits.
        case statusAnswer(StatusAnswer)
        /// Time has passed.
        case timer
    }

    /// Everything the machine can do.
    public enum Output: Equatable, Sendable {
        /// Drive a wire to a level that it does not have yet.
        case drive(Channel, Level)
        /// What became of a call.
        case returned(id: Int, HostResult)
        /// A message from the broker, and the places of the subscriptions that it matches.
        case message(
            topic: [UInt8], message: [UInt8], isRetained: Bool, subscriptions: [Int])
        /// A status; with `awaitsAnswer` nothing goes on before `statusAnswer`.
        case status(Status, awaitsAnswer: Bool, text: [UInt8], offending: [UInt8])
        /// The network came up or went down.
        case network(isUp: Bool)
        /// The bridge runs: the application's session begins.
        case sessionStarted(Int)
        /// Publications flow.
        case ready
        /// A session has ended, and the status that says why.
        case crashed(Status)
        /// A fault of the reference was imitated.
        case imitated(ReferenceRule)
        /// Something worth telling.
        case event(HostEvent)
    }

    private var link: LinkMachine
    private var session: HostSession
    /// Changes only with what the session hears, which is rare beside bits.
    private var sessionDeadline: Timestamp?
    /// When the first character of the frame that is arriving was complete.
    private var frameBegan: Timestamp?
    private var linkEvents = WorkList<LinkMachine.Output>()
    private var outputs = OutputQueue<Output>()

    /// A host that waits to be started.
    public init(configuration: HostConfiguration) {
        link = LinkMachine(end: .host, configuration: configuration.link)
        session = HostSession(configuration: configuration)
    }

    /// How it behaves.
    public var configuration: HostConfiguration { session.configuration }
    /// Whether the bridge has reported RUNNING in this session.
    public var isRunning: Bool { session.isRunning }
    /// Whether the network is up, as far as the bridge has said.
    public var isNetworkUp: Bool { session.isNetworkUp }
    /// Whether frames can flow.
    public var isSynchronised: Bool { link.isSynchronised }
    /// The number of own bits driven in this session of the link.
    public var bitCount: Int { link.bitCount }

    /// The characters of the frame whose bits are being driven; empty between frames.
    public var frameInProgress: [UInt8] { link.frameInProgress }

    /// Whether the timer, if it fires now, does nothing but end a rest of the link. Such a firing
    /// shows in the edges alone.
    public func onlyEndsRest(at now: Timestamp) -> Bool {
        guard link.isResting else { return false }
        return sessionDeadline.map { $0 > now } ?? true
    }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .levels(let clock, let data): return handle(clock: clock, data: data, at: now)
        case .timer:
            // A rest that is over as well ends by a firing of its own: a replay leaves rests out, and
            // must find the same done here.
            if !link.isResting || onlyEndsRest(at: now) {
                link.handle(.timer, at: now)
                takeLinkOutputs(at: now)
            }
            drive(.timer, at: now)
        case .start: drive(.start, at: now)
        case .stop: drive(.stop, at: now)
        case .call(let call, let id): drive(.call(call, id: id), at: now)
        case .statusAnswer(let answer): drive(.statusAnswer(answer), at: now)
        }
        takeLinkOutputs(at: now)
    }

    /// Takes the levels of the bridge's wires, read clock first.
    public mutating func handle(clock: Level, data: Level, at now: Timestamp) {
        link.handle(clock: clock, data: data, at: now)
        if frameBegan == nil, link.isReceivingFrame { frameBegan = now }
        // Most bits cause nothing but the next ones.
        takeLinkOutputs(at: now)
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst(drive: Output.drive) }

    /// The next thing to do if that is to drive a wire; nil if it is anything else, or nothing.
    public mutating func nextDrive() -> Drive? { outputs.popDrive() }

    /// When the machine wants to be woken at the latest.
    public var deadline: Timestamp? {
        guard let linkDeadline = link.deadline else { return sessionDeadline }
        guard let sessionDeadline else { return linkDeadline }
        return min(linkDeadline, sessionDeadline)
    }

    /// Edges leave at once; what the session must hear waits until the link has said all.
    private mutating func drainLink() {
        while true {
            while let drive = link.nextDrive() { outputs.append(drive) }
            guard let output = link.nextOutput() else { return }
            linkEvents.append(output)
        }
    }

    private mutating func takeLinkOutputs(at now: Timestamp) {
        drainLink()
        while let event = linkEvents.popFirst() {
            switch event {
            case .drive: break
            case .synchronised:
                frameBegan = nil
                drive(.synchronised, at: now)
            case .received(let frame, let dropped):
                let took = frameBegan.map { now - $0 } ?? .zero
                frameBegan = nil
                drive(.frame(frame, droppedCharacters: dropped, took: took), at: now)
            case .sent(let tag): drive(.left(tag: tag), at: now)
            case .refused(let tag, let refusal): drive(.refused(tag: tag, refusal), at: now)
            case .failed(let failure): drive(.failed(failure), at: now)
            }
        }
    }

    /// Gives the session an input, and the link what the session wants of it.
    private mutating func drive(_ input: HostSession.Input, at now: Timestamp) {
        session.handle(input, at: now)
        while let output = session.nextOutput() {
            switch output {
            case .startLink: command(.start, at: now)
            case .stopLink: command(.stop, at: now)
            case .send(let frame, let tag): command(.send(frame: frame, tag: tag), at: now)
            case .returned(let id, let result): outputs.append(.returned(id: id, result))
            case .message(let topic, let message, let isRetained, let subscriptions):
                outputs.append(
                    .message(
                        topic: topic, message: message, isRetained: isRetained,
                        subscriptions: subscriptions))
            case .status(let status, let awaitsAnswer, let text, let offending):
                outputs.append(
                    .status(
                        status, awaitsAnswer: awaitsAnswer, text: text, offending: offending))
            case .network(let isUp): outputs.append(.network(isUp: isUp))
            case .sessionStarted(let number): outputs.append(.sessionStarted(number))
            case .ready: outputs.append(.ready)
            case .crashed(let status): outputs.append(.crashed(status))
            case .imitated(let rule): outputs.append(.imitated(rule))
            case .event(let event): outputs.append(.event(event))
            }
        }
        sessionDeadline = session.deadline
    }

    private mutating func command(_ input: LinkMachine.Input, at now: Timestamp) {
        link.handle(input, at: now)
        drainLink()
    }
}
