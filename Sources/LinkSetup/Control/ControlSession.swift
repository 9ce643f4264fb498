public import HostProtocol
import LiveEdges
public import LinkRuntime
public import LivePorts
public import Signals
import Synchronization

/// A host's application in any language: requests come in, and events go out, one JSON object a
/// line.
///
///     let session = ControlSession(input: 0, output: 1)
///     let link = session.makeLink(configuration: configuration, port: port)
///     let end = try await session.run(link)
///
/// A request is made in the order of its line; it returns when it is done. Ref: Documentation/Control.md.
public final class ControlSession: Sendable {
    /// Why a session has ended.
    public enum End: Hashable, Sendable {
        /// The application has said `quit`.
        case quit
        /// The application has closed its end of the input.
        case endOfInput
        /// Nobody reads the events any more.
        case outputClosed
        /// ``requestEnd()`` was called.
        case requested
        /// The link has ended by itself; the words say why.
        case linkEnded(String)
    }

    /// The most requests that have not returned.
    public static let requestsMax = 1_024

    private let input: Int32
    private let output: ControlOutput
    private let patience: Nanoseconds
    private let waits: @Sendable (_ openCount: Int) -> Void
    private let openCount = Monitor(0)
    private let isEndRequested = Atomic<Bool>(false)

    /// After its end, so long whoever reads events may take for the last of them.
    private static let lastEventsNanoseconds: UInt64 = 10_000_000_000

    /// A session over file descriptors, which it does not close.
    ///
    /// - Parameters:
    ///   - patience: at the end of the input, how long requests may take to return.
    ///   - waits: hears, once, that a second of that has passed, and how many have not returned.
    public convenience init(
        input: Int32, output: Int32, patience: Nanoseconds = .seconds(60),
        waits: @escaping @Sendable (_ openCount: Int) -> Void = { _ in }
    ) {
        self.init(
            input: input, patience: patience, output: ControlOutput(output), waits: waits)
    }

    init(
        input: Int32, patience: Nanoseconds, output: ControlOutput,
        waits: @escaping @Sendable (_ openCount: Int) -> Void = { _ in }
    ) {
        self.input = input
        self.output = output
        self.patience = patience
        self.waits = waits
    }

    /// A link whose events this session tells; for ``run(_:)``.
    public func makeLink(
        configuration: HostConfiguration, port: any WirePort, wires: String = "",
        trace: TracePlan? = nil, journal: JournalListener? = nil
    ) -> MQTTLink {
        MQTTLink(
            configuration: configuration, port: port, wires: wires, trace: trace,
            journal: journal, observer: observer)
    }

    /// Tells what a host's machine says.
    var observer: @Sendable (HostMachine.Output, Timestamp) -> Void {
        { [output] said, time in
            if let event = ControlEvent(said, at: time) { output.write(event) }
        }
    }

    /// Ends the session as the end of its input does, but without patience. From any thread.
    public func requestEnd() { isEndRequested.store(true, ordering: .relaxed) }

    /// Starts a link, serves requests until the end, and closes the link.
    ///
    /// Throws what went wrong with starting and closing, the link's own end included.
    @discardableResult
    public func run(_ link: MQTTLink) async throws -> End {
        try await withCheckedThrowingContinuation { continuation in
            let number = DetachedThread.start {
                continuation.resume(with: Result { try self.serve(link) })
            }
            if number != 0 { continuation.resume(throwing: NoThread()) }
        }
    }

    /// There is no thread to be had.
    struct NoThread: Error, CustomStringConvertible {
        var description: String { "no thread can be started for the requests" }
    }

    // MARK: On the thread of the requests

    private func serve(_ link: MQTTLink) throws -> End {
        guard output.start() else { throw NoThread() }
        defer { output.finish(within: Self.lastEventsNanoseconds) }
        try link.start()
        let (end, quitID) = takeRequests(for: link)
        if end == .quit || end == .endOfInput { awaitReturns() }
        if case .linkEnded(let text) = end {
            output.write(.init(.error(id: nil, kind: "ended", text: text), at: link.now))
        }
        let time = link.now
        let outcome = Result { try link.stop() }
        if end == .quit {
            output.write(
                .init(
                    .returned(id: quitID, .quit, duration: link.now - time, result: .done),
                    at: link.now))
        }
        try outcome.get()
        return end
    }

