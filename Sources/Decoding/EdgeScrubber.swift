public import LinkProtocol
public import Signals

/// Rewrites characters in the edges of a capture, each to another of equal length.
///
/// A first pass gives it the frames that hold secrets; in a second pass it moves the data edges of
/// those characters and leaves every other edge as it is. Clock edges never move, so the result
/// replays like the original. A data edge that the new character needs and the old one did not
/// comes before its clock edge by the time that the sender's last real one did.
public struct EdgeScrubber: Sendable {
    /// The character that replaces each secret one.
    public static let replacement = UInt8(ascii: "x")

    /// The new bits of a frame, and where they stand.
    private struct Rewrite: Sendable {
        /// The clock edge of the frame's first bit that was seen.
        var start: Timestamp
        /// The number of that bit in the frame.
        var startBit: Int
        /// The new text of the frame, in bits; from `firstBit` to `endBit` they count.
        var bits: [UInt8]
        var firstBit: Int
        var endBit: Int
    }

    /// One end's wires while edges pass.
    private struct Sender: Sendable {
        var rewrites: [Rewrite] = []
        var next = 0
        /// Bits of the present rewrite that have passed; nil outside.
        var bit: Int?
        /// The level that the output has on the data wire.
        var written: Level = .low
        /// A data edge that waits for its clock edge.
        var waiting: Edge?
        /// The time from the last real data edge to its clock edge.
        var lead: Nanoseconds = .microseconds(5)
    }

    private let size: CharacterSize
    private var host = Sender()
    private var bridge = Sender()
    private var levels: LevelSet = .rest
    /// Edges of other channels that wait behind a data edge.
    private var behind: [Edge] = []
    private static let behindMax = 4_096
    /// The levels behind the last edge that was written.
    private var writtenLevels = LevelSet.rest
    private var hasBegun = false
    private var lastWritten = Timestamp.earliest

    /// The number of characters that are rewritten.
    public private(set) var characterCount = 0

    /// A scrubber that changes nothing yet.
    public init(size: CharacterSize) { self.size = size }

    /// Has some characters of a frame rewritten. Frames come in the order of their begin.
    public mutating func rewrite(_ ranges: [Range<Int>], of frame: Frame) {
        guard let first = ranges.first, let last = ranges.last else { return }
        var text = frame.text
        for range in ranges.map({ $0.clamped(to: text.indices) }) {
            for index in range { text[index] = Self.replacement }
            characterCount += range.count
        }
        let width = size.bitCount
        let bits = text.flatMap { character in
            (0..<width).map { character >> UInt8($0) & 1 }
        }
        let rewrite = Rewrite(
            start: frame.start, startBit: frame.unseenBits, bits: bits,
            firstBit: first.lowerBound * width,
            endBit: min(last.upperBound, text.count) * width)
        if frame.from == .host {
            host.rewrites.append(rewrite)
        } else {
            bridge.rewrites.append(rewrite)
        }
    }

    /// The edges of a batch as they shall be; `output` is replaced.
    ///
    /// A data edge at the end of a batch waits for the next one: before a batch with a gap, and at
    /// the end of the capture, call ``finish(into:)``.
    public mutating func scrub(_ batch: EdgeBatch, into output: inout EdgeBatch) {
        output.gap = batch.gap
        output.edges.removeAll(keepingCapacity: true)
        if let gap = batch.gap {
            // Levels are what the source says again, and no new edge may be where none is known.
            lastWritten = max(lastWritten, gap.end)
            for end in LinkEnd.allCases where gap.channel == nil || gap.channel == end.clock {
                abandonRewrite(of: end)
            }
        }
        if batch.gap != nil || !hasBegun {
            hasBegun = true
            levels = batch.levels
            host.written = batch.levels[.stx]
            bridge.written = batch.levels[.srx]
            writtenLevels = batch.levels
        }
        output.levels = writtenLevels
        for edge in batch.edges {
            levels[edge.channel] = edge.level
            switch edge.channel {
            case .stx: hold(edge, of: .host, into: &output.edges)
            case .srx: hold(edge, of: .bridge, into: &output.edges)
            case .sckout: clock(edge, of: .host, into: &output.edges)
            case .sckin: clock(edge, of: .bridge, into: &output.edges)
            default:
                if host.waiting == nil, bridge.waiting == nil {
                    write(edge, into: &output.edges)
                } else {
                    behind.append(edge)
                    if behind.count > Self.behindMax { release(into: &output.edges) }
                }
            }
        }
    }

