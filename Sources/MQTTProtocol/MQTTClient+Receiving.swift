import Signals

// What the broker sends. Ref: MQTT 3.1.1 §4.

extension MQTTClient {
    mutating func receive(_ bytes: [UInt8], at now: Timestamp) {
        guard !bytes.isEmpty else { return }
        switch state {
        case .idle, .opening, .pausing: break
        case .greeting: receiveFirst(bytes, at: now)
        case .connected:
            onConnection { client, connection throws(MQTTLoss) in
                connection.silentSince = now
                connection.reader.append(bytes)
                try client.readPackets(on: &connection, at: now)
            }
        }
    }

    /// Takes every packet that is complete, up to one that could be a message for which there is no
    /// room. That and what is behind it wait, as bytes, for `.delivered`.
    ///
    /// One read of a socket can hold thousands of messages, and on the same connection the broker
    /// sends none of them again. Ref: MQTT 3.1.1 §4.4.
    mutating func readPackets(
        on connection: inout ClientConnection, at now: Timestamp
    ) throws(MQTTLoss) {
        while connection.canTakeMessage,
            let reading = try Self.nextReading(of: &connection.reader)
        {
            switch reading {
            case .packet(let packet): try take(packet, on: &connection, at: now)
            case .oversized(let identifier, let qos, let length, let topicLength):
                if qos == .exactlyOnce { throw .qualityOfServiceTwo }
                outputs.append(
                    .dropped(
                        .oversized(
                            packetIdentifier: identifier, qos: qos, length: length,
                            topicLength: topicLength)))
                if qos == .atLeastOnce { takeOversized(identifier, on: &connection) }
            }
        }
    }

    private static func nextReading(
        of reader: inout MQTTPacketReader
    ) throws(MQTTLoss) -> MQTTReading? {
        do throws(MQTTFault) {
            return try reader.next()
        } catch {
            throw .fault(error)
        }
    }

    private mutating func take(
        _ packet: MQTTPacket, on connection: inout ClientConnection, at now: Timestamp
    ) throws(MQTTLoss) {
        switch packet {
        case .publish(let publish): try take(publish, on: &connection)
        case .publishAcknowledgement(let identifier):
            takeAcknowledgement(identifier, on: &connection, at: now)
        case .subscribeAcknowledgement(let identifier, let codes):
            try takeSubscription(identifier, codes: codes, on: &connection)
        case .unsubscribeAcknowledgement(let identifier):
            takeCancellation(identifier, on: &connection)
        case .publishReceived(let identifier), .publishRelease(let identifier),
            .publishComplete(let identifier):
            // Steps of qos 2, which this client begins with nobody.
            outputs.append(.dropped(.acknowledgement(packet.type, packetIdentifier: identifier)))
        case .pingResponse: break
        case .connectAcknowledgement, .connect, .subscribe, .unsubscribe, .pingRequest,
            .disconnect:
            throw .fault(.unexpectedPacket(packet.type, from: .server))
        }
    }

    private mutating func take(
        _ publish: MQTTPublish, on connection: inout ClientConnection
    ) throws(MQTTLoss) {
        switch publish.qos {
        case .atMostOnce:
            outputs.append(.message(MQTTMessage(publish), delivery: nil))
        case .atLeastOnce:
            let number = lastDelivery &+ 1
            switch connection.deliveries.arrive(publish.packetIdentifier, number: number) {
            case .new:
                lastDelivery = number
                outputs.append(.message(MQTTMessage(publish), delivery: number))
            case .again:
                // Some brokers repeat what is not acknowledged, marked as a duplicate. It is the
                // message that the owner has already: one delivery, one acknowledgement. Without
                // the mark it would be another message under a number that is taken.
                guard publish.isDuplicate else {
                    throw .fault(.packetIdentifierInUse(publish.packetIdentifier))
                }
                outputs.append(
                    .dropped(.redelivery(packetIdentifier: publish.packetIdentifier)))
            case .full:
                outputs.append(
                    .dropped(.undelivered(packetIdentifier: publish.packetIdentifier)))
            }
        case .exactlyOnce: throw .qualityOfServiceTwo
        }
    }

    /// A message that nobody can take would come again for ever if it were not acknowledged.
    private mutating func takeOversized(
        _ packetIdentifier: UInt16, on connection: inout ClientConnection
    ) {
        let number = lastDelivery &+ 1
        let arrival = connection.deliveries.arrive(
            packetIdentifier, number: number, isDelivered: true)
        if arrival == .new { lastDelivery = number }
        acknowledgeDelivered(on: &connection)
    }

    mutating func delivered(_ number: Int, at now: Timestamp) {
        onConnection { client, connection throws(MQTTLoss) in
            connection.deliveries.deliver(number)
            client.acknowledgeDelivered(on: &connection)
            try client.readPackets(on: &connection, at: now)
        }
    }

    private mutating func acknowledgeDelivered(on connection: inout ClientConnection) {
        while let identifier = connection.deliveries.popDelivered() {
            send(.publishAcknowledgement(identifier))
        }
    }
}

extension MQTTMessage {
    init(_ publish: MQTTPublish) {
        self.init(
            topic: publish.topic, message: publish.message, qos: publish.qos,
            isRetained: publish.isRetained, isDuplicate: publish.isDuplicate)
    }
}
