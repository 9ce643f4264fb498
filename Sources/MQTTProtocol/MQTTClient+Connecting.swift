import Signals

// From no connection to one and back. Ref: Documentation/Protocol.md, Sessions.

extension MQTTClient {
    mutating func connect(at now: Timestamp) {
        guard case .idle = state else { return }
        let erases = !configuration.cleanSession && !configuration.resumes && !hasErasedSession
        open(for: erases ? .erasing : .using, at: now)
    }

    /// A CONNECT that cannot be sent is found out before anything is opened for it.
    private mutating func open(for purpose: Purpose, at now: Timestamp) {
        let connect = configuration.connect(cleanSession: isClean(purpose))
        do throws(MQTTUnsendable) {
            let bytes = try MQTTPacket.connect(connect).encoded()
            state = .opening(
                Opening(
                    connect: bytes, purpose: purpose, until: now + configuration.connectTimeout))
            outputs.append(.openTransport)
        } catch {
            end(because: .unsendable(error))
        }
    }

    private func isClean(_ purpose: Purpose) -> Bool {
        switch purpose {
        case .erasing: true
        case .using: configuration.cleanSession
        }
    }

    mutating func greet(at now: Timestamp) {
        guard case .opening(let opening) = state else { return }
        outputs.append(.send(opening.connect))
        let reader = MQTTPacketReader(
            packetLengthMax: configuration.packetLengthMax, sender: .server)
        state = .greeting(
            Greeting(
                reader: reader, purpose: opening.purpose,
                until: now + configuration.connectTimeout))
    }

    /// Takes the first bytes of the broker; only CONNACK can be the first packet.
    mutating func receiveFirst(_ bytes: [UInt8], at now: Timestamp) {
        guard case .greeting(var greeting) = state else { return }
        // The state lets go of the reader, so that its bytes are changed in place.
        state = .idle
        greeting.reader.append(bytes)
        do throws(MQTTFault) {
            switch try greeting.reader.next() {
            case nil: state = .greeting(greeting)
            case .packet(.connectAcknowledgement(let sessionPresent, let code)):
                if sessionPresent, isClean(greeting.purpose) {
                    throw .acknowledgeFlags(actual: 1)
                }
                answered(code, sessionPresent: sessionPresent, greeting: greeting, at: now)
            case .packet(let packet): throw .unexpectedPacket(packet.type, from: .server)
            case .oversized: throw .unexpectedPacket(.publish, from: .server)
            }
        } catch {
            closeTransport(because: .fault(error))
        }
    }

    private mutating func answered(
        _ code: MQTTReturnCode, sessionPresent: Bool, greeting: Greeting, at now: Timestamp
    ) {
        guard code == .accepted else {
            outputs.append(.closeTransport)
            outputs.append(.refused(code))
            return
        }
        switch greeting.purpose {
        case .erasing:
            hasErasedSession = true
            send(.disconnect)
            outputs.append(.closeTransport)
            state = .pausing(until: now + configuration.cleanPause)
        case .using:
            outputs.append(.connected(sessionPresent: sessionPresent))
            if !isReading { outputs.append(.setReading(false)) }
            state = .connected(
                ClientConnection(
                    reader: greeting.reader, isReading: isReading,
                    pingInterval: configuration.pingInterval, at: now))
            onConnection { client, connection throws(MQTTLoss) in
                client.renewSubscriptions(on: &connection, at: now)
                client.sendPublications(on: &connection, at: now)
                try client.readPackets(on: &connection, at: now)
            }
        }
    }

    mutating func endPause(at now: Timestamp) { open(for: .using, at: now) }

    mutating func transportClosed() {
        switch state {
        case .idle, .pausing: break
        case .opening, .greeting: end(because: .closedByPeer)
        case .connected(let connection):
            abandon(connection)
            end(because: .closedByPeer)
        }
    }

    mutating func disconnect() {
        switch state {
        case .idle: break
        case .pausing: end(because: .disconnected)
        case .opening: closeTransport(because: .disconnected)
        case .greeting:
            send(.disconnect)
            closeTransport(because: .disconnected)
        case .connected(let connection):
            abandon(connection)
            send(.disconnect)
            closeTransport(because: .disconnected)
        }
    }

    /// Works on the connection, if there is one, and loses it where that fails.
    mutating func onConnection(
        _ work: (inout MQTTClient, inout ClientConnection) throws(MQTTLoss) -> Void
    ) {
        guard case .connected(var connection) = state else { return }
        // The state lets go of the connection, so that its arrays are changed in place.
        state = .idle
        do throws(MQTTLoss) {
            try work(&self, &connection)
            state = .connected(connection)
        } catch {
            abandon(connection)
            closeTransport(because: error)
        }
    }

    /// A publication that was in flight is complete if only pacing was left of it, and else is sent
    /// again as a new one.
    private mutating func abandon(_ connection: ClientConnection) {
        guard let inFlight = connection.inFlight, let publication = publications.first else {
            return
        }
        if inFlight.complete == nil {
            publications.markFirstSent()
        } else {
            publications.removeFirst()
            outputs.append(.published(tag: publication.tag))
        }
    }

    mutating func closeTransport(because loss: MQTTLoss) {
        outputs.append(.closeTransport)
        end(because: loss)
    }

    private mutating func end(because loss: MQTTLoss) {
        state = .idle
        outputs.append(.lost(loss))
    }

    /// For packets that always can be sent.
    mutating func send(_ packet: MQTTPacket) {
        if let bytes = try? packet.encoded() { outputs.append(.send(bytes)) }
    }

    /// The next packet identifier that nothing on the connection has; 1 to 65,535, then 1 again.
    mutating func nextIdentifier(on connection: ClientConnection) -> UInt16 {
        // Limits keep far fewer in use than there are, so this ends.
        repeat {
            lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
        } while connection.inFlight?.packetIdentifier == lastIdentifier
            || connection.requests.contains { $0.packetIdentifier == lastIdentifier }
        return lastIdentifier
    }
}
