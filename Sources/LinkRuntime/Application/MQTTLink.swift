internal import Dispatch
public import HostProtocol
public import LinkProtocol
public import LivePorts
public import Signals

/// MQTT through a bridge, for an application on the host's side of the link.
///
///     let link = MQTTLink(configuration: configuration, port: port)
///     try link.start()
///     for await message in try await link.subscribe("green") { … }
///     try await link.publish("result", "1", qos: .atLeastOnce)
///     try await link.close()
///
/// It outlives crashes of the bridge: that is reset, subscriptions are renewed, and what an application
/// does at the start of the bridge goes into a loop over ``sessions``. Calls can be made at any time,
/// from any task; they wait for what they need. A call whose task is cancelled throws
/// `CancellationError` at once, though what it asked for may be done all the same. When the link
/// ends, whatever waits throws ``MQTTLinkError``, and all sequences end.
public final class MQTTLink: Sendable {
    /// The most messages of a subscription that wait for whoever reads them, unless told otherwise.
    public static let messagesBufferedMax = 65_536
    /// The most bytes of topics and messages that wait in a subscription.
    public static let bytesBufferedMax = 32 << 20
    /// The most elements that wait in any other sequence.
    public static let eventsBufferedMax = 1_024

    let desk: LinkDesk
    let engine: any HostEngine
    private let handlers: [Task<Void, Never>]

    /// Answers a status that awaits an answer, and hears of every other one, where the answer means
    /// nothing. Called for one status at a time.
    public typealias StatusHandler = @Sendable (LinkStatus) async -> StatusAnswer
    /// Hears the status because of which the bridge is reset.
    public typealias CrashHandler = @Sendable (Status) async -> Void

    /// A link that waits to be started.
    ///
    /// - Parameters:
    ///   - wires: the wires in words, for the capture.
    ///   - trace: where the capture goes; nil for none.
    ///   - onStatus: answers SPECNET (whether the network of `init` may be used), and is awaited before
    ///     a reset. Without it the configuration's handler does both.
    ///   - onCrash: called for one crash after the other, when the bridge is already being reset.
    public convenience init(
        configuration: HostConfiguration, port: any WirePort, wires: String = "",
        trace: TracePlan? = nil, onStatus: StatusHandler? = nil, onCrash: CrashHandler? = nil
    ) {
        self.init(
            configuration: configuration, port: port, wires: wires, trace: trace,
            onStatus: onStatus, onCrash: onCrash, observer: { _, _ in })
    }

    /// A link with an observer, which hears every output before anybody else does, on the link's
    /// thread: it must not wait.
    package convenience init(
        configuration: HostConfiguration, port: any WirePort, wires: String, trace: TracePlan?,
        journal: JournalListener? = nil, onStatus: StatusHandler? = nil,
        onCrash: CrashHandler? = nil,
        observer: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void
    ) {
        var configuration = configuration
        if onStatus != nil { configuration.statusHandler = .application }
        self.init(onStatus: onStatus, onCrash: onCrash, observer: observer) { output, ended in
            LiveHost(
                configuration: configuration, port: port, wires: wires, trace: trace,
                journal: journal, ended: ended, output: output)
        }
    }

    /// What an engine tells: outputs, and its end with what caused it.
    package typealias EngineMaker = (
        _ output: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void,
        _ ended: @escaping @Sendable ((any Error)?) -> Void
    ) -> any HostEngine

    /// A link over any engine.
    package init(
        onStatus: StatusHandler? = nil, onCrash: CrashHandler? = nil,
        observer: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void = { _, _ in },
        engine: EngineMaker
    ) {
        let desk = LinkDesk()
        let engine = engine(
            { output, time in
                observer(output, time)
                desk.handle(output, at: time)
            },
            { failure in desk.finish(failure.map { .ended("\($0)") } ?? .closed) })
        var handlers: [Task<Void, Never>] = []
        if let onStatus {
            let statuses = BufferedSequence(desk.join(\.statuses))
            handlers.append(
                Task {
                    for await status in statuses {
                        let answer = await onStatus(status)
                        guard desk.takeQuestion(status) else { continue }
                        _ = engine.send(.statusAnswer(answer))
                    }
                })
        }
        if let onCrash {
            let crashes = BufferedSequence(desk.join(\.crashes))
            handlers.append(Task { for await status in crashes { await onCrash(status) } })
        }
        self.desk = desk
        self.engine = engine
        self.handlers = handlers
    }

