// The law of this file: any bytes in any pieces give the same readings, and a bounded store.

/// What a reader finds in a stream of bytes.
public enum MQTTReading: Equatable, Sendable {
    /// A whole packet.
    case packet(MQTTPacket)
    /// A PUBLISH too long to be kept, skipped to its end. `length` counts the whole packet's bytes.
    case oversized(
        packetIdentifier: UInt16, qos: MQTTQualityOfService, length: Int, topicLength: Int)
}

/// Takes a stream of bytes apart into packets, in whatever pieces they come.
///
///     reader.append(bytes)
///     while let reading = try reader.next() { … }
///
/// It keeps less than one packet of `packetLengthMax` bytes and the last piece, provided that it is
/// drained after every piece; whoever does not drain it counts ``byteCount``. After a fault it stays faulted: the next packet's start is not known.
public struct MQTTPacketReader: Sendable {
    /// The longest packet that is kept, in bytes with its fixed header; at least
    /// ``packetLengthMaxMin``.
    public let packetLengthMax: Int
    /// The end whose bytes these are.
    public let sender: MQTTSender

    /// The least that the longest packet can be.
    public static var packetLengthMaxMin: Int { 256 }

    private enum State: Sendable {
        /// The next byte kept is a packet's first.
        case packets
        /// The bytes kept belong to a PUBLISH that is too long.
        case skipping(OversizedPublish)
        case faulted(MQTTFault)
    }

    private var state = State.packets
    private var buffer: [UInt8] = []
    /// The bytes before this index are used up.
    private var head = 0

    /// A reader at the start of a connection.
    public init(packetLengthMax: Int, sender: MQTTSender) {
        self.packetLengthMax = max(Self.packetLengthMaxMin, packetLengthMax)
        self.sender = sender
    }

    /// The number of bytes kept: of packets that were not taken, and of one that is not complete.
    public var byteCount: Int { buffer.count - head }

    /// Adds what has arrived.
    public mutating func append(_ bytes: [UInt8]) {
        if case .faulted = state { return }
        buffer.removeSubrange(..<head)
        head = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next packet; nil when the rest of it has not arrived.
    public mutating func next() throws(MQTTFault) -> MQTTReading? {
        do throws(MQTTFault) {
            switch state {
            case .packets: return try nextPacket()
            case .skipping(let publish): return try skip(publish)
            case .faulted(let fault): throw fault
            }
        } catch {
            state = .faulted(error)
            buffer = []
            head = 0
            throw error
        }
    }

    private mutating func nextPacket() throws(MQTTFault) -> MQTTReading? {
        guard let first = buffer[head...].first else { return nil }
        let flags = first & 0x0f
        let type = try checkedType(first)
        guard let remaining = try remainingLength(of: type) else { return nil }
        let headerLength = 1 + remaining.byteCount
        let length = headerLength + remaining.length
        if length > packetLengthMax {
            guard type == .publish else {
                throw .tooLong(type, length: length, lengthMax: packetLengthMax)
            }
            let publish = OversizedPublish(
                qos: try MQTTPublish.qualityOfService(flags: flags), length: length,
                headerLength: headerLength)
            state = .skipping(publish)
            return try skip(publish)
        }
        guard byteCount >= length else { return nil }
        var body = PacketBody(
            type: type, bytes: buffer[head..<head + length], headerLength: headerLength)
        let packet = try MQTTPacket(reading: &body, flags: flags)
        head += length
        return .packet(packet)
    }

    private func checkedType(_ first: UInt8) throws(MQTTFault) -> MQTTPacketType {
        guard let type = MQTTPacketType(rawValue: first >> 4) else {
            throw .unknownPacketType(first >> 4)
        }
        guard type.isSent(by: sender) else { throw .unexpectedPacket(type, from: sender) }
        let flags = first & 0x0f
        if type == .publish {
            _ = try MQTTPublish.qualityOfService(flags: flags)
        } else if flags != type.fixedFlags {
            throw .flags(type, expected: type.fixedFlags, actual: flags)
        }
        return type
    }

    /// The remaining length and how many bytes say it; nil when they have not all arrived.
    private func remainingLength(
        of type: MQTTPacketType
    ) throws(MQTTFault) -> (length: Int, byteCount: Int)? {
        var length = 0
        for index in 0..<PacketLength.byteCountMax {
            let place = head + 1 + index
            guard place < buffer.count else { return nil }
            length |= Int(buffer[place] & 0x7f) << (7 * index)
            if buffer[place] & 0x80 == 0 { return (length, index + 1) }
        }
        throw .remainingLength(type)
    }

    private mutating func skip(_ publish: OversizedPublish) throws(MQTTFault) -> MQTTReading? {
        var publish = publish
        head += try publish.skip(buffer[head...])
        guard publish.isComplete else {
            state = .skipping(publish)
            return nil
        }
        state = .packets
        return .oversized(
            packetIdentifier: publish.packetIdentifier, qos: publish.qos, length: publish.length,
            topicLength: publish.topicLength ?? 0)
    }
}
