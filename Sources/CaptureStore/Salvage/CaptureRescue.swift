// A new capture of what is whole in a damaged one.

public import Signals

/// The rescue of what is whole in a capture file, in whatever state it is.
///
/// A chunk counts as whole when its checksum holds and it decodes. What is missing between two of
/// them becomes a gap. The new capture has everything that the tables beside the edges still say.
public struct CaptureRescue {
    /// What was found, and what of it is in the new capture.
    public struct Summary: Hashable, Sendable {
        /// The chunks that are whole.
        public var chunkCount: Int64 = 0
        /// The edges in them.
        public var edgeCount: Int64 = 0
        /// The edges that are known to be missing.
        public var lostEdgeCount: Int64 = 0
        /// Whether the file still says with how many edges it was completed; else more may be
        /// missing at its end, or its recorder was stopped there.
        public var endIsKnown = false
        /// The stretches in which they are missing.
        public var gaps: [Gap] = []
        /// The numbers of chunks of which only a damaged rest was found.
        public var damagedChunks: [Int64] = []
    }

    /// What was found; complete after ``write(to:replacing:toolVersion:isEndRequested:)``.
    public private(set) var summary = Summary()

    private let path: String
    private let salvage: CaptureSalvage
    /// The chunks that also decode, and the channels on which they have edges.
    private var chunks: [CaptureSalvage.Chunk] = []
    private var usedChannels: UInt32 = 0

    /// Searches a file for what is whole.
    ///
    /// - Parameter progress: called with the share that is searched; what it throws ends the search.
    /// - Throws: when the file cannot be read, or nothing whole is in it.
    public init(of path: String, progress: (Double) throws -> Void = { _ in }) throws {
        self.path = path
        salvage = try CaptureSalvage(path: path, progress: progress)
        summary.damagedChunks = salvage.damagedChunks
        var unpacker = try EdgeCodec.Unpacker()
        var edges: [Edge] = []
        var lastTime = Timestamp.earliest
        var edgesBefore: Int64 = 0
        for chunk in salvage.chunks {
            guard chunk.header.start >= lastTime, chunk.header.edgesBefore >= edgesBefore,
                (try? decode(chunk, with: &unpacker, into: &edges)) != nil
            else {
                summary.damagedChunks.append(chunk.header.sequence)
                continue
            }
            for edge in edges { usedChannels |= 1 << UInt32(edge.channel.index) }
            lastTime = chunk.header.end
            edgesBefore = chunk.header.edgesBefore + Int64(chunk.header.edgeCount)
            chunks.append(chunk)
            summary.chunkCount += 1
            summary.edgeCount += Int64(chunk.header.edgeCount)
        }
        summary.damagedChunks.sort()
    }

    /// Writes the new capture.
    ///
    /// - Parameters:
    ///   - output: where it shall be.
    ///   - replacing: whether a file that is there may be replaced.
    ///   - toolVersion: the program that does this, with its version.
    ///   - isEndRequested: asked now and then; when true, nothing is left of the new capture.
    /// - Returns: false when the end was requested.
    public mutating func write(
        to output: String, replacing: Bool, toolVersion: String,
        isEndRequested: () -> Bool = { false }
    ) throws -> Bool {
        let writer = try CaptureWriter(
            creating: output, metadata: metadata(toolVersion: toolVersion), channels: channels,
            replacing: replacing)
        var unpacker = try EdgeCodec.Unpacker()
        var batch = EdgeBatch()
        var gaps = salvage.gaps[...]
        // The original numbers of edges, and those in the new capture.
        var position: Int64 = 0
        var places: [(original: Int64, new: Int64)] = [(0, 0)]
        var lastTime = chunks.first.map { min(.zero, $0.header.start) } ?? .zero
        for chunk in chunks {
            if isEndRequested() { return false }
            let header = chunk.header
            let before = gaps.prefix { $0.edgesBefore <= header.edgesBefore }
            gaps = gaps[before.endIndex...]
            let isWhole = header.edgesBefore == position
            let levels = before.last?.levels ?? writer.levels
            if isWhole, levels == header.firstLevels {
                for gap in before { try writer.append(.gap(gap.gap, levels: gap.levels)) }
            } else {
                let lost = Gap(start: lastTime, end: header.start, reason: .damaged)
                try writer.append(.gap(lost, levels: header.firstLevels))
                summary.gaps.append(lost)
                summary.lostEdgeCount += header.edgesBefore - position
            }
            places.append((header.edgesBefore, writer.edgeCount))
            batch.gap = nil
            batch.levels = header.firstLevels
            try decode(chunk, with: &unpacker, into: &batch.edges)
            try writer.append(batch)
            lastTime = header.end
            position = header.edgesBefore + Int64(header.edgeCount)
            places.append((position, writer.edgeCount))
        }
        let end = max(lastTime, statedEnd ?? lastTime)
        let missing = statedEdgeCount.map { max(0, $0 - position) } ?? 0
        summary.endIsKnown = statedEdgeCount != nil
        summary.lostEdgeCount += missing
        let last = chunks.last?.header.sequence ?? -1
        if missing > 0 || summary.damagedChunks.contains(where: { $0 > last }) {
            let lost = Gap(start: lastTime, end: end, reason: .damaged)
            try writer.append(.gap(lost, levels: writer.levels))
            summary.gaps.append(lost)
        } else {
            for gap in gaps where gap.edgesBefore == position {
                try writer.append(.gap(gap.gap, levels: gap.levels))
            }
        }
        try append(salvage.records.map(\.record), to: writer, places: places)
        try writer.finish(at: end)
        return true
    }

