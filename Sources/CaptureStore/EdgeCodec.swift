// The payload coding of a chunk of edges, version 2: its constants and its prediction of channels.
// Nothing here knows a database or a file; the layout is specified in CaptureFormat.md.

public import Signals

/// The coding of a run of edges as the payload of one chunk.
///
/// ``Packer`` encodes and ``Unpacker`` decodes; both are reused from chunk to chunk. A payload
/// decodes on its own, given the ``ChunkHeader`` that is stored beside it.
public enum EdgeCodec {
    /// The version that ``Packer`` writes, and the only one that ``Unpacker`` reads.
    public static var version: UInt8 { 2 }

    /// The most edges that a chunk can hold in any file: bounds what a damaged file can ask for.
    public static var edgesMax: Int { 1 << 20 }

    /// The number of byte planes that can be compressed: three of each kind of span, and the one of
    /// channel bits, which comes last.
    static var planeCount: Int { 7 }
    /// The plane of channel bits.
    static var choicePlane: Int { 6 }

    /// The value in a third plane that says "the rest is in the list of escapes".
    static var escape: UInt8 { 255 }

    /// How the bytes of a plane are stored: two bits for each plane.
    enum PlaneCoding: UInt8 {
        /// As they are.
        case raw = 0
        /// One zstd frame that knows its content's size.
        case zstd = 1
        /// All bytes are equal: one byte.
        case constant = 2
    }

    /// The channel as which the edge before a chunk's first one counts.
    static var predecessorOfFirst: UInt8 { Channel.sckin.index }

    /// The two channels that can follow each channel without an exception: at index
    /// `2 * previous` the expected one (bit 0), at the next index the second choice (bit 1).
    ///
    /// The handshake says who comes next: the clocks alternate, and an end's data changes just
    /// before its clock. Ref: Documentation/Protocol.md, Bits.
    static let successors: [UInt8] = {
        let reset = Channel.reset.index
        let stx = Channel.stx.index
        let sckout = Channel.sckout.index
        let srx = Channel.srx.index
        let sckin = Channel.sckin.index
        var table: [UInt8] = [
            sckout, reset,  // after reset
            sckout, sckin,  // after stx
            sckin, srx,  // after sckout
            sckin, sckout,  // after srx
            sckout, stx,  // after sckin
        ]
        for extra in UInt8(5)..<UInt8(Channel.countMax) { table += [sckout, extra] }
        return table
    }()

    /// Whether the span behind an edge of this channel is a lead: from a data edge to the clock edge
    /// that announces it. All others count as turns.
    @inline(__always)
    static func isLead(behind channel: UInt8) -> Bool {
        channel == Channel.stx.index || channel == Channel.srx.index
    }
}

/// What is stored beside a payload, and needed to decode it.
public struct ChunkHeader: Hashable, Sendable {
    /// The chunk's place in its capture, from 0.
    public var sequence: Int64
    /// The time of the first edge.
    public var start: Timestamp
    /// The time of the last edge.
    public var end: Timestamp
    /// The number of edges.
    public var edgeCount: Int
    /// The number of edges in all chunks before.
    public var edgesBefore: Int64
    /// The number of payload bytes in all chunks before.
    public var bytesBefore: Int64
    /// The levels just before the first edge.
    public var firstLevels: LevelSet

    /// The header of a chunk; alone with its payload it is a capture of one chunk.
    public init(
        sequence: Int64 = 0, start: Timestamp, end: Timestamp, edgeCount: Int,
        edgesBefore: Int64 = 0, bytesBefore: Int64 = 0, firstLevels: LevelSet
    ) {
        self.sequence = sequence
        self.start = start
        self.end = end
        self.edgeCount = edgeCount
        self.edgesBefore = edgesBefore
        self.bytesBefore = bytesBefore
        self.firstLevels = firstLevels
    }
}
