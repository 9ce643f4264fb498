/// A PUBLISH too long to be kept, of which only the lengths and the identifier are read.
struct OversizedPublish: Sendable {
    let qos: MQTTQualityOfService
    /// The length of the whole packet, in bytes.
    let length: Int
    private let headerLength: Int
    /// The length of its topic; nil until that has arrived.
    private(set) var topicLength: Int?
    /// 0 until it has arrived, and for qos 0.
    private(set) var packetIdentifier: UInt16 = 0
    /// How many bytes of the packet have passed.
    private var offset = 0

    init(qos: MQTTQualityOfService, length: Int, headerLength: Int) {
        self.qos = qos
        self.length = length
        self.headerLength = headerLength
    }

    /// Whether all of the packet has passed.
    var isComplete: Bool { offset == length }

    /// Passes over bytes of the packet, and says over how many: all that there are, except for a
    /// number whose second byte has not arrived, and the packets behind this one.
    mutating func skip(_ bytes: ArraySlice<UInt8>) throws(MQTTFault) -> Int {
        let before = offset
        var rest = bytes
        if topicLength == nil {
            pass(&rest, to: headerLength)
            guard offset == headerLength, let number = number(&rest) else {
                return offset - before
            }
            let count = Int(number)
            let needed = count + (qos == .atMostOnce ? 0 : 2)
            if length - offset < needed {
                throw .truncated(
                    .publish, offset: offset, expected: needed, actual: length - offset)
            }
            if count == 0 { throw .topic(.publish, offset: offset) }
            topicLength = count
        }
        if qos != .atMostOnce, packetIdentifier == 0 {
            let identifierOffset = headerLength + 2 + (topicLength ?? 0)
            pass(&rest, to: identifierOffset)
            guard offset == identifierOffset, let number = number(&rest) else {
                return offset - before
            }
            if number == 0 { throw .packetIdentifierZero(.publish) }
            packetIdentifier = number
        }
        pass(&rest, to: length)
        return offset - before
    }

    private mutating func pass(_ bytes: inout ArraySlice<UInt8>, to end: Int) {
        let count = min(bytes.count, end - offset)
        bytes = bytes.dropFirst(count)
        offset += count
    }

    private mutating func number(_ bytes: inout ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count >= 2 else { return nil }
        let place = bytes.startIndex
        defer { pass(&bytes, to: offset + 2) }
        return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }
}
