import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: the client hears and is heard here, and nowhere else.

/// A subscription that the client holds.
struct HeldSubscription: Sendable {
    var tag: Int
    var filter: [UInt8]
}

extension BridgeSession {
    /// Tells the client something, and does what it wants.
    ///
    /// What it wants can lead to telling it more: that waits until it is drained.
    mutating func tell(_ input: MQTTClient.Input, at now: Timestamp) {
        clientInputs.append(input)
        if isPumping { return }
        isPumping = true
        while let input = clientInputs.popFirst() {
            client.handle(input, at: now)
            while let output = client.nextOutput() { take(output, at: now) }
        }
        isPumping = false
        controlFlow(at: now)
    }

    private mutating func take(_ output: MQTTClient.Output, at now: Timestamp) {
        switch output {
        case .openTransport: openTransport()
        case .closeTransport: closeTransport()
        case .send(let bytes): if isTransportOpen { outputs.append(.transportSend(bytes)) }
        case .setReading(let isReading):
            if isTransportOpen { outputs.append(.setReading(isReading)) }
        case .connected(let sessionPresent):
            note(.connected(sessionPresent: sessionPresent))
            connectionStands(at: now)
        case .refused(let code):
            note(.connectionRefused(code))
            connectionFailed(at: now)
        case .lost(let loss):
            note(.connectionLost(ConnectionLoss(loss)))
            connectionFailed(at: now)
        case .published(let tag): published(tag, at: now)
        case .repeated(_, let asDuplicate): note(.publicationRepeated(asDuplicate: asDuplicate))
        case .subscribed(let tag, let granted):
            let held = subscriptions.first { $0.tag == tag }
            note(.subscribed(filter: held?.filter ?? [], granted: granted))
            subscribed(tag, at: now)
        case .unsubscribed: break
        case .message(let message, let delivery): deliver(message, delivery: delivery, at: now)
        case .dropped(let drop): take(drop, at: now)
        }
    }

    private mutating func take(_ drop: MQTTDrop, at now: Timestamp) {
        switch drop {
        case .publication(let tag, _), .subscription(let tag, _): unsendable(tag, at: now)
        case .acknowledgement(_, let packetIdentifier):
            note(.acknowledgementUnexpected(packetIdentifier: packetIdentifier))
        case .oversized(_, _, let length, _):
            note(.messageDropped(topic: [], length: length, .tooLong))
        case .redelivery(let packetIdentifier):
            note(.messageRepeated(packetIdentifier: packetIdentifier))
        case .undelivered(let packetIdentifier):
            note(.messagePutOff(packetIdentifier: packetIdentifier))
        }
    }

    private mutating func openTransport() {
        guard let fields else { return }
        isTransportOpen = true
        var port = fields.port
        if port == 0 { port = fields.usesTLS ? 8883 : 1883 }
        outputs.append(
            .openTransport(
                BrokerAddress(
                    name: fields.broker, port: port, usesTLS: fields.usesTLS,
                    tlsLiteral: fields.tlsParameters)))
    }

    mutating func closeTransport() {
        guard isTransportOpen else { return }
        isTransportOpen = false
        outputs.append(.closeTransport)
    }

    /// Holds a subscription's filter for events.
    mutating func hold(_ filter: [UInt8], tag: Int) {
        subscriptions.removeAll { $0.filter == filter }
        // The client refuses one that is too many.
        guard subscriptions.count < client.configuration.subscriptionsMax else { return }
        subscriptions.append(HeldSubscription(tag: tag, filter: filter))
    }

    /// Passes a message of the broker on to the host.
    private mutating func deliver(_ message: MQTTMessage, delivery: Int?, at now: Timestamp) {
        if imitates(.taskDiesAlone), !messageTaskIsDead, !message.message.isUTF8 {
            imitate(.taskDiesAlone)
            messageTaskIsDead = true
        }
        if messageTaskIsDead { return drop(message, .taskDead) }
        guard let frame = frame(of: message) else {
            drop(message, .unsendableBytes)
            return acknowledge(delivery, at: now)
        }
        guard frame.count <= outbox.frameLengthMax else {
            drop(message, .tooLong)
            return acknowledge(delivery, at: now)
        }
        let look = BridgePacing.next(
            multipleOf: configuration.pacing.queuePoll, since: runningSince, from: now)
        var awaited = delivery
        if delivery != nil {
            if imitates(.acknowledgedBeforeDelivery) { imitate(.acknowledgedBeforeDelivery) }
            if imitates(.acknowledgedBeforeDelivery)
                || !configuration.protections.acknowledgesAfterFrame
            {
                acknowledge(delivery, at: now)
                awaited = nil
            }
        }
        guard
            outbox.append(
                frame, .message(delivery: awaited),
                due: look + configuration.pacing.messageOverhead)
        else {
            drop(message, .queueFull)
            return acknowledge(awaited, at: now)
        }
        submitFrames(at: now)
    }

    private mutating func drop(_ message: MQTTMessage, _ reason: MessageDropReason) {
        note(
            .messageDropped(topic: message.topic, length: message.message.count, reason))
    }

    mutating func acknowledge(_ delivery: Int?, at now: Timestamp) {
        if let delivery { tell(.delivered(delivery), at: now) }
    }

    /// The frame of a message; nil when the link cannot carry it.
    private mutating func frame(of message: MQTTMessage) -> [UInt8]? {
        let isPlain = EscapedBytes.isPlain(message.topic) && EscapedBytes.isPlain(message.message)
        if isPlain {
            return written(
                .publication(
                    topic: message.topic, message: message.message,
                    isRetained: message.isRetained))
        }
        if imitates(.unsendableBytes) {
            imitate(.unsendableBytes)
            return RawFrame.publication(message)
        }
        guard fields?.readsEscapes == true else { return nil }
        return written(
            .escapedPublication(
                topic: message.topic, message: message.message, isRetained: message.isRetained))
    }

    private func written(_ message: BridgeMessage) -> [UInt8]? {
        do throws(UnsendableMessage) {
            return try message.write(dialect: .current)
        } catch {
            return nil
        }
    }
}
