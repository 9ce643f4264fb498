/// An input or output of a machine that is not an edge, or a note about the capture.
///
/// `edgesBefore` orders the records among the edges: it is the number of edges that precede the
/// record in its capture. The payload is encoded by whoever wrote it; the store never looks inside.
public struct JournalRecord: Hashable, Sendable {
    /// When it happened.
    public var time: Timestamp
    /// The number of edges that precede the record.
    public var edgesBefore: Int64
    /// What the payload is.
    public var kind: JournalKind
    /// The payload, in the coding of its kind.
    public var payload: [UInt8]

    /// A record at a place among the edges.
    public init(time: Timestamp, edgesBefore: Int64, kind: JournalKind, payload: [UInt8]) {
        self.time = time
        self.edgesBefore = edgesBefore
        self.kind = kind
        self.payload = payload
    }
}

/// The kind of a journal record. A store keeps kinds that it does not know.
public struct JournalKind: RawRepresentable, Hashable, Sendable {
    /// The number under which the kind is stored.
    public var rawValue: UInt8

    /// A kind by its stored number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Text about the capture as a whole or a moment of it, in UTF-8.
    public static var note: JournalKind { JournalKind(rawValue: 1) }
    /// A named moment, its name in UTF-8.
    public static var marker: JournalKind { JournalKind(rawValue: 2) }
    /// A line of an application's own log, in JSON, its time already that of the capture.
    public static var applicationLog: JournalKind { JournalKind(rawValue: 3) }

    /// An input of the host's machine, other than levels.
    public static var hostInput: JournalKind { JournalKind(rawValue: 16) }
    /// An output of the host's machine, other than levels.
    public static var hostOutput: JournalKind { JournalKind(rawValue: 17) }
    /// An input of the bridge's machine, other than levels.
    public static var bridgeInput: JournalKind { JournalKind(rawValue: 18) }
    /// An output of the bridge's machine, other than levels.
    public static var bridgeOutput: JournalKind { JournalKind(rawValue: 19) }
    /// Something that happened in a machine's surroundings: a fault that was put in, an edge that no
    /// end drove.
    public static var surroundings: JournalKind { JournalKind(rawValue: 20) }
}
