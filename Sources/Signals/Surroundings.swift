// The law of this file: what happens around the machines, and is no input of theirs, is recorded so.
// The numbers stand in captures: never renumber. Ref: Documentation/Journal.md.

/// What a record of the kind `surroundings` says.
public enum Surroundings: Hashable, Sendable {
    /// The next edge of a channel is one that no end drove.
    case foreignEdge(Channel)
    /// A fault begins: its ``FaultName``, and how long it lasts; zero for one that is over
    /// at once.
    case fault(number: Int, Nanoseconds)
    /// A fault that lasts has ended.
    case faultEnded(number: Int)
    /// A publication has arrived at the broker, the will included.
    case arrived(topic: [UInt8], message: [UInt8], qos: UInt8, isDuplicate: Bool)

    private static var faultNumbers: ClosedRange<Int64> {
        0...Int64(FaultName.allCases.count - 1)
    }

    /// The payload of the record.
    public func record() -> [UInt8] {
        var writer = RecordWriter()
        switch self {
        case .foreignEdge(let channel):
            writer.byte(0)
            writer.byte(channel.index)
        case .fault(let number, let length):
            writer.byte(1)
            writer.number(Int64(number))
            writer.number(length.count)
        case .faultEnded(let number):
            writer.byte(2)
            writer.number(Int64(number))
        case .arrived(let topic, let message, let qos, let isDuplicate):
            writer.byte(3)
            writer.string(topic)
            writer.string(message)
            writer.byte(qos)
            writer.flag(isDuplicate)
        }
        return writer.bytes
    }

    /// What a record holds.
    public init(record: [UInt8]) throws(RecordFault) {
        var reader = RecordReader(record)
        switch try reader.byte() {
        case 0:
            guard let channel = Channel(index: Int(try reader.byte())) else {
                throw reader.fault(.outOfRange)
            }
            self = .foreignEdge(channel)
        case 1:
            let number = Int(try reader.number(in: Surroundings.faultNumbers))
            self = .fault(number: number, Nanoseconds(try reader.number()))
        case 2:
            self = .faultEnded(
                number: Int(try reader.number(in: Surroundings.faultNumbers)))
        case 3:
            self = .arrived(
                topic: try reader.string(), message: try reader.string(),
                qos: try reader.byte(), isDuplicate: try reader.flag())
        default: throw reader.fault(.outOfRange)
        }
        try reader.finish()
    }
}
