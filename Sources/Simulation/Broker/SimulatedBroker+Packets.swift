import MQTTProtocol
import Signals

// What clients send. Ref: MQTT 3.1.1 §3, §4.8.

extension SimulatedBroker {
    /// Takes a client's bytes, packet by packet, until one ends the connection.
    mutating func receive(_ bytes: [UInt8], from connection: Int, at now: Timestamp) {
        guard let index = clientIndex(of: connection) else { return }
        clients[index].reader.append(bytes)
        while let index = clientIndex(of: connection) {
            do throws(MQTTFault) {
                guard let reading = try clients[index].reader.next() else { return }
                clients[index].lastPacket = now
                take(reading, from: connection, at: now)
            } catch {
                if case .protocolLevel = error, clients[index].clientIdentifier == nil {
                    refuse(connection, .unacceptableProtocol, at: now)
                } else {
                    close(connection, at: now)
                }
            }
        }
    }

    private mutating func take(_ reading: MQTTReading, from connection: Int, at now: Timestamp) {
        guard case .packet(let packet) = reading else {
            close(connection, at: now)
            return
        }
        let isGreeted = clientIndex(of: connection).map { clients[$0].clientIdentifier != nil }
        if case .connect(let connect) = packet, isGreeted == false {
            greet(connect, on: connection, at: now)
        } else if isGreeted == true {
            take(packet, from: connection, at: now)
        } else {
            close(connection, at: now)
        }
    }

    /// Takes a packet of a client that is connected.
    private mutating func take(_ packet: MQTTPacket, from connection: Int, at now: Timestamp) {
        switch packet {
        case .publish(let publish): take(publish, from: connection, at: now)
        case .publishAcknowledgement(let identifier):
            takeAcknowledgement(identifier, from: connection, at: now)
        case .subscribe(let identifier, let subscriptions):
            subscribe(subscriptions, identifier: identifier, on: connection, at: now)
        case .unsubscribe(let identifier, let filters):
            if let session = sessionIndex(on: connection) {
                for filter in filters { sessions[session].unsubscribe(filter) }
            }
            send(.unsubscribeAcknowledgement(identifier), to: connection)
        case .pingRequest: send(.pingResponse, to: connection)
        case .disconnect: disconnect(connection, at: now)
        case .connect, .connectAcknowledgement, .publishReceived, .publishRelease,
            .publishComplete, .subscribeAcknowledgement, .unsubscribeAcknowledgement,
            .pingResponse:
            close(connection, at: now)
        }
    }

    private mutating func take(
        _ publish: MQTTPublish, from connection: Int, at now: Timestamp
    ) {
        if publish.qos == .exactlyOnce {
            close(connection, at: now)
            return
        }
        if publish.qos == .atLeastOnce {
            send(.publishAcknowledgement(publish.packetIdentifier), to: connection)
        }
        accept(
            BrokerArrival(
                topic: publish.topic, message: publish.message, qos: publish.qos,
                isDuplicate: publish.isDuplicate, isRetained: publish.isRetained,
                connection: connection), at: now)
    }

    private mutating func takeAcknowledgement(
        _ identifier: UInt16, from connection: Int, at now: Timestamp
    ) {
        guard let session = sessionIndex(on: connection),
            let delivered = sessions[session].acknowledge(identifier)
        else { return }
        append(
            .acknowledged(
                BrokerDelivery(
                    topic: delivered.message.topic, message: delivered.message.message,
                    connection: connection, packetIdentifier: identifier)))
        sendWaiting(on: connection, at: now)
    }

    /// Every filter brings the kept messages that it chooses, also one that was there before.
    /// Ref: MQTT 3.1.1 §3.8.4.
    private mutating func subscribe(
        _ subscriptions: [MQTTSubscription], identifier: UInt16, on connection: Int,
        at now: Timestamp
    ) {
        guard let session = sessionIndex(on: connection) else { return }
        var granted: [MQTTSubscription] = []
        var codes: [UInt8] = []
        for var subscription in subscriptions {
            subscription.qos = min(subscription.qos, .atLeastOnce)
            let isGranted = sessions[session].subscribe(
                subscription, countMax: configuration.subscriptionsMax)
            codes.append(isGranted ? subscription.qos.rawValue : MQTTPacket.subscriptionRefused)
            if isGranted { granted.append(subscription) }
        }
        send(.subscribeAcknowledgement(packetIdentifier: identifier, codes), to: connection)
        for subscription in granted { deliverRetained(to: subscription, on: connection, at: now) }
    }
}
