#if Sigrok
internal import CSigrok
public import Signals

/// Writes a session file of sigrok (`.sr`) of edges.
///
/// A session holds samples, so an edge moves to the first sample at or after it, and edges of one
/// channel in one sample cancel each other: ``mergedEdges`` counts those that are lost. A gap cannot
/// be said in such a file; the levels behind it follow those before it.
///
/// libsigrok writes the file under its own name, a part at a time; nobody but the caller can keep
/// others from seeing it before it is complete.
public final class SigrokFileWriter {
    /// A channel of the file.
    public struct FileChannel: Hashable, Sendable {
        /// The channel of the edges.
        public var channel: Channel
        /// Its name in the file.
        public var name: String

        /// A channel and its name.
        public init(_ channel: Channel, name: String) {
            self.channel = channel
            self.name = name
        }
    }

    /// The most samples that other programs can be expected to read: 66 minutes at 1 MHz.
    public static let samplesMax: UInt64 = 4_000_000_000
    /// When the samples are taken.
    public let clock: SampleClock
    /// Edges that are not in the file, as others of their channel lie in the same sample, or as they
    /// lie in the first one; known when the file is finished.
    public var mergedEdges: Int64 { takenEdges - changes }
    /// The edges that are level changes in the file; those that a gap hides are none.
    public private(set) var changes: Int64 = 0
    /// The number of samples so far.
    public private(set) var sampleCount: UInt64 = 0

    private let isEndRequested: () -> Bool
    private let path: String
    private let start: Timestamp
    /// The bit of each channel, by its index; nil for channels that the file does not have.
    private var bits = [UInt32?](repeating: nil, count: Channel.countMax)
    private let unitSize: Int
    private var takenEdges: Int64 = 0
    private var value: UInt32 = 0
    /// The value of the sample before, which the file has.
    private var written: UInt32?
    /// The levels from which edges have led to those of the next sample; a gap has moved both.
    private var origin: UInt32 = 0
    private var packet: [UInt8]
    private var used = 0
    private let device: OpaquePointer
    private let output: OpaquePointer

    /// libsigrok makes a member of the archive of each packet, and moves all of it for that.
    private static let packetBytes = 4 << 20

    /// How many samples an observation has; throws if those are too many.
    public static func sampleCount(
        from start: Timestamp, to end: Timestamp, clock: SampleClock
    ) throws(SigrokError) -> UInt64 {
        let span = Timestamp(nanoseconds: max(0, (end - start).count))
        let count = max(1, clock.sample(at: span))
        guard count <= samplesMax else {
            throw .tooManySamples(count: count, limit: samplesMax, rate: clock.rate)
        }
        return count
    }

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - levels: the levels at `start`, which is the time of the first sample.
    ///   - isEndRequested: asked now and then; when true, no more samples are made.
    public init(
        path: String, channels: [FileChannel], levels: LevelSet, start: Timestamp,
        clock: SampleClock, isEndRequested: @escaping () -> Bool = { false }
    ) throws(SigrokError) {
        precondition(!channels.isEmpty && channels.count <= 32, "1 to 32 channels")
        self.path = path
        self.start = start
        self.isEndRequested = isEndRequested
        self.clock = clock
        unitSize = (channels.count + 7) / 8
        packet = [UInt8](repeating: 0, count: Self.packetBytes / unitSize * unitSize)
        for (place, channel) in channels.enumerated() {
            bits[Int(channel.channel.index)] = 1 << UInt32(place)
        }
        (device, output) = try SigrokLibrary.withContext { _ throws(SigrokError) in
            _ = SigrokLibrary.takeWords()
            guard let device = sr_dev_inst_user_new("synscope", "capture", ""),
                let module = sr_output_find(UnsafeMutablePointer(mutating: Self.moduleName))
            else {
                throw .library(
                    doing: "writing \(path)", problem: "libsigrok has no writer for it")
            }
            for (place, channel) in channels.enumerated() {
                sr_dev_inst_channel_add(
                    device, Int32(place), Int32(SR_CHANNEL_LOGIC.rawValue), channel.name)
            }
            guard let output = sr_output_new(module, nil, device, path) else {
                throw .library(doing: "writing \(path)", problem: SigrokLibrary.takeWords())
            }
            return (device, output)
        }
        set(levels)
        try sendRate()
    }

    deinit { sr_output_free(output) }

    /// A C string that stays.
    nonisolated(unsafe) private static let moduleName: UnsafePointer<CChar> = {
        let name = Array("srzip".utf8CString)
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
        bytes.initialize(from: name, count: name.count)
        return UnsafePointer(bytes)
    }()

