import LinkProtocol
public import Signals

// The law of this file: an input that is not an edge is written here and reads back as itself. The
// numbers stand in captures: never renumber. Ref: Documentation/Journal.md.

extension HostMachine.Input {
    /// The payload of the input's record; nil for levels, which are edges.
    public func record() -> [UInt8]? {
        var writer = RecordWriter()
        switch self {
        case .levels: return nil
        case .start: writer.byte(0)
        case .stop: writer.byte(1)
        case .timer: writer.byte(2)
        case .statusAnswer(let answer):
            writer.byte(3)
            writer.byte(answer.rawValue)
        case .call(let call, let id):
            writer.byte(4)
            writer.number(Int64(id))
            call.write(to: &writer)
        }
        return writer.bytes
    }

    /// The input that a record holds.
    public init(record: [UInt8]) throws(RecordFault) {
        var reader = RecordReader(record)
        switch try reader.byte() {
        case 0: self = .start
        case 1: self = .stop
        case 2: self = .timer
        case 3:
            self = .statusAnswer(try reader.value(of: StatusAnswer.self))
        case 4:
            let id = try reader.count()
            self = .call(try HostCall(reading: &reader), id: id)
        default: throw reader.fault(.outOfRange)
        }
        try reader.finish()
    }
}

extension HostCall {
    func write(to writer: inout RecordWriter) {
        switch self {
        case .publish(let topic, let message, let isRetained, let qos):
            writer.byte(0)
            writer.string(topic)
            writer.string(message)
            writer.flag(isRetained)
            writer.byte(qos.rawValue)
        case .subscribe(let filter, let qos):
            writer.byte(1)
            writer.string(filter)
            writer.byte(qos.rawValue)
        case .unsubscribe(let filter):
            writer.byte(2)
            writer.string(filter)
        case .time(let pause, let countsFrom2000):
            writer.byte(3)
            writer.number(pause.count)
            writer.flag(countsFrom2000)
        case .memory: writer.byte(4)
        case .command(let string):
            writer.byte(5)
            writer.string(string)
        case .restart: writer.byte(6)
        }
    }

    init(reading reader: inout RecordReader) throws(RecordFault) {
        switch try reader.byte() {
        case 0:
            self = .publish(
                topic: try reader.string(), message: try reader.string(),
                isRetained: try reader.flag(), qos: try reader.value(of: QualityOfService.self))
        case 1:
            self = .subscribe(
                filter: try reader.string(), qos: try reader.value(of: QualityOfService.self))
        case 2: self = .unsubscribe(filter: try reader.string())
        case 3:
            self = .time(
                pause: Nanoseconds(try reader.number(in: 0...ConfigurationText.timeMax.count)),
                countsFrom2000: try reader.flag())
        case 4: self = .memory
        case 5: self = .command(try reader.string())
        case 6: self = .restart
        default: throw reader.fault(.outOfRange)
        }
    }
}
