// A value change dump as a source of edges: which changes are edges, and where the file itself
// shows that some are missing. How its bytes become statements is in VCDReader+Parsing.swift.

public import Signals

/// What to do with a file that states a level which the wire already has.
public enum RestatedLevels: Hashable, Sendable {
    /// It is evidence of a lost edge: a gap, and an edge after it.
    case gap
    /// It means nothing.
    case ignore
}

/// What to do with a wire whose level the file calls `x` or `z`, or does not state.
public enum UnknownLevels: Hashable, Sendable {
    /// The file is refused.
    case error
    /// A gap of that wire until its level is known again.
    case gap
}

/// Reads a value change dump (IEEE 1364-2005 §18.2) as edges of the link's wires.
///
/// Times are kept as they are in the file: its `#0` is the capture's time 0, and its first time the
/// start of the observation. A level that is
/// stated again, outside a dump section, while the same time stamp does not state all wires, is
/// evidence of a lost edge. Memory is bounded whatever the file's size.
public struct VCDReader: EdgeSource {
    /// The levels before the first edge.
    public private(set) var initialLevels = LevelSet.rest
    /// Signals of one bit that are no wires of the link, with their scopes.
    public let ignoredSignals: [String]
    /// The text of `$date`.
    public let declaredDate: String?
    /// The text of `$version`.
    public let version: String?
    /// The time scale, such as `1 ns`.
    public let timescale: String
    /// The grid on which the edges read so far lie.
    public private(set) var grid: TimeGrid
    /// The first time of the file: from then on its levels are known.
    public private(set) var start = Timestamp.zero
    /// The channels of the capture that the file makes.
    public private(set) var channels: [CaptureChannel] = []
    /// What was read in a way that somebody may want to know.
    public internal(set) var warnings: [String] = []
    /// The texts of comments, at the edges that precede their time stamp; at most 1,024.
    public internal(set) var notes: [JournalRecord] = []
    /// The last time stamp so far, also when no edge follows it.
    public internal(set) var end = Timestamp.zero
    /// The unit in which the times are written, in whole nanoseconds.
    public var unit: Nanoseconds { Nanoseconds(Int64(unitNumerator)) }
    /// The step of the times read so far, after they are rounded to whole nanoseconds: the unit in
    /// which they are written, or the grid on which they lie if that is coarser.
    public var resolution: Nanoseconds {
        guard let grid = grid.certain, grid <= CaptureMetadata.resolutionMax else { return unit }
        return max(unit, grid)
    }
    /// The path of the file; `-` is standard input.
    public let path: String
    /// The number of bytes read so far.
    public var bytesRead: Int64 { file.bytesRead }
    /// The size of the file; nil when it is not known.
    public var bytesTotal: Int64? { file.size }
    /// The number of edges read so far.
    public internal(set) var edgeCount: Int64 = 0

    let file: InputFile
    let signals: VCDSignals
    let unitNumerator: UInt64
    let unitDenominator: UInt64
    var group = VCDGroup()
    /// The time stamp that follows the present group.
    var nextTime: Timestamp?
    var hasTime = false
    var dumpSection: String?
    var isAtEnd = false
    /// Whether a dry pipe ends a batch.
    let isLive: Bool
    /// Whether the present group is not complete, because the pipe is dry.
    var isDry = false
    private let restated: RestatedLevels
    private let unknown: UnknownLevels
    private let allWires: UInt32
    var wires = VCDWires()
    private var unknownSince = [Timestamp?](repeating: nil, count: Channel.wires.count)
    private var groupIndex = 0

    /// Edges per batch.
    static var runLength: Int { 4096 }

    /// Opens a file, reads its header and the levels at its beginning.
    ///
    /// `-` is standard input.
    ///
    /// - Parameter isEndRequested: asked before every read and when a signal interrupts one, as a
    ///   pipe can keep a reader waiting for ever; when true, the file ends where it is.
    /// - Parameter isLive: when a pipe is dry for a tenth of a second, ``read(into:)`` hands out
    ///   what there is, which can be nothing, and does not wait for a full batch.
    public init(
        path: String, map: ChannelMap = ChannelMap(), restated: RestatedLevels = .gap,
        unknown: UnknownLevels = .error, isLive: Bool = false,
        isEndRequested: @escaping () -> Bool = { false }
    ) throws(CaptureError) {
        try self.init(
            file: InputFile(path: path, isEndRequested: isEndRequested), map: map,
            restated: restated, unknown: unknown, isLive: isLive)
    }

    init(
        file: InputFile, map: ChannelMap, restated: RestatedLevels, unknown: UnknownLevels,
        isLive: Bool = false
    ) throws(CaptureError) {
        let header = try VCDHeader.parse(file)
        self.file = file
        path = file.path
        self.isLive = isLive
        self.restated = restated
        self.unknown = unknown
        do throws(VCDProblem) {
            signals = try VCDSignals(header.signals, map: map)
        } catch {
            throw .valueChangeDump(path: file.path, line: file.line, problem: error)
        }
        ignoredSignals = signals.ignoredNames
        declaredDate = header.date
        version = header.version
        timescale = header.timescaleText
        unitNumerator = header.unitNumerator
        unitDenominator = header.unitDenominator
        grid = TimeGrid(finest: Nanoseconds(Int64(header.unitNumerator)))
        allWires = signals.wires.reduce(0) { $0 | 1 << UInt32($1.index) }
        if unitDenominator > 1 {
            warnings.append("times of \(timescale) are rounded down to whole nanoseconds")
        }
        for comment in header.comments { note(comment) }
        try readInitialLevels()
        channels = signals.wires.map { wire in
            CaptureChannel(
                channel: wire, name: WireNames.all[Int(wire.index)].host.description,
                initialLevel: initialLevels[wire])
        }
    }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the file.
    public mutating func read(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        guard try readRun(into: &batch) else { return false }
        grid.add(batch.edges)
        return true
    }

