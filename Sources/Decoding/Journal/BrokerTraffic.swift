import MQTTProtocol

// The law of this file: any bytes in any pieces, in any order of openings and closings, give packets,
// or one fault for each connection and direction.

/// The bytes between bridge and broker, as packets.
struct BrokerTraffic: Sendable {
    /// Longer publications are told by their lengths.
    static let packetLengthMax = 1 << 20
    /// So many publications wait for their acknowledgement, in each direction; the oldest is forgotten.
    static let inFlightMax = 256

    private struct Direction: Sendable {
        var reader: MQTTPacketReader
        var isFaulted = false
        /// Publications of this sender with qos 1 or more that the other end has not acknowledged.
        var inFlight: [MQTTPublish] = []

        init(_ sender: MQTTSender) {
            reader = MQTTPacketReader(
                packetLengthMax: BrokerTraffic.packetLengthMax, sender: sender)
        }

        mutating func restart() {
            reader = MQTTPacketReader(
                packetLengthMax: BrokerTraffic.packetLengthMax, sender: reader.sender)
            isFaulted = false
        }
    }

    private var fromBridge = Direction(.client)
    private var fromBroker = Direction(.server)

    /// Another connection: the next byte is a packet's first. What is in flight stays: a session can
    /// outlive its connection.
    mutating func restart() {
        fromBridge.restart()
        fromBroker.restart()
    }

    /// The bridge forgets everything.
    mutating func forget() { self = BrokerTraffic() }

    /// The packets that these bytes complete.
    mutating func take(_ bytes: [UInt8], from sender: MQTTSender) -> [JournalEvent.Content] {
        var contents: [JournalEvent.Content] = []
        withDirection(sender) { $0.reader.append(bytes) }
        while let next = next(from: sender) { contents.append(next) }
        return contents
    }

    private mutating func next(from sender: MQTTSender) -> JournalEvent.Content? {
        do throws(MQTTFault) {
            guard let reading = try withDirection(sender, nextReading) else { return nil }
            return .packet(reading, from: sender, acknowledges: follow(reading, from: sender))
        } catch {
            let isTold = withDirection(sender) { $0.isFaulted }
            withDirection(sender) { $0.isFaulted = true }
            return isTold ? nil : .notMQTT(error, from: sender)
        }
    }

    private func nextReading(_ direction: inout Direction) throws(MQTTFault) -> MQTTReading? {
        try direction.reader.next()
    }

    /// Remembers a publication, or finds the one that is acknowledged.
    private mutating func follow(_ reading: MQTTReading, from sender: MQTTSender) -> MQTTPublish? {
        guard case .packet(let packet) = reading else { return nil }
        switch packet {
        case .publish(let publish) where publish.qos != .atMostOnce:
            withDirection(sender) { direction in
                direction.inFlight.removeAll {
                    $0.packetIdentifier == publish.packetIdentifier
                }
                if direction.inFlight.count == Self.inFlightMax { direction.inFlight.removeFirst() }
                direction.inFlight.append(publish)
            }
            return nil
        case .publishAcknowledgement(let identifier):
            let other: MQTTSender = sender == .client ? .server : .client
            return withDirection(other) { direction in
                let place = direction.inFlight.firstIndex { $0.packetIdentifier == identifier }
                return place.map { direction.inFlight.remove(at: $0) }
            }
        default: return nil
        }
    }

    @discardableResult
    private mutating func withDirection<Result, Failure: Error>(
        _ sender: MQTTSender, _ body: (inout Direction) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch sender {
        case .client: try body(&fromBridge)
        case .server: try body(&fromBroker)
        }
    }
}