    deinit {
        for handler in handlers { handler.cancel() }
        // The last to let go can be the link's own thread, which must not wait for its own end.
        DispatchQueue.global().async { [engine, desk] in
            try? engine.stop()
            desk.finish(.closed)
        }
    }

    // MARK: Start and end

    /// Resets the bridge, and begins.
    public func start() throws {
        do {
            try engine.start()
        } catch {
            desk.finish(.ended("\(error)"))
            throw error
        }
    }

    /// Ends the link in good order: the wires are given back, and the capture is complete.
    ///
    /// Calls that have not returned throw. Throws what had ended the link before, and what went wrong
    /// with the capture.
    public func close() async throws {
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async { continuation.resume(with: Result { try self.stop() }) }
        }
    }

    /// Does what ``close()`` does, and keeps the thread waiting.
    package func stop() throws {
        for handler in handlers { handler.cancel() }
        defer { desk.finish(.closed) }
        try engine.stop()
    }

    /// Shows the application's lamp beside the wires, where there is one: a line for `led`, or the host's
    /// place in a pin file.
    public func showLamp(_ isOn: Bool) { engine.showLamp(isOn ? .high : .low) }

    // MARK: What is so

    /// Whether the bridge runs: it has said so, and has not crashed since.
    public var isRunning: Bool { desk.isRunning }
    /// Whether the bridge's network and its broker are up, as far as it has said.
    public var isOnline: Bool { desk.isOnline }
    /// Why the link has ended; nil while it has not.
    public var end: MQTTLinkError? { desk.end }
    /// Where the capture is; nil without one.
    public var tracePath: String? { engine.tracePath }
    /// Edges that the capture lacks, because the disk was too slow; each stretch of them is a gap in it.
    public var lostEdges: Int64 { engine.lostEdges }
    /// The time since the start of the link, as its messages have it.
    public var now: Timestamp { desk.now }

    // MARK: What happens

    /// Whether the network is up, whenever that changes; begins with `true` if it is up already.
    public var networkStates: BufferedSequence<Bool> {
        BufferedSequence(desk.join(\.networkStates) { isOnline, _ in isOnline ? true : nil })
    }

    /// One number for every start of the bridge; begins with that of the session that runs already.
    ///
    /// What the reference calls `user_start` is the body of a loop over it.
    public var sessions: BufferedSequence<Int> {
        BufferedSequence(desk.join(\.sessions) { _, session in session })
    }

    /// The statuses from now on.
    public var statuses: BufferedSequence<LinkStatus> { BufferedSequence(desk.join(\.statuses)) }

    /// The crashes from now on: each is the status because of which the bridge is reset.
    public var crashes: BufferedSequence<Status> { BufferedSequence(desk.join(\.crashes)) }

    /// What else is worth telling from now on.
    public var events: BufferedSequence<HostEvent> { BufferedSequence(desk.join(\.events)) }

    // MARK: Answers

    /// Answers a status that awaits an answer; false if it does not, or no longer.
    ///
    /// For applications that read ``statuses``, with `.application` as the configuration's handler.
    @discardableResult
    public func answer(_ answer: StatusAnswer, to status: LinkStatus) -> Bool {
        guard desk.takeQuestion(status) else { return false }
        return engine.send(.statusAnswer(answer))
    }

    /// Answers whichever status awaits an answer; false if none does.
    package func answerStatus(_ answer: StatusAnswer) -> Bool {
        guard desk.takeQuestion() else { return false }
        return engine.send(.statusAnswer(answer))
    }
}
