import MQTTProtocol
import Signals

// Who is there. Ref: MQTT 3.1.1 §3.1, §3.2, §3.14.

extension SimulatedBroker {
    /// Answers a CONNECT, and sends what waits for its client.
    mutating func greet(_ connect: MQTTConnect, on connection: Int, at now: Timestamp) {
        if let refusal = refusal(of: connect) {
            refuse(connection, refusal, at: now)
            return
        }
        let name = connect.clientIdentifier.isEmpty ? nextName() : connect.clientIdentifier
        takeOver(name, at: now)
        if connect.cleanSession { sessions.removeAll { $0.clientIdentifier == name } }
        guard let index = clientIndex(of: connection) else { return }
        let isPresent = sessionIndex(of: name) != nil
        if !isPresent {
            guard sessions.count < configuration.sessionsMax else {
                refuse(connection, .serverUnavailable, at: now)
                return
            }
            sessions.append(BrokerSession(clientIdentifier: name, isClean: connect.cleanSession))
        }
        clients[index].clientIdentifier = name
        clients[index].will = connect.will
        if connect.keepAliveSeconds > 0 {
            clients[index].silenceMax = .milliseconds(1_500 * Int64(connect.keepAliveSeconds))
        }
        if let session = sessionIndex(of: name) { sessions[session].connection = connection }
        send(.connectAcknowledgement(sessionPresent: isPresent, .accepted), to: connection)
        resend(on: connection, before: now, at: now)
        sendWaiting(on: connection, at: now)
    }

    private func refusal(of connect: MQTTConnect) -> MQTTReturnCode? {
        if let code = configuration.refuses, code != .accepted { return code }
        if connect.clientIdentifier.isEmpty, !connect.cleanSession { return .identifierRejected }
        if let user = configuration.user, connect.user != user { return .badUserOrPassword }
        if let password = configuration.password, connect.password != password {
            return .badUserOrPassword
        }
        return nil
    }

    /// Says no and closes the connection, on which no will was registered.
    mutating func refuse(_ connection: Int, _ code: MQTTReturnCode, at now: Timestamp) {
        send(.connectAcknowledgement(sessionPresent: false, code), to: connection)
        close(connection, at: now)
    }

    /// A name for a client that has none; nobody else can have it, because U+0000 is no text.
    private mutating func nextName() -> [UInt8] {
        namelessClients += 1
        return [0] + Array("\(namelessClients)".utf8)
    }

    /// A client that connects again ends its own older connection.
    private mutating func takeOver(_ name: [UInt8], at now: Timestamp) {
        guard let session = sessionIndex(of: name), let older = sessions[session].connection else {
            return
        }
        close(older, at: now)
    }

    /// The client says goodbye: no will.
    mutating func disconnect(_ connection: Int, at now: Timestamp) {
        if let index = clientIndex(of: connection) { clients[index].will = nil }
        close(connection, at: now)
    }

    /// Closes a connection from this end.
    mutating func close(_ connection: Int, at now: Timestamp) {
        append(.close(connection))
        leave(connection, at: now)
    }

    /// Forgets a connection, with its session if that was clean, and publishes its will.
    mutating func leave(_ connection: Int, at now: Timestamp) {
        guard let index = clientIndex(of: connection) else { return }
        let client = clients.remove(at: index)
        if let session = sessionIndex(on: connection) {
            if sessions[session].isClean {
                sessions.remove(at: session)
            } else {
                sessions[session].connection = nil
            }
        }
        guard let will = client.will else { return }
        accept(
            BrokerArrival(
                topic: will.topic, message: will.message, qos: min(will.qos, .atLeastOnce),
                isRetained: will.isRetained, connection: connection, isWill: true), at: now)
    }

    mutating func fireDeadlines(at now: Timestamp) {
        for client in clients {
            if let deadline = client.deadline, now >= deadline {
                close(client.connection, at: now)
            }
        }
        guard let retryInterval = configuration.retryInterval else { return }
        for client in clients {
            resend(on: client.connection, before: now - retryInterval, at: now)
        }
    }
}