    private func takeRequests(for link: MQTTLink) -> (End, quitID: Int64?) {
        var lines = ControlInput(input, lengthMax: ControlRequest.lineLengthMax)
        while true {
            if let end = prematureEnd(of: link) { return (end, nil) }
            if output.isCrowded {
                // Whoever does not read gets no more answers to wait for.
                openCount.wait(atMost: 10_000_000) { _ in false }
                continue
            }
            switch lines.next() {
            case .quiet: continue
            case .end: return (.endOfInput, nil)
            case .tooLong:
                let limit = ControlRequest.lineLengthMax
                refuse(ControlFault(.tooLong, "a line may have \(limit) bytes"), link)
            case .line(let line):
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
                do throws(ControlFault) {
                    let request = try ControlRequest(line: line)
                    if request.operation == .quit { return (.quit, request.id) }
                    perform(request, link)
                } catch {
                    refuse(error, link)
                }
            }
        }
    }

    private func prematureEnd(of link: MQTTLink) -> End? {
        if let end = link.end { return .linkEnded("\(end)") }
        if output.isBroken { return .outputClosed }
        return isEndRequested.load(ordering: .relaxed) ? .requested : nil
    }

    private func refuse(_ fault: ControlFault, _ link: MQTTLink) {
        output.write(
            .init(
                .error(id: fault.id, kind: fault.kind.rawValue, text: fault.reason),
                at: link.now))
    }

    private func awaitReturns() {
        let start = MonotonicClock.nanoseconds()
        let deadline = start &+ UInt64(clamping: patience.count)
        var isTold = false
        while MonotonicClock.nanoseconds() < deadline, !output.isBroken,
            !isEndRequested.load(ordering: .relaxed)
        {
            if openCount.wait(atMost: 100_000_000, until: { $0 == 0 }) { return }
            if !isTold, MonotonicClock.nanoseconds() &- start >= 1_000_000_000 {
                isTold = true
                waits(openCount.read { $0 })
            }
        }
    }

    // MARK: Requests

    private func perform(_ request: ControlRequest, _ link: MQTTLink) {
        let name = request.operation.name
        guard openCount.read({ $0 < Self.requestsMax }) else {
            return fail(
                request, "queueFull", "\(Self.requestsMax) requests have not returned", link)
        }
        switch request.operation {
        case .publish(let topic, let message, let qos, let isRetained):
            begin(
                .publish(topic: topic, message: message, isRetained: isRetained, qos: qos),
                as: .publish, request, link)
        case .subscribe(let filter, let qos):
            begin(.subscribe(filter: filter, qos: qos), as: .subscribe, request, link)
        case .unsubscribe(let filter):
            begin(.unsubscribe(filter: filter), as: .unsubscribe, request, link)
        case .time(let pause, let countsFrom2000):
            begin(
                .time(pause: pause, countsFrom2000: countsFrom2000), as: .time, request, link)
        case .memory: begin(.memory, as: .memory, request, link)
        case .command(let fields):
            begin(.command(MQTTLink.joined(fields)), as: .command, request, link)
        case .restart: begin(.restart, as: .restart, request, link)
        case .ready: link.beginReady(completion: completion(of: request))
        case .answer(let answer):
            guard link.answerStatus(answer) else {
                return fail(request, "notAsked", "no status awaits an answer", link)
            }
            output.write(
                .init(
                    .returned(id: request.id, name, duration: .zero, result: .done),
                    at: link.now))
        case .quit: break
        }
    }

    private func begin(
        _ call: HostCall, as operation: MQTTLinkError.Operation, _ request: ControlRequest,
        _ link: MQTTLink
    ) {
        link.begin(call, as: operation, completion: completion(of: request))
    }

    private func completion(
        of request: ControlRequest
    ) -> MQTTLink.Completion {
        openCount.change { count in
            count += 1
            return false
        }
        let (id, name) = (request.id, request.operation.name)
        return { [output, openCount] result, duration, time in
            let kind: ControlEvent.Kind =
                switch result {
                case .success(let result):
                    .returned(id: id, name, duration: duration, result: result)
                case .failure(let error):
                    .failed(
                        id: id, name, duration: duration,
                        kind: (error as? MQTTLinkError)?.kind ?? "failed", text: "\(error)")
                }
            output.write(.init(kind, at: time))
            openCount.change { count in
                count -= 1
                return count == 0
            }
        }
    }

    private func fail(_ request: ControlRequest, _ kind: String, _ text: String, _ link: MQTTLink) {
        output.write(
            .init(
                .failed(
                    id: request.id, request.operation.name, duration: .zero, kind: kind,
                    text: text), at: link.now))
    }
}
