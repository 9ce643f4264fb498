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
        case .journal: runJournal(bytes)
        }
    }
}

/// Reads numbers from the front of some bytes; behind their end they are 0.
struct FuzzBytes {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func word() -> UInt32 { (0..<4).reduce(0) { word, _ in word << 8 | UInt32(byte()) } }
}
