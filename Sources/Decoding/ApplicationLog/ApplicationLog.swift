public import Signals

/// One entry of an application's log.
public struct ApplicationLogEntry: Equatable, Sendable {
    /// When, by the log's clock.
    public var time: Timestamp
    /// The entry without its time.
    public var object: JSONNode

    /// An entry at a time.
    public init(time: Timestamp, object: JSONNode) {
        self.time = time
        self.object = object
    }
}

extension ApplicationLogEntry {
    /// The entry that a record of a capture holds; nil when it is of another kind, or damaged.
    public init?(_ record: JournalRecord) {
        guard record.kind == .applicationLog,
            let object = try? JSONNode(parsing: record.payload)
        else { return nil }
        self.init(time: record.time, object: object)
    }

    /// The entry as a record of a capture, whose clock its time is.
    public func record(edgesBefore: Int64) -> JournalRecord {
        JournalRecord(
            time: time, edgesBefore: edgesBefore, kind: .applicationLog, payload: object.bytes)
    }
}

/// What an application has written down about its own doings, as JSON: one object a line, or one
/// array of objects.
///
/// Feed it the bytes of the log as they come. Each object has a time, `t` in seconds or `time_ns` in
/// whole nanoseconds, and whatever else its application found worth telling;
/// ``ApplicationEvent`` says what of it is understood.
public struct ApplicationLog: Sendable {
    /// More entries are refused: they must be put into order, and so are all in memory.
    public static let entriesMax = 1_000_000
    /// A longer object is refused.
    public static let objectBytesMax = 1 << 20

    /// The entries so far, in the order of the log.
    public private(set) var entries: [ApplicationLogEntry] = []
    /// How many of them are earlier than the one before.
    public private(set) var disorderCount = 0

    private var scanner = JSONObjectScanner()

    /// A log of which nothing was read.
    public init() {}

    /// Takes the next bytes.
    public mutating func read(_ bytes: some Sequence<UInt8>) throws(ApplicationLogFault) {
        for byte in bytes {
            if let object = try scanner.take(byte) { try append(object) }
        }
    }

    /// Checks that the log ends where it may.
    public mutating func finish() throws(ApplicationLogFault) { try scanner.finish() }

    /// The entries in the order of their times; of equal ones, in that of the log.
    public var sorted: [ApplicationLogEntry] {
        guard disorderCount > 0 else { return entries }
        return entries.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    private mutating func append(_ found: JSONObjectScanner.Object) throws(ApplicationLogFault) {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONNode(parsing: found.bytes)
        } catch {
            let line = found.bytes.prefix(error.offset).reduce(found.line) {
                $0 + ($1 == 0x0a ? 1 : 0)
            }
            throw ApplicationLogFault(line: line, reason: .malformed(error.reason))
        }
        guard case .object(let members) = node else {
            throw ApplicationLogFault(line: found.line, reason: .malformed("it is no object"))
        }
        let time: Timestamp
        do throws(LogTime.Fault) {
            time = try LogTime.time(of: members)
        } catch {
            throw ApplicationLogFault(line: found.line, reason: error.reason)
        }
        guard entries.count < Self.entriesMax else {
            throw ApplicationLogFault(line: found.line, reason: .tooMany)
        }
        if let last = entries.last, time < last.time { disorderCount += 1 }
        let rest = members.filter { !LogTime.names.contains($0.name) }
        entries.append(ApplicationLogEntry(time: time, object: .object(rest)))
    }
}
