import Decoding
public import HostProtocol
public import LinkProtocol
public import Signals

/// What an application asks for on a line of its own, in JSON.
///
///     {"op":"publish","id":1,"topic":"a","message":"b","qos":1,"retain":false}
///
/// Ref: Documentation/Control.md.
public struct ControlRequest: Hashable, Sendable {
    /// The number that comes back with the answer; nil where it may be left out, and was.
    public var id: Int64?
    /// What is asked for.
    public var operation: Operation

    /// What can be asked for.
    public enum Operation: Hashable, Sendable {
        case publish(
            topic: [UInt8], message: [UInt8], qos: QualityOfService, isRetained: Bool)
        case subscribe(filter: [UInt8], qos: QualityOfService)
        case unsubscribe(filter: [UInt8])
        case time(pause: Nanoseconds, countsFrom2000: Bool)
        case memory
        case command(fields: [[UInt8]])
        case ready
        case restart
        /// The answer to a status that awaits one.
        case answer(StatusAnswer)
        case quit

        /// The name of the operation.
        public var name: Name {
            switch self {
            case .publish: .publish
            case .subscribe: .subscribe
            case .unsubscribe: .unsubscribe
            case .time: .time
            case .memory: .memory
            case .command: .command
            case .ready: .ready
            case .restart: .restart
            case .answer: .answer
            case .quit: .quit
            }
        }
    }

    /// The names of the operations.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case publish, subscribe, unsubscribe, time, memory, command, ready, restart, answer, quit
    }

    /// The longest line, in bytes.
    public static let lineLengthMax = 1 << 20
    /// The largest `id`: whole numbers up to it are the same in every language.
    public static let idMax: Int64 = 9_007_199_254_740_991

    /// Reads a line, without its line feed.
    public init(line: [UInt8]) throws(ControlFault) {
        guard line.count <= Self.lineLengthMax else {
            throw ControlFault(.tooLong, "a line may have \(Self.lineLengthMax) bytes")
        }
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONNode(parsing: line)
        } catch {
            throw ControlFault(.notJSON, "byte \(error.offset + 1): \(error.reason)")
        }
        guard case .object(let members) = node else {
            throw ControlFault(.notJSON, "a request is one JSON object")
        }
        var reader = try ControlMembers(members)
        id = try reader.number("id", in: 0...Self.idMax, allowed: "from 0 to \(Self.idMax)")
        reader.id = id
        let name = try reader.name()
        operation = try Self.operation(name, &reader)
        try reader.finish(name)
        if id == nil, name != .quit {
            throw reader.fault(.missing, "`id` is missing; it comes back with the answer")
        }
    }

    private static func operation(
        _ name: Name, _ reader: inout ControlMembers
    ) throws(ControlFault) -> Operation {
        switch name {
        case .publish:
            return .publish(
                topic: try reader.bytes("topic"), message: try reader.bytes("message"),
                qos: try reader.qos(), isRetained: try reader.flag("retain") ?? false)
        case .subscribe:
            return .subscribe(filter: try reader.bytes("topic"), qos: try reader.qos())
        case .unsubscribe: return .unsubscribe(filter: try reader.bytes("topic"))
        case .time:
            return .time(
                pause: try reader.seconds("pause") ?? .seconds(120),
                countsFrom2000: try reader.flag("y2k") ?? false)
        case .memory: return .memory
        case .command: return .command(fields: try reader.fields())
        case .ready: return .ready
        case .restart: return .restart
        case .answer: return .answer(try reader.answer())
        case .quit: return .quit
        }
    }
}

/// Why a line is no request.
public struct ControlFault: Error, Hashable, Sendable {
    /// The kinds of faults, as programs are told them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The line is too long.
        case tooLong
        /// The line is no JSON object.
        case notJSON
        /// There is no such operation.
        case unknownOperation
        /// The operation has no such member, or a member stands there twice.
        case unknownMember
        /// A member is missing.
        case missing
        /// A member is of another type than it should be, or out of range.
        case invalid
    }

    /// What kind of fault it is.
    public var kind: Kind
    /// What is wrong, and what is allowed.
    public var reason: String
    /// The number of the request, if that could be read.
    public var id: Int64?

    /// A fault.
    public init(_ kind: Kind, _ reason: String, id: Int64? = nil) {
        self.kind = kind
        self.reason = reason
        self.id = id
    }
}
