// The law of this file: nothing is read beyond the packet's end, and every fault says where.

/// Reads the fields of one whole packet, from behind its fixed header.
struct PacketBody {
    let type: MQTTPacketType
    private let bytes: ArraySlice<UInt8>
    /// The index of the packet's first byte, from which offsets count.
    private let start: Int
    private var place: Int

    /// The packet that `bytes` are, whose fixed header has `headerLength` bytes.
    init(type: MQTTPacketType, bytes: ArraySlice<UInt8>, headerLength: Int) {
        self.type = type
        self.bytes = bytes
        start = bytes.startIndex
        place = min(bytes.startIndex + headerLength, bytes.endIndex)
    }

    /// The offset of the next byte.
    var offset: Int { place - start }

    /// Whether all was read.
    var isAtEnd: Bool { place == bytes.endIndex }

    mutating func byte() throws(MQTTFault) -> UInt8 {
        try need(1)
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() throws(MQTTFault) -> UInt16 {
        try need(2)
        defer { place += 2 }
        return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }

    mutating func packetIdentifier() throws(MQTTFault) -> UInt16 {
        let identifier = try number()
        if identifier == 0 { throw .packetIdentifierZero(type) }
        return identifier
    }

    /// Bytes with their length before them.
    mutating func field() throws(MQTTFault) -> ArraySlice<UInt8> {
        let count = Int(try number())
        try need(count)
        defer { place += count }
        return bytes[place..<place + count]
    }

    mutating func text() throws(MQTTFault) -> ArraySlice<UInt8> {
        let field = try field()
        switch MQTTText.firstFlaw(in: field) {
        case nil: return field
        case .notUTF8(let index): throw .notUTF8(type, offset: index - start)
        case .null(let index): throw .nullCharacter(type, offset: index - start)
        }
    }

    mutating func topic() throws(MQTTFault) -> [UInt8] {
        let text = try text()
        if let flaw = TopicFilter.topicFlaw(in: text) { throw .topic(type, offset: flaw - start) }
        return Array(text)
    }

    mutating func filter() throws(MQTTFault) -> [UInt8] {
        let text = try text()
        if let flaw = TopicFilter.filterFlaw(in: text) {
            throw .filter(type, offset: flaw - start)
        }
        return Array(text)
    }

    /// Everything up to the packet's end.
    mutating func rest() -> [UInt8] {
        defer { place = bytes.endIndex }
        return Array(bytes[place...])
    }

    func finish() throws(MQTTFault) {
        if !isAtEnd {
            throw .surplus(type, offset: offset, count: bytes.endIndex - place)
        }
    }

    private func need(_ count: Int) throws(MQTTFault) {
        let actual = bytes.endIndex - place
        if actual < count {
            throw .truncated(type, offset: offset, expected: count, actual: actual)
        }
    }
}
