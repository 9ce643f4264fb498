// What a fuzzer may feed with any bytes. Each target checks more than that nothing traps: what is
// read must obey the rules, and what is written from it must be read as the same.

/// Something that takes bytes from outside.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// The payload of a chunk of edges.
    case codec
    /// A value change dump.
    case dump
    /// Edges as they may stand on the wires, to frames, events and measurements.
    case frames
    /// Frames as messages, and the secrets in them.
    case messages
    /// The literal of `ssl_params`.
    case dictionary
    /// A whole capture file.
    case capture
    /// The log of an application.
    case log
    /// A stream of MQTT packets.
    case mqtt
    /// An MQTT client, its broker and its owner.
    case client
    /// A host: what its bridge says and its application asks for.
    case host
    /// A bridge: what its host, its network and its broker say.
    case bridge
    /// The payload of a journal record, or a machine's configuration.
    case records
    /// The records of a journal.
    case journal

    /// Feeds the target; returns unless something is wrong.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .codec: runCodec(bytes)
        case .dump: runDump(bytes)
        case .frames: runFrames(bytes)
        case .messages: runMessages(bytes)
        case .dictionary: runDictionary(bytes)
        case .capture: runCapture(bytes)
        case .log: runLog(bytes)
        case .mqtt: runMQTT(bytes)
        case .client: runClient(bytes)
        case .host: runHost(bytes)
        case .bridge: runBridge(bytes)
        case .records: runRecords(bytes)
        case .journal: runJournal(bytes)
        }
    }
}

/// Reads numbers from the front of some bytes; behind their end they are 0.
struct FuzzBytes {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A byte that says how many follow.
    mutating func string() -> [UInt8] {
        let count = Int(byte())
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func word() -> UInt32 { (0..<4).reduce(0) { word, _ in word << 8 | UInt32(byte()) } }
}