    /// Appends the records at the places of the edges before them, as far as those were rescued.
    private func append(
        _ records: [JournalRecord], to writer: CaptureWriter,
        places: [(original: Int64, new: Int64)]
    ) throws(CaptureError) {
        var place = 0
        var before: Int64 = 0
        // Damage can have moved some; none of them is worth the edges.
        for record in records.sorted(by: { $0.edgesBefore < $1.edgesBefore }) {
            var record = record
            while place + 1 < places.count, places[place + 1].original <= record.edgesBefore {
                place += 1
            }
            let next = place + 1 < places.count ? places[place + 1].new : writer.edgeCount
            let offset = record.edgesBefore - places[place].original
            record.edgesBefore = max(before, min(places[place].new + max(0, offset), next))
            before = record.edgesBefore
            try writer.append(record: record)
        }
    }

    private func decode(
        _ chunk: CaptureSalvage.Chunk, with unpacker: inout EdgeCodec.Unpacker,
        into edges: inout [Edge]
    ) throws(PayloadFault) {
        unpacker.payload = salvage.payload(of: chunk)
        try unpacker.open(chunk.header)
        _ = try unpacker.next(chunk.header.edgeCount, into: &edges)
    }

    private var statedEdgeCount: Int64? {
        salvage.entries.first { $0.key == CaptureMetadata.StoreKey.edgeCount }
            .flatMap { Int64($0.value) }.flatMap { $0 < StoredLimits.edgesMax ? $0 : nil }
    }

    private var statedEnd: Timestamp? {
        salvage.entries.first { $0.key == CaptureMetadata.StoreKey.end }
            .flatMap { Int64($0.value) }.flatMap { Timestamp(stored: $0) }
    }

    private func metadata(toolVersion: String) -> CaptureMetadata {
        // Keys of their own cannot be told from other text, so SQLite is asked first.
        var metadata =
            (try? Capture(opening: path).metadata) ?? CaptureMetadata(entries: salvage.entries)
        if metadata.toolVersion == nil { metadata.toolVersion = toolVersion }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // What damage has made of a value is no reason to lose the edges.
        var taken = Set(CaptureMetadata.propertyKeys + CaptureMetadata.StoreKey.all)
        metadata.extra.removeAll { $0.key == "rescued_from" || !taken.insert($0.key).inserted }
        if let step = metadata.resolution, step < .zero || step > CaptureMetadata.resolutionMax {
            metadata.resolution = nil
        }
        metadata.extra.append(.init(key: "rescued_from", value: "\(name), by \(toolVersion)"))
        return metadata
    }

    /// The channels that the file still names, the wires, and all that have edges.
    private var channels: [CaptureChannel] {
        var channels = salvage.channels
        let levels = chunks.first?.header.firstLevels ?? .rest
        if chunks.first?.header.edgesBefore == 0, salvage.gaps.first?.edgesBefore != 0 {
            for index in channels.indices {
                channels[index].initialLevel = levels[channels[index].channel]
            }
        }
        for index in 0..<Channel.countMax {
            guard let channel = Channel(index: index),
                channel.isWire || usedChannels >> UInt32(index) & 1 == 1,
                !channels.contains(where: { $0.channel == channel })
            else { continue }
            // A capture that names some channels has no others, unless it has edges of them.
            if !salvage.channels.isEmpty, usedChannels >> UInt32(index) & 1 == 0 { continue }
            let wire = WireNames.all.first { $0.channel == channel }?.host.description
            channels.append(
                CaptureChannel(
                    channel: channel, name: wire ?? "extra\(index)", initialLevel: levels[channel]))
        }
        channels.sort { $0.channel.index < $1.channel.index }
        var names: Set<String> = []
        for index in channels.indices where !names.insert(channels[index].name).inserted {
            // Damage has made two names one.
            channels[index].name += "-\(channels[index].channel.index)"
            names.insert(channels[index].name)
        }
        return channels
    }
}

extension EdgeBatch {
    /// A batch of nothing but a gap.
    fileprivate static func gap(_ gap: Gap, levels: LevelSet) -> EdgeBatch {
        var batch = EdgeBatch(levels: levels)
        batch.gap = gap
        return batch
    }
}
