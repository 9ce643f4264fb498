package import HostProtocol
public import LinkProtocol
public import Signals

extension MQTTLink {
    /// Publishes, and returns when the bridge has reported it done: with qos 0 when it has sent it, with
    /// qos 1 when the broker has acknowledged it. In an outage that can take as long as the outage.
    ///
    /// A publication with qos 1 is sent again after a crash of the bridge.
    ///
    /// - Parameters:
    ///   - topic: of characters from 1 to 126, without the wildcards `+` and `#`.
    ///   - message: of characters from 1 to 126.
    ///   - retain: whether the broker shall keep it.
    @discardableResult
    public func publish(
        _ topic: String, _ message: String, qos: QualityOfService = .atMostOnce,
        retain: Bool = false
    ) async throws -> PublicationResult {
        try await publish(
            topic: Array(topic.utf8), message: Array(message.utf8), qos: qos, retain: retain)
    }

    /// Publishes bytes; see the publishing of text.
    @discardableResult
    public func publish(
        topic: [UInt8], message: [UInt8], qos: QualityOfService = .atMostOnce,
        retain: Bool = false
    ) async throws -> PublicationResult {
        let returned = try await perform(
            .publish(topic: topic, message: message, isRetained: retain, qos: qos), as: .publish)
        return PublicationResult(
            isConfirmed: returned.result == .done, duration: returned.duration)
    }

    /// Subscribes to a topic filter, and gives the messages that it chooses.
    ///
    /// The subscription lasts until ``unsubscribe(_:)``, and is renewed at every start of the bridge. Can
    /// be called before that runs. Several subscriptions to one filter share it: each gets every
    /// message, and the latest `qos` counts.
    ///
    /// - Parameter bufferingMax: the most messages that wait to be read, within
    ///   ``bytesBufferedMax``; older ones are dropped and counted.
    public func subscribe(
        _ filter: String, qos: QualityOfService = .atMostOnce,
        bufferingMax: Int = MQTTLink.messagesBufferedMax
    ) async throws -> BufferedSequence<LinkMessage> {
        let filter = Array(filter.utf8)
        let limits = BufferLimits(
            elementsMax: max(1, bufferingMax), bytesMax: MQTTLink.bytesBufferedMax)
        // Before the call, so that no message comes too early; it is forgotten if that throws.
        let messages = BufferedSequence(desk.join(filter: filter, limits: limits))
        _ = try await perform(.subscribe(filter: filter, qos: qos), as: .subscribe)
        return messages
    }

    /// Subscribes to a topic filter, and calls `onMessage` with one message after the other until
    /// ``unsubscribe(_:)`` or the end of the link, or until the task that is returned is cancelled.
    @discardableResult
    public func subscribe(
        _ filter: String, qos: QualityOfService = .atMostOnce,
        bufferingMax: Int = MQTTLink.messagesBufferedMax,
        onMessage: @escaping @Sendable (LinkMessage) async -> Void
    ) async throws -> Task<Void, Never> {
        let messages = try await subscribe(filter, qos: qos, bufferingMax: bufferingMax)
        return Task { for await message in messages { await onMessage(message) } }
    }

    /// Forgets a subscription, and ends the sequences of its messages.
    ///
    /// The link has no word for it: the broker goes on sending until the bridge starts anew, and
    /// what it sends is passed over.
    public func unsubscribe(_ filter: String) async throws {
        let filter = Array(filter.utf8)
        _ = try await perform(.unsubscribe(filter: filter), as: .unsubscribe)
        desk.leave(filter: filter)
    }

    /// Returns when the bridge runs and the network is up.
    public func ready() async throws {
        _ = try await awaitReturn { desk.openReady(id: $0, completion: $1) }
    }

    /// Asks a time server, and returns when the time is known.
    ///
    /// - Parameters:
    ///   - pause: how long to wait before asking again; from none to a year.
    ///   - y2k: count from 2000 instead of 1970.
    /// - Returns: seconds since the first moment of 1970, or of 2000, in UTC.
    public func time(
        pause: Nanoseconds = MQTTLink.timePause, y2k: Bool = false
    ) async throws -> Int64 {
        let pause = min(max(pause, .zero), ConfigurationText.timeMax)
        let returned = try await perform(.time(pause: pause, countsFrom2000: y2k), as: .time)
        guard case .time(let seconds) = returned.result else { throw unexpected(returned) }
        return seconds
    }

    /// How long the reference waits before it asks for the time again.
    public static var timePause: Nanoseconds { .seconds(120) }

    /// The bridge's memory.
    public func memory() async throws -> BridgeMemory {
        let returned = try await perform(.memory, as: .memory)
        guard case .memory(let free, let allocated) = returned.result else {
            throw unexpected(returned)
        }
        return BridgeMemory(freeBytes: free, allocatedBytes: allocated)
    }

    /// Sends a command of the application's own, and returns when it has left the wire.
    ///
    /// - Parameter fields: its fields, of characters from 1 to 126; the first is a word.
    public func command(_ fields: String...) async throws {
        let string = MQTTLink.joined(fields.map { Array($0.utf8) })
        _ = try await perform(.command(string), as: .command)
    }

    /// Resets the bridge although nothing is wrong.
    public func restart() async throws { _ = try await perform(.restart, as: .restart) }

    /// Fields as one string, as the link has them.
    package static func joined(_ fields: [[UInt8]]) -> [UInt8] {
        Array(fields.joined(separator: [0x7f]))
    }

    // MARK: Without tasks

    /// What a call without a task gives to whoever made it.
    package typealias Completion =
        @Sendable (
            _ result: Result<HostResult, any Error>, _ duration: Nanoseconds, _ time: Timestamp
        ) -> Void

    /// Makes a call; `completion` is called once, on whatever thread, and must not wait.
    package func begin(
        _ call: HostCall, as operation: MQTTLinkError.Operation,
        completion: @escaping Completion
    ) {
        desk.open(
            call, as: operation, id: desk.newID(), send: engine.send,
            completion: adapt(completion))
    }

    /// Waits without a task until the link is ready.
    package func beginReady(completion: @escaping Completion) {
        desk.openReady(id: desk.newID(), completion: adapt(completion))
    }

    private func adapt(_ completion: @escaping Completion) -> LinkDesk.Completion {
        { [desk] result in
            switch result {
            case .success(let returned):
                completion(.success(returned.result), returned.duration, returned.time)
            case .failure(let error): completion(.failure(error), .zero, desk.now)
            }
        }
    }

    // MARK: With tasks

    private func perform(
        _ call: HostCall, as operation: MQTTLinkError.Operation
    ) async throws -> LinkDesk.Returned {
        try await awaitReturn { id, completion in
            desk.open(call, as: operation, id: id, send: engine.send, completion: completion)
        }
    }

    private func awaitReturn(
        _ open: (_ id: Int, _ completion: @escaping LinkDesk.Completion) -> Void
    ) async throws -> LinkDesk.Returned {
        try Task.checkCancellation()
        let id = desk.newID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                open(id) { continuation.resume(with: $0) }
                // A task is cancelled before its handler runs, so one of both sees the other.
                if Task.isCancelled { desk.abandon(id) }
            }
        } onCancel: {
            desk.abandon(id)
        }
    }

    private func unexpected(_ returned: LinkDesk.Returned) -> MQTTLinkError {
        .ended("the host returned \(returned.result) to another call")
    }
}
