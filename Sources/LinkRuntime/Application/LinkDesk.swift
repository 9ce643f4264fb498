internal import HostProtocol
internal import LinkProtocol
internal import LiveEdges
internal import Signals
internal import Synchronization

// The law of this file: what the machine says is turned into answers here, once each. Nothing is
// called, and nobody is woken, while the lock is held. Whatever waits when the link ends is told so.

/// Who waits for what of a host's machine.
///
/// The link's thread brings outputs; any other thread opens calls.
final class LinkDesk: Sendable {
    typealias Completion = @Sendable (Result<Returned, any Error>) -> Void

    /// A call that has returned, and was not refused.
    struct Returned: Sendable {
        var result: HostResult
        /// From the call to its return.
        var duration: Nanoseconds
        /// When it returned, since the start of the link.
        var time: Timestamp
    }

    fileprivate struct OpenCall {
        var operation: MQTTLinkError.Operation
        var start: UInt64
        var completion: Completion
    }

    private struct State {
        var lastID = 0
        var calls: [Int: OpenCall] = [:]
        var waitsForReady: [(id: Int, call: OpenCall)] = []
        var isRunning = false
        var isOnline = false
        var isReady = false
        var session: Int?
        /// The number of the latest status that awaits an answer, and whether it still does.
        var question = 0
        var isAsking = false
        var audience = LinkAudience()
        var end: MQTTLinkError?
        /// The latest output's time, and the monotonic clock at it.
        var latest: (time: Timestamp, clock: UInt64)?

        mutating func newID() -> Int {
            lastID += 1
            return lastID
        }
    }

    private let state = Mutex(State())

    /// The most that wait for publications to flow.
    private static let waitsMax = 8_192

    // MARK: What is so

    var isRunning: Bool { state.withLock { $0.isRunning } }
    var isOnline: Bool { state.withLock { $0.isOnline } }
    var isReady: Bool { state.withLock { $0.isReady } }
    /// Why the link has ended; nil while it has not.
    var end: MQTTLinkError? { state.withLock { $0.end } }
    /// Calls that have not returned, those that wait for the link to be ready included.
    var openCount: Int { state.withLock { $0.calls.count + $0.waitsForReady.count } }

    /// The time since the start of the link, as its own clock has it; 0 before it has said anything.
    var now: Timestamp {
        state.withLock { state in
            guard let latest = state.latest else { return .zero }
            let elapsed = MonotonicClock.nanoseconds() &- latest.clock
            return latest.time + Nanoseconds(Int64(clamping: elapsed))
        }
    }

    // MARK: Calls

    /// A number for a call.
    func newID() -> Int { state.withLock { $0.newID() } }

    /// Opens a call: `send` gives it to the machine, and `completion` is called once, on whatever
    /// thread.
    func open(
        _ call: HostCall, as operation: MQTTLinkError.Operation, id: Int,
        send: (HostMachine.Input) -> Bool, completion: @escaping Completion
    ) {
        let end = state.withLock { state -> MQTTLinkError? in
            if let end = state.end { return end }
            state.calls[id] = OpenCall(
                operation: operation, start: MonotonicClock.nanoseconds(), completion: completion)
            return nil
        }
        if let end { return completion(.failure(end)) }
        guard !send(.call(call, id: id)) else { return }
        fail(id) { $0 ?? .overloaded(operation) }
    }

    /// Waits until publications flow; like a call.
    func openReady(id: Int, completion: @escaping Completion) {
        let call = OpenCall(
            operation: .ready, start: MonotonicClock.nanoseconds(), completion: completion)
        let answer = state.withLock { state -> Result<Returned, any Error>? in
            if let end = state.end { return .failure(end) }
            if state.isReady {
                return .success(
                    Returned(
                        result: .done, duration: .zero, time: state.latest?.time ?? .zero))
            }
            guard state.waitsForReady.count < Self.waitsMax else {
                return .failure(MQTTLinkError.overloaded(.ready))
            }
            state.waitsForReady.append((id, call))
            return nil
        }
        if let answer { completion(answer) }
    }

    /// Nobody waits for a call any more; what was asked for may be done all the same.
    func abandon(_ id: Int) { take(id)?.completion(.failure(CancellationError())) }

    private func fail(_ id: Int, with error: (MQTTLinkError?) -> MQTTLinkError) {
        let end = self.end
        take(id)?.completion(.failure(error(end)))
    }

    private func take(_ id: Int) -> OpenCall? {
        state.withLock { state in
            if let call = state.calls.removeValue(forKey: id) { return call }
            guard let place = state.waitsForReady.firstIndex(where: { $0.id == id }) else {
                return nil
            }
            return state.waitsForReady.remove(at: place).call
        }
    }

    // MARK: Statuses

    /// Whether an answer to this status is still awaited; from then on it is not.
    func takeQuestion(_ status: LinkStatus) -> Bool {
        state.withLock { state in
            guard status.awaitsAnswer, state.isAsking, state.question == status.question else {
                return false
            }
            state.isAsking = false
            return true
        }
    }

    /// Whether an answer to any status is awaited; from then on none is.
    func takeQuestion() -> Bool {
        state.withLock { state in
            defer { state.isAsking = false }
            return state.isAsking
        }
    }

    // MARK: Audience

