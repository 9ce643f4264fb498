// What can be saved of a damaged capture, found without the help of SQLite's lists.

internal import Signals

/// The rows of a damaged capture that are whole.
struct CaptureSalvage {
    /// A chunk whose checksum holds, and where it is.
    struct Chunk {
        var header: ChunkHeader
        var row: RowFinder.Row
    }

    /// The chunks in order, each number once.
    private(set) var chunks: [Chunk] = []
    /// The numbers of chunks of which only a damaged row was found, in order.
    private(set) var damagedChunks: [Int64] = []
    private(set) var channels: [CaptureChannel] = []
    private(set) var entries: [CaptureMetadata.Entry] = []
    private(set) var gaps: [StoredGap] = []
    private(set) var records: [(id: Int64, record: JournalRecord)] = []

    private let finder: RowFinder

    /// Searches a file.
    ///
    /// - Parameter progress: called with the share that is searched; what it throws ends the search.
    init(path: String, progress: (Double) throws -> Void) throws {
        let layouts = try DatabasePages.possibleLayouts(path: path)
        let salvages = try layouts.map { layout in
            try CaptureSalvage(
                pages: DatabasePages(path: path, layout: layout), progress: progress)
        }
        // A damaged header can name a wrong layout, at which little is found.
        guard let best = salvages.max(by: { $0.chunks.count < $1.chunks.count }) else {
            preconditionFailure("every file has a possible layout")
        }
        self = best
    }

    private init(pages: DatabasePages, progress: (Double) throws -> Void) throws {
        finder = RowFinder(pages: pages)
        var whole: [Int64: Chunk] = [:]
        var damaged: Set<Int64> = []
        var found = OtherRows()
        let total = Double(pages.pageCount * pages.views.count)
        for (number, view) in pages.views.enumerated() {
            try finder.forEachRow(
                in: view,
                progress: { page in
                    if page % 256 == 0 {
                        try progress(Double(page + number * pages.pageCount) / total)
                    }
                },
                { row in
                    guard let header = StoredHeader(row) else { return found.take(row, finder) }
                    let sequence = header.header.sequence
                    if let known = whole[sequence],
                        known.header.edgeCount >= header.header.edgeCount
                    {
                        return
                    }
                    if payload(of: row, header) != nil {
                        whole[sequence] = Chunk(header: header.header, row: row)
                    } else {
                        damaged.insert(sequence)
                    }
                })
        }
        chunks = whole.values.sorted { $0.header.sequence < $1.header.sequence }
        damagedChunks = damaged.subtracting(whole.keys).sorted()
        channels = found.channels.values.sorted { $0.channel.index < $1.channel.index }
        entries = found.entries
        gaps = found.gaps.values.sorted { $0.id < $1.id }
        records = found.records.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The payload of a chunk.
    func payload(of chunk: Chunk) -> [UInt8] {
        guard let bytes = finder.payload(of: chunk.row),
            case .bytes(let range, _) = chunk.row.values[StoredHeader.payloadColumn]
        else { return [] }
        return Array(bytes[range])
    }

    /// The payload of a row if its checksum holds.
    private func payload(of row: RowFinder.Row, _ stored: StoredHeader) -> [UInt8]? {
        guard case .bytes(let range, isText: false) = row.values[StoredHeader.payloadColumn],
            Int64(range.count)
                <= CaptureSchema.payloadBytesMax(edges: stored.header.edgeCount),
            let bytes = finder.payload(of: row)
        else { return nil }
        let payload = Array(bytes[range])
        return stored.header.checksum(of: payload) == stored.checksum ? payload : nil
    }
}

/// Rows of the small tables. They have no checksum: what makes sense is taken.
private struct OtherRows {
    var channels: [UInt8: CaptureChannel] = [:]
    var entries: [CaptureMetadata.Entry] = []
    var gaps: [Int64: StoredGap] = [:]
    var records: [Int64: JournalRecord] = [:]

    /// Longer records are not looked for: what has no checksum can claim anything.
    private static let recordLengthMax = 1 << 24

    mutating func take(_ row: RowFinder.Row, _ finder: RowFinder) {
        switch row.values.count {
        case 2: takeEntry(row)
        case 5 where row.values[1...].contains(where: { $0.isText }): takeChannel(row)
        case 5: takeRecord(row, finder)
        case 7: takeGap(row)
        default: break
        }
    }

    private mutating func takeEntry(_ row: RowFinder.Row) {
        let known = CaptureMetadata.propertyKeys + CaptureMetadata.StoreKey.all
        guard let key = row.text(0), known.contains(key), let value = row.text(1),
            !entries.contains(where: { $0.key == key })
        else { return }
        entries.append(.init(key: key, value: value))
    }

    private mutating func takeChannel(_ row: RowFinder.Row) {
        guard row.values[0] == .null, let channel = Channel(index: Int(clamping: row.id)),
            let name = row.text(1), ["wire", "extra"].contains(row.text(2)),
            let level = row.integer(3), level == 0 || level == 1,
            let seen = row.text(4).flatMap(CaptureChannel.Seen.init(rawValue:))
        else { return }
        channels[channel.index] = CaptureChannel(
            channel: channel, name: name, initialLevel: level == 1 ? .high : .low, seen: seen)
    }

    private mutating func takeRecord(_ row: RowFinder.Row, _ finder: RowFinder) {
        guard row.values[0] == .null, row.id >= 0, row.length <= Self.recordLengthMax,
            let time = row.integer(1).flatMap({ Timestamp(stored: $0) }),
            let before = row.integer(2), before >= 0, before < StoredLimits.edgesMax,
            let kind = row.integer(3).flatMap(UInt8.init(exactly:)),
            case .bytes(let range, isText: false) = row.values[4],
            let bytes = finder.payload(of: row)
        else { return }
        records[row.id] = JournalRecord(
            time: time, edgesBefore: before, kind: JournalKind(rawValue: kind),
            payload: Array(bytes[range]))
    }

    private mutating func takeGap(_ row: RowFinder.Row) {
        guard let gap = StoredGap(row.integerOrKey, row.text) else { return }
        gaps[row.id] = gap
    }
}

extension RowFinder.Value {
    fileprivate var isText: Bool {
        if case .bytes(_, isText: true) = self { true } else { false }
    }
}

extension RowFinder.Row {
    /// A column as an integer, the key in the first one included.
    fileprivate func integerOrKey(_ column: Int) -> Int64? {
        column == 0 && values.first == .null ? id : integer(column)
    }
}

extension StoredHeader {
    /// The column of the payload, the last one.
    fileprivate static let payloadColumn = CaptureSchema.chunkHeaderColumnCount

    /// The header of a chunk, if a row can be one.
    fileprivate init?(_ row: RowFinder.Row) {
        guard row.values.count == Self.payloadColumn + 1 else { return nil }
        self.init(row.integerOrKey)
    }
}