    /// What still waits when the capture ends, or a gap follows.
    public mutating func finish(into output: inout EdgeBatch) {
        output.gap = nil
        output.edges.removeAll(keepingCapacity: true)
        output.levels = writtenLevels
        release(into: &output.edges)
    }

    /// What still waits goes out as it is: the batch, or the order of the handshake, ends here.
    private mutating func release(into edges: inout [Edge]) {
        for end in LinkEnd.allCases {
            guard let waiting = self[end].waiting else { continue }
            self[end].waiting = nil
            if waiting.level != self[end].written { drive(waiting, of: end, into: &edges) }
        }
        for edge in behind { write(edge, into: &edges) }
        behind.removeAll(keepingCapacity: true)
    }

    private mutating func hold(_ edge: Edge, of end: LinkEnd, into edges: inout [Edge]) {
        if host.waiting != nil || bridge.waiting != nil { release(into: &edges) }
        self[end].waiting = edge
    }

    private mutating func clock(_ edge: Edge, of end: LinkEnd, into edges: inout [Edge]) {
        if self[end.peer].waiting != nil { release(into: &edges) }
        let level = newLevel(of: end, at: edge.time) ?? levels[end.data]
        let waiting = self[end].waiting
        self[end].waiting = nil
        if let waiting { self[end].lead = edge.time - waiting.time }
        if level != self[end].written {
            let time = waiting?.time ?? max(lastWritten, edge.time - self[end].lead)
            let driven = Edge(time: min(time, edge.time), channel: end.data, level: level)
            drive(driven, of: end, into: &edges)
        }
        for edge in behind { write(edge, into: &edges) }
        behind.removeAll(keepingCapacity: true)
        write(edge, into: &edges)
    }

    /// What is under way cannot go on: clock edges are missing, so its bits cannot be counted.
    private mutating func abandonRewrite(of end: LinkEnd) {
        if self[end].bit != nil { self[end].next += 1 }
        self[end].bit = nil
    }

    /// The level that a rewritten character wants for the bit of this clock edge.
    private mutating func newLevel(of end: LinkEnd, at time: Timestamp) -> Level? {
        if self[end].bit == nil {
            while self[end].next < self[end].rewrites.count,
                self[end].rewrites[self[end].next].start < time
            {
                self[end].next += 1
            }
        }
        let next = self[end].next
        guard next < self[end].rewrites.count else { return nil }
        let rewrite = self[end].rewrites[next]
        let first = time == rewrite.start ? rewrite.startBit : nil
        guard let bit = self[end].bit ?? first else { return nil }
        let isLast = bit + 1 >= rewrite.endBit
        self[end].bit = isLast ? nil : bit + 1
        if isLast { self[end].next += 1 }
        guard bit >= rewrite.firstBit, bit < rewrite.bits.count else { return nil }
        return Level(bit: rewrite.bits[bit])
    }

    private mutating func drive(_ edge: Edge, of end: LinkEnd, into edges: inout [Edge]) {
        self[end].written = edge.level
        write(edge, into: &edges)
    }

    private mutating func write(_ edge: Edge, into edges: inout [Edge]) {
        lastWritten = edge.time
        writtenLevels[edge.channel] = edge.level
        edges.append(edge)
    }

    private subscript(end: LinkEnd) -> Sender {
        get { end == .host ? host : bridge }
        _modify { if end == .host { yield &host } else { yield &bridge } }
    }
}