    /// Appends the batch's edges; channels that the file does not have are left out.
    public func append(_ batch: EdgeBatch) throws(SigrokError) {
        if let gap = batch.gap {
            try advance(to: min(gap.end, batch.edges.first?.time ?? gap.end))
            let before = value
            set(batch.levels)
            let moved = before ^ value
            origin = origin & ~moved | value & moved
        }
        for edge in batch.edges {
            guard let bit = bits[Int(edge.channel.index)] else { continue }
            try advance(to: edge.time)
            value = edge.level == .high ? value | bit : value & ~bit
            takenEdges += 1
        }
    }

    /// Writes the samples up to the end of the observation, and completes the file.
    public func finish(at end: Timestamp) throws(SigrokError) {
        try advance(to: end)
        // An edge at the very end has a sample of its own.
        if written != value { try fill(1) }
        try send()
        var packet = sr_datafeed_packet(type: UInt16(SR_DF_END.rawValue), payload: nil)
        try send(&packet)
    }

    /// Writes the samples before the first one at or after a time.
    private func advance(to time: Timestamp) throws(SigrokError) {
        let sample = clock.sample(at: Timestamp(nanoseconds: max(0, (time - start).count)))
        guard sample > sampleCount else { return }
        guard sample <= Self.samplesMax else {
            throw .tooManySamples(count: sample, limit: Self.samplesMax, rate: clock.rate)
        }
        try fill(Int(sample - sampleCount))
    }

    private func fill(_ count: Int) throws(SigrokError) {
        if let written {
            changes += Int64(((written ^ value) & (origin ^ value)).nonzeroBitCount)
        }
        (written, origin) = (value, value)
        sampleCount += UInt64(count)
        var left = count
        while left > 0 {
            let room = (packet.count - used) / unitSize
            if room == 0 {
                if isEndRequested() {
                    sampleCount -= UInt64(left)
                    return
                }
                try send()
                continue
            }
            let now = min(left, room)
            let (first, value, unitSize) = (used, value, unitSize)
            packet.withUnsafeMutableBytes { bytes in
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: bytes[first..<first + now * unitSize])
                if unitSize == 1 {
                    target.initializeMemory(
                        as: UInt8.self, repeating: UInt8(truncatingIfNeeded: value))
                } else {
                    for place in 0..<target.count {
                        target[place] = UInt8(
                            truncatingIfNeeded: value >> UInt32(8 * (place % unitSize)))
                    }
                }
            }
            used += now * unitSize
            left -= now
        }
    }

    private func set(_ levels: LevelSet) {
        for (index, bit) in bits.enumerated() {
            guard let bit, let channel = Channel(index: index) else { continue }
            value = levels[channel] == .high ? value | bit : value & ~bit
        }
    }

    private func sendRate() throws(SigrokError) {
        let rate = g_variant_ref_sink(g_variant_new_uint64(UInt(clock.rate)))
        defer { g_variant_unref(rate) }
        var config = sr_config(key: UInt32(SR_CONF_SAMPLERATE.rawValue), data: rate)
        let problem = withUnsafeMutablePointer(to: &config) { config -> SigrokError? in
            let list = g_slist_append(nil, config)
            defer { g_slist_free(list) }
            var meta = sr_datafeed_meta(config: list)
            return withUnsafePointer(to: &meta) { meta in
                var packet = sr_datafeed_packet(
                    type: UInt16(SR_DF_META.rawValue), payload: meta)
                return self.problem(sending: &packet)
            }
        }
        if let problem { throw problem }
    }

    private func send() throws(SigrokError) {
        guard used > 0 else { return }
        let (count, unitSize) = (used, unitSize)
        let problem = packet.withUnsafeMutableBytes { bytes -> SigrokError? in
            var logic = sr_datafeed_logic(
                length: UInt64(count), unitsize: UInt16(unitSize), data: bytes.baseAddress)
            return withUnsafePointer(to: &logic) { logic in
                var packet = sr_datafeed_packet(
                    type: UInt16(SR_DF_LOGIC.rawValue), payload: logic)
                return self.problem(sending: &packet)
            }
        }
        if let problem { throw problem }
        used = 0
    }

    private func send(_ packet: inout sr_datafeed_packet) throws(SigrokError) {
        if let problem = problem(sending: &packet) { throw problem }
    }

    private func problem(sending packet: inout sr_datafeed_packet) -> SigrokError? {
        var text: UnsafeMutablePointer<GString>?
        let result = sr_output_send(output, &packet, &text)
        if let text { g_string_free(text, 1) }
        return result == 0
            ? nil
            : .library(doing: "writing \(path)", problem: SigrokLibrary.problem(result))
    }
}
#endif