    private mutating func readRun(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        batch.gap = nil
        batch.levels = wires.levels
        batch.edges.removeAll(keepingCapacity: true)
        while true {
            if groupIndex == group.statements.count {
                groupIndex = 0
                guard batch.edges.count < Self.runLength else { return true }
                if try !parseGroup(into: &batch.edges) { return finish(&batch) }
                if isDry {
                    groupIndex = group.statements.count
                    return true
                }
            }
            while groupIndex < group.statements.count {
                guard batch.edges.count < Self.runLength else { return true }
                // A gap belongs before the edges of its batch.
                guard try take(group.statements[groupIndex], into: &batch) else { return true }
                groupIndex += 1
            }
        }
    }

    /// Acts on one statement; false when it begins with a gap that must wait for the next batch.
    private mutating func take(
        _ statement: VCDStatement, into batch: inout EdgeBatch
    ) throws(CaptureError) -> Bool {
        let channel = Channel(masking: statement.channel)
        let wire = Int(statement.channel)
        let time = group.time
        guard statement.value < 2 else {
            if unknownSince[wire] == nil {
                try refuseUnknown(statement)
                unknownSince[wire] = time
                wires.known &= ~(1 << UInt32(wire))
            }
            return true
        }
        let level = Level(bit: statement.value)
        if let since = unknownSince[wire] {
            guard
                begin(Gap(start: since, end: time, reason: .unknownLevel, channel: channel), &batch)
            else { return false }
            unknownSince[wire] = nil
            wires.known |= 1 << UInt32(wire)
            wires.levels[channel] = level
            wires.lastEdge[wire] = time
            batch.levels = wires.levels
            return true
        }
        if wires.levels[channel] == level {
            if statement.isDump || restated == .ignore || group.stated == allWires { return true }
            let gap = Gap(
                start: wires.lastEdge[wire], end: time, reason: .sameDirection, channel: channel)
            guard begin(gap, &batch) else { return false }
            wires.levels.toggle(channel)
            batch.levels = wires.levels
        }
        batch.edges.append(Edge(time: time, channel: channel, level: level))
        wires.levels.toggle(channel)
        wires.lastEdge[wire] = time
        edgeCount += 1
        return true
    }

    /// Puts a gap at the beginning of a batch; false when the batch has begun already.
    private func begin(_ gap: Gap, _ batch: inout EdgeBatch) -> Bool {
        guard batch.gap == nil, batch.edges.isEmpty else { return false }
        batch.gap = gap
        return true
    }

    /// At the end of the file: wires whose level never became known again are gaps up to it.
    private mutating func finish(_ batch: inout EdgeBatch) -> Bool {
        if batch.gap != nil || !batch.edges.isEmpty { return true }
        for wire in signals.wires {
            if let since = unknownSince[Int(wire.index)] {
                unknownSince[Int(wire.index)] = nil
                batch.gap = Gap(start: since, end: end, reason: .unknownLevel, channel: wire)
                return true
            }
        }
        return false
    }

    private func refuseUnknown(_ statement: VCDStatement) throws(CaptureError) {
        guard unknown == .error else { return }
        throw .valueChangeDump(
            path: file.path, line: statement.line,
            problem: .unknownLevel(
                signal: signals.names[Int(statement.channel)],
                value: statement.value == 2 ? "x" : "z"))
    }

    /// Reads the first statements: those of wires not stated before are levels, no edges.
    private mutating func readInitialLevels() throws(CaptureError) {
        var none: [Edge] = []
        repeat { _ = try parseGroup(into: &none) } while isDry
        var kept: [VCDStatement] = []
        var known: UInt32 = 0
        for statement in group.statements {
            let bit: UInt32 = 1 << UInt32(statement.channel)
            if known & bit == 0 {
                known |= bit
                if statement.value < 2 {
                    wires.known |= bit
                    wires.levels[Channel(masking: statement.channel)] = Level(bit: statement.value)
                } else {
                    try refuseUnknown(statement)
                    unknownSince[Int(statement.channel)] = group.time
                }
            } else {
                kept.append(statement)
            }
        }
        for wire in signals.wires {
            wires.lastEdge[Int(wire.index)] = group.time
            guard known >> UInt32(wire.index) & 1 == 0 else { continue }
            guard unknown == .gap else {
                throw error(.noInitialLevel(signal: signals.names[Int(wire.index)]))
            }
            unknownSince[Int(wire.index)] = group.time
        }
        group.statements = kept
        initialLevels = wires.levels
        start = group.time
    }
}