    /// Lets somebody join the audience; ends what is joined too late at once. Sessions and network
    /// begin with what is so already.
    func join<Element: Sendable>(
        _ list: WritableKeyPath<LinkAudience, [ElementBuffer<Element>]>,
        limits: BufferLimits = LinkAudience.eventLimits,
        present: (_ isOnline: Bool, _ session: Int?) -> Element? = { _, _ in nil }
    ) -> ElementBuffer<Element> {
        let buffer = ElementBuffer<Element>(limits)
        let hasEnded = state.withLock { state in
            // Nobody reads yet, so this wakes nobody.
            if let element = present(state.isOnline, state.session) { buffer.push(element) }
            state.audience.add(buffer, to: list)
            return state.end != nil
        }
        if hasEnded { buffer.finish() }
        return buffer
    }

    /// Lets somebody hear the messages under a topic filter.
    func join(filter: [UInt8], limits: BufferLimits) -> ElementBuffer<LinkMessage> {
        let buffer = ElementBuffer<LinkMessage>(limits)
        let hasEnded = state.withLock { state in
            state.audience.add(buffer, filter: filter)
            return state.end != nil
        }
        if hasEnded { buffer.finish() }
        return buffer
    }

    /// Ends what is heard under a topic filter.
    func leave(filter: [UInt8]) {
        let buffers = state.withLock { $0.audience.remove(filter: filter) }
        for buffer in buffers { buffer.finish() }
    }

    // MARK: What the machine says

    /// Takes an output. On one thread, in order.
    func handle(_ output: HostMachine.Output, at time: Timestamp) {
        state.withLock { $0.latest = (time, MonotonicClock.nanoseconds()) }
        switch output {
        case .drive, .imitated: break
        case .returned(let id, let result): complete(id, result, at: time)
        case .message(let topic, let message, let isRetained, let subscriptions):
            if subscriptions.isEmpty { return }
            let heard = LinkMessage(
                topic: topic, message: message, isRetained: isRetained, time: time)
            for buffer in state.withLock({ $0.audience.subscribers(of: topic) }) {
                buffer.push(heard, bytes: topic.count + message.count)
            }
        case .status(let status, let awaitsAnswer, let text, let offending):
            tell(status, awaitsAnswer: awaitsAnswer, text, offending, at: time)
        case .network(let isUp):
            let buffers = state.withLock { state in
                state.isOnline = isUp
                if !isUp { state.isReady = false }
                return state.audience.networkStates
            }
            for buffer in buffers { buffer.push(isUp) }
        case .sessionStarted(let number):
            let buffers = state.withLock { state in
                state.isRunning = true
                state.session = number
                return state.audience.sessions
            }
            for buffer in buffers { buffer.push(number) }
        case .ready: becomeReady(at: time)
        case .crashed(let status):
            let buffers = state.withLock { state in
                state.isRunning = false
                state.isReady = false
                state.session = nil
                state.isAsking = false
                return state.audience.crashes
            }
            for buffer in buffers { buffer.push(status) }
        case .event(let event):
            for buffer in state.withLock({ $0.audience.events }) { buffer.push(event) }
            if case .configurationUnsendable(let why) = event { finish(.configuration(why)) }
        }
    }

    private func complete(_ id: Int, _ result: HostResult, at time: Timestamp) {
        guard let call = take(id) else { return }
        if case .refused(let refusal) = result {
            let error: MQTTLinkError =
                refusal == .stopped ? .closed : .refused(call.operation, refusal)
            return call.completion(.failure(error))
        }
        call.completion(.success(call.returned(result, at: time)))
    }

    private func tell(
        _ status: Status, awaitsAnswer: Bool, _ text: [UInt8], _ offending: [UInt8],
        at time: Timestamp
    ) {
        let (buffers, question) = state.withLock { state in
            if awaitsAnswer {
                state.question += 1
                state.isAsking = true
            }
            if status.isFatal {
                state.isRunning = false
                state.isReady = false
            }
            return (state.audience.statuses, state.question)
        }
        let heard = LinkStatus(
            status: status, awaitsAnswer: awaitsAnswer, text: text,
            offending: Secrets.mask(offending, from: .host), time: time, question: question)
        for buffer in buffers { buffer.push(heard) }
    }

    private func becomeReady(at time: Timestamp) {
        let waiting = state.withLock { state in
            state.isReady = true
            defer { state.waitsForReady = [] }
            return state.waitsForReady
        }
        for (_, call) in waiting { call.completion(.success(call.returned(.done, at: time))) }
    }

    // MARK: The end

    /// The link has ended; the first word counts. Whoever waits is told, and all sequences end.
    func finish(_ end: MQTTLinkError) {
        let (calls, waiting, audience, end) = state.withLock { state in
            let end = state.end ?? end
            state.end = end
            state.isRunning = false
            state.isOnline = false
            state.isReady = false
            state.session = nil
            state.isAsking = false
            defer {
                state.calls = [:]
                state.waitsForReady = []
                state.audience = LinkAudience()
            }
            return (state.calls, state.waitsForReady, state.audience, end)
        }
        // In the order of the calls, as they would have returned.
        for id in calls.keys.sorted() { calls[id]?.completion(.failure(end)) }
        for (_, call) in waiting { call.completion(.failure(end)) }
        audience.finish()
    }
}

extension LinkDesk.OpenCall {
    fileprivate func returned(_ result: HostResult, at time: Timestamp) -> LinkDesk.Returned {
        let elapsed = MonotonicClock.nanoseconds() &- start
        return LinkDesk.Returned(
            result: result, duration: Nanoseconds(Int64(clamping: elapsed)), time: time)
    }
}
