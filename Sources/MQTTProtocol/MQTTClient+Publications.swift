import Signals

// Publications, one in flight at a time. Ref: Documentation/Protocol.md, Publishing.

extension MQTTClient {
    mutating func publish(_ publish: MQTTPublish, tag: Int, at now: Timestamp) {
        if let refusal = refusal(of: publish) {
            outputs.append(.dropped(.publication(tag: tag, refusal)))
            return
        }
        publications.append(publish, tag: tag)
        onConnection { client, connection throws(MQTTLoss) in
            client.sendPublications(on: &connection, at: now)
        }
    }

    /// Why a publication cannot be taken; nil when it can. One that is taken can be sent.
    private func refusal(of publish: MQTTPublish) -> MQTTUnsendable? {
        if publish.qos == .exactlyOnce { return .exactlyOnce }
        var example = publish
        example.packetIdentifier = publish.qos == .atMostOnce ? 0 : 1
        do throws(MQTTUnsendable) {
            try example.checkSendable()
        } catch {
            return error
        }
        let length = example.packetLength
        if length > configuration.packetLengthMax || length > PacketLength.valueMax {
            return .packetTooLong(length: length)
        }
        return publications.count < configuration.publicationsMax ? nil : .queueFull
    }

    /// Sends until one has to be waited for, or none is left.
    mutating func sendPublications(on connection: inout ClientConnection, at now: Timestamp) {
        while connection.inFlight == nil, let publication = publications.first {
            let identifier =
                publication.publish.qos == .atMostOnce ? 0 : nextIdentifier(on: connection)
            let isSent = send(publication, identifier: identifier, isDuplicate: false)
            guard isSent else { continue }
            if publication.wasSent {
                outputs.append(.repeated(tag: publication.tag, asDuplicate: false))
            }
            let written = now + configuration.pacing.writeDelay
            connection.inFlight = ClientConnection.InFlight(
                packetIdentifier: identifier, written: written, waitsSince: written,
                complete: identifier == 0 ? written : nil)
            finishPublication(on: &connection, at: now)
        }
    }

    /// Sends the oldest publication. One that cannot be sent after all is over.
    private mutating func send(
        _ publication: PublicationQueue.Item, identifier: UInt16, isDuplicate: Bool
    ) -> Bool {
        var publish = publication.publish
        publish.packetIdentifier = identifier
        publish.isDuplicate = isDuplicate
        do throws(MQTTUnsendable) {
            outputs.append(.send(try MQTTPacket.publish(publish).encoded()))
            return true
        } catch {
            publications.removeFirst()
            outputs.append(.dropped(.publication(tag: publication.tag, error)))
            return false
        }
    }

    mutating func takeAcknowledgement(
        _ identifier: UInt16, on connection: inout ClientConnection, at now: Timestamp
    ) {
        guard let inFlight = connection.inFlight, inFlight.packetIdentifier == identifier,
            inFlight.complete == nil
        else {
            outputs.append(
                .dropped(
                    .acknowledgement(.publishAcknowledgement, packetIdentifier: identifier)))
            return
        }
        connection.inFlight?.complete = firstLook(after: inFlight.written, at: now)
        finishPublication(on: &connection, at: now)
        sendPublications(on: &connection, at: now)
    }

    /// When an acknowledgement that is there now is seen: at the first multiple of the poll's period
    /// after the write, however early it came.
    private func firstLook(after written: Timestamp, at now: Timestamp) -> Timestamp {
        let period = configuration.pacing.acknowledgementPoll.count
        if period == 0 { return max(now, written) }
        let waited = max(1, (now - written).count)
        return written + Nanoseconds((waited + period - 1) / period * period)
    }

    /// The publication in flight is over if the moment of its completion has come.
    private mutating func finishPublication(
        on connection: inout ClientConnection, at now: Timestamp
    ) {
        guard let complete = connection.inFlight?.complete, complete <= now else { return }
        connection.inFlight = nil
        guard let publication = publications.first else { return }
        publications.removeFirst()
        outputs.append(.published(tag: publication.tag))
    }

    /// Completes or repeats the publication in flight, where that is due.
    mutating func firePublication(
        on connection: inout ClientConnection, at now: Timestamp
    ) throws(MQTTLoss) {
        finishPublication(on: &connection, at: now)
        try repeatPublication(on: &connection, at: now)
        sendPublications(on: &connection, at: now)
    }

    private mutating func repeatPublication(
        on connection: inout ClientConnection, at now: Timestamp
    ) throws(MQTTLoss) {
        guard connection.stoppedReading == nil, var inFlight = connection.inFlight,
            inFlight.complete == nil, now >= inFlight.waitsSince + configuration.responseTime,
            let publication = publications.first
        else { return }
        if inFlight.repetitions >= configuration.republicationsMax { throw .notAcknowledged }
        guard send(publication, identifier: inFlight.packetIdentifier, isDuplicate: true) else {
            connection.inFlight = nil
            return
        }
        outputs.append(.repeated(tag: publication.tag, asDuplicate: true))
        inFlight.repetitions += 1
        inFlight.written = now + configuration.pacing.writeDelay
        inFlight.waitsSince = inFlight.written
        connection.inFlight = inFlight
    }
}
