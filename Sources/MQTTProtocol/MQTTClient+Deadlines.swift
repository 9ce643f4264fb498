import Signals

// What happens because nothing else did. Ref: Documentation/Protocol.md, Sessions.

extension MQTTClient {
    mutating func fireDeadlines(at now: Timestamp) {
        switch state {
        case .idle: break
        case .opening(let opening):
            if now >= opening.until { closeTransport(because: .transportNotOpened) }
        case .greeting(let greeting):
            if now >= greeting.until { closeTransport(because: .noConnectAcknowledgement) }
        case .pausing(let until):
            if now >= until { endPause(at: now) }
        case .connected:
            onConnection { client, connection throws(MQTTLoss) in
                try client.checkSilence(on: connection, at: now)
                try client.firePublication(on: &connection, at: now)
                try client.checkRequests(on: connection, at: now)
                client.ping(on: &connection, at: now)
            }
        }
    }

    private func checkSilence(
        on connection: ClientConnection, at now: Timestamp
    ) throws(MQTTLoss) {
        guard connection.stoppedReading == nil else { return }
        if now >= connection.silentSince + configuration.silenceMax { throw .silence }
    }

    private mutating func ping(on connection: inout ClientConnection, at now: Timestamp) {
        guard now >= connection.nextPing else { return }
        send(.pingRequest)
        connection.nextPing = now + configuration.pingInterval
    }

    mutating func setReading(_ isReading: Bool, at now: Timestamp) {
        guard isReading != self.isReading else { return }
        self.isReading = isReading
        guard case .connected = state else { return }
        outputs.append(.setReading(isReading))
        onConnection { client, connection throws(MQTTLoss) in
            if isReading {
                connection.resumeReading(at: now)
            } else {
                connection.stoppedReading = now
            }
        }
    }
}
