import Signals

// Subscriptions outlive connections. Ref: MQTT 3.1.1 §3.8 to §3.11.

extension MQTTClient {
    mutating func subscribe(_ subscription: MQTTSubscription, tag: Int, at now: Timestamp) {
        if let refusal = refusal(of: subscription) {
            outputs.append(.dropped(.subscription(tag: tag, refusal)))
            return
        }
        subscriptions.hold(subscription, tag: tag)
        onConnection { client, connection throws(MQTTLoss) in
            client.send(subscription, tag: tag, on: &connection, at: now)
        }
    }

    mutating func unsubscribe(_ filter: [UInt8], tag: Int, at now: Timestamp) {
        if let refusal = refusal(ofCancelling: filter) {
            outputs.append(.dropped(.subscription(tag: tag, refusal)))
            return
        }
        subscriptions.cancel(filter, tag: tag)
        onConnection { client, connection throws(MQTTLoss) in
            client.sendCancellation(of: filter, tag: tag, on: &connection, at: now)
        }
    }

    private func refusal(of subscription: MQTTSubscription) -> MQTTUnsendable? {
        // It would bring messages that the client does not take.
        if subscription.qos == .exactlyOnce { return .exactlyOnce }
        if let refusal = refusal(ofFilter: subscription.filter) { return refusal }
        let hasRoom =
            subscriptions.holds(subscription.filter)
            || subscriptions.held.count < configuration.subscriptionsMax
        return hasRoom && mayRequest ? nil : .queueFull
    }

    private func refusal(ofCancelling filter: [UInt8]) -> MQTTUnsendable? {
        if let refusal = refusal(ofFilter: filter) { return refusal }
        let hasRoom = subscriptions.cancellations.count < configuration.subscriptionsMax
        return hasRoom && mayRequest ? nil : .queueFull
    }

    private func refusal(ofFilter filter: [UInt8]) -> MQTTUnsendable? {
        do throws(MQTTUnsendable) {
            try MQTTPacket.check(filter: filter)
            return nil
        } catch {
            return error
        }
    }

    /// A connection has room for a renewal of everything, and for no more at once.
    private var mayRequest: Bool {
        guard case .connected(let connection) = state else { return true }
        return connection.requests.count < 2 * configuration.subscriptionsMax
    }

    /// A new connection first learns what is not wanted any more, then what is.
    mutating func renewSubscriptions(on connection: inout ClientConnection, at now: Timestamp) {
        for cancellation in subscriptions.cancellations {
            sendCancellation(
                of: cancellation.filter, tag: cancellation.tag, on: &connection, at: now)
        }
        for held in subscriptions.held
        where !held.wasGranted || configuration.renewsSubscriptions {
            send(held.subscription, tag: held.tag, on: &connection, at: now)
        }
    }

    private mutating func send(
        _ subscription: MQTTSubscription, tag: Int, on connection: inout ClientConnection,
        at now: Timestamp
    ) {
        let request = ClientConnection.Request(
            kind: .subscribe, packetIdentifier: nextIdentifier(on: connection),
            filter: subscription.filter, tag: tag, waitsSince: now)
        connection.requests.append(request)
        send(.subscribe(packetIdentifier: request.packetIdentifier, [subscription]))
    }

    private mutating func sendCancellation(
        of filter: [UInt8], tag: Int, on connection: inout ClientConnection, at now: Timestamp
    ) {
        let request = ClientConnection.Request(
            kind: .unsubscribe, packetIdentifier: nextIdentifier(on: connection), filter: filter,
            tag: tag, waitsSince: now)
        connection.requests.append(request)
        send(.unsubscribe(packetIdentifier: request.packetIdentifier, [filter]))
    }

    mutating func takeSubscription(
        _ identifier: UInt16, codes: [UInt8], on connection: inout ClientConnection
    ) throws(MQTTLoss) {
        guard let request = request(.subscribe, identifier, on: &connection) else {
            outputs.append(
                .dropped(
                    .acknowledgement(.subscribeAcknowledgement, packetIdentifier: identifier)))
            return
        }
        guard codes.count == 1, let code = codes.first else {
            throw .fault(.codeCount(expected: 1, actual: codes.count))
        }
        // The reader lets no other code pass than those of a qos and of a refusal.
        let granted = MQTTQualityOfService(rawValue: code)
        if granted != nil { subscriptions.markGranted(request.filter, tag: request.tag) }
        outputs.append(.subscribed(tag: request.tag, granted: granted))
    }

    mutating func takeCancellation(
        _ identifier: UInt16, on connection: inout ClientConnection
    ) {
        guard let request = request(.unsubscribe, identifier, on: &connection) else {
            outputs.append(
                .dropped(
                    .acknowledgement(.unsubscribeAcknowledgement, packetIdentifier: identifier)))
            return
        }
        subscriptions.finishCancellation(of: request.filter, tag: request.tag)
        outputs.append(.unsubscribed(tag: request.tag))
    }

    /// Takes the request that an acknowledgement names off the list.
    private func request(
        _ kind: ClientConnection.Request.Kind, _ identifier: UInt16,
        on connection: inout ClientConnection
    ) -> ClientConnection.Request? {
        let index = connection.requests.firstIndex {
            $0.kind == kind && $0.packetIdentifier == identifier
        }
        guard let index else { return nil }
        return connection.requests.remove(at: index)
    }

    /// A broker that does not answer subscriptions is not worth keeping.
    func checkRequests(on connection: ClientConnection, at now: Timestamp) throws(MQTTLoss) {
        guard connection.stoppedReading == nil, let oldest = connection.requests.first else {
            return
        }
        if now >= oldest.waitsSince + configuration.responseTime { throw .notAcknowledged }
    }
}
