#if Sigrok
    internal import CSigrok
    internal import Glibc
    public import Signals

    /// Writes edges as the samples of a session file of sigrok (`.sr`).
    public final class SigrokFileWriter {
        /// Edges that fell into one sample with another one of the same channel: neither is in the file.
        public private(set) var mergedEdges: Int64 = 0
        /// The number of samples so far.
        public private(set) var sampleCount: UInt64 = 0

        private let clock: SampleClock
        private let start: Timestamp
        private let places: [Channel: Int]
        private let path: String
        private let library: SigrokLibrary
        private let device: OpaquePointer
        private let output: OpaquePointer
        private var samples: [UInt8] = []
        /// The levels of the sample that is being made.
        private var present: UInt8
        /// Which channels changed since the last whole sample, and how often.
        private var changes: [Int]

        /// Samples of a packet: each becomes an entry of the archive, which takes long.
        private static let packetSamples = 4 << 20
        /// The most samples of a file: some hours at 1 MHz.
        public static let samplesMax: UInt64 = 1 << 34

        /// Creates a file, which must not exist.
        ///
        /// - Parameters:
        ///   - channels: at most 8, with their names.
        ///   - start: the time of the first sample.
        public init(
            path: String, channels: [(channel: Channel, name: String)], levels: LevelSet,
            start: Timestamp, clock: SampleClock
        ) throws(SigrokError) {
            precondition(channels.count <= 8, "a sample is a byte")
            self.path = path
            self.clock = clock
            self.start = start
            library = try SigrokLibrary()
            places = channels.enumerated().reduce(into: [:]) { $0[$1.element.channel] = $1.offset }
            changes = [Int](repeating: 0, count: channels.count)
            present = channels.enumerated().reduce(0) {
                $0 | levels[$1.element.channel].rawValue << UInt8($1.offset)
            }
            guard let device = sr_dev_inst_user_new("synscope", "capture", nil) else {
                throw .library(doing: "describing the channels", problem: "no memory")
            }
            self.device = device
            for (place, channel) in channels.enumerated() {
                sr_dev_inst_channel_add(
                    device, Int32(place), Int32(SR_CHANNEL_LOGIC.rawValue), channel.name)
            }
            var name = Array("srzip".utf8CString)
            guard let module = sr_output_find(&name),
                let output = sr_output_new(module, nil, device, path)
            else {
                throw .library(
                    doing: "writing \(path)", problem: "this libsigrok has no output module srzip")
            }
            self.output = output
            try sendRate()
            samples.reserveCapacity(Self.packetSamples)
        }

        deinit { sr_output_free(output) }

        /// Writes the samples before an edge, and takes its level. Times do not go back.
        public func append(_ edge: Edge) throws(SigrokError) {
            guard let place = places[edge.channel] else { return }
            try advance(to: clock.sample(at: offset(of: edge.time)))
            changes[place] += 1
            present = present & ~(1 << UInt8(place)) | edge.level.rawValue << UInt8(place)
        }

        /// Takes levels behind a gap.
        public func setLevels(_ levels: LevelSet, at time: Timestamp) throws(SigrokError) {
            try advance(to: clock.sample(at: offset(of: time)))
            for (channel, place) in places {
                present = present & ~(1 << UInt8(place)) | levels[channel].rawValue << UInt8(place)
            }
        }

        /// Writes the samples up to the end of the observation, and completes the file.
        public func finish(at end: Timestamp) throws(SigrokError) {
            try advance(to: max(clock.sample(at: offset(of: end)), sampleCount + 1))
            try flush()
            var packet = sr_datafeed_packet(type: UInt16(SR_DF_END.rawValue), payload: nil)
            try send(&packet)
        }

        private func offset(of time: Timestamp) -> Timestamp { Timestamp.zero + (time - start) }

        private func advance(to sample: UInt64) throws(SigrokError) {
            guard sample > sampleCount else { return }
            for place in changes.indices {
                // Of several changes between two samples at most one is seen.
                mergedEdges += Int64(changes[place] / 2 * 2)
                changes[place] = 0
            }
            while sampleCount < sample {
                let room = Self.packetSamples - samples.count
                let count = min(UInt64(room), sample - sampleCount)
                samples.append(contentsOf: repeatElement(present, count: Int(count)))
                sampleCount += count
                if samples.count == Self.packetSamples { try flush() }
            }
        }

        private func flush() throws(SigrokError) {
            guard !samples.isEmpty else { return }
            var problem: SigrokError?
            samples.withUnsafeMutableBytes { bytes in
                var logic = sr_datafeed_logic(
                    length: UInt64(bytes.count), unitsize: 1, data: bytes.baseAddress)
                withUnsafePointer(to: &logic) { payload in
                    var packet = sr_datafeed_packet(
                        type: UInt16(SR_DF_LOGIC.rawValue), payload: payload)
                    do throws(SigrokError) { try send(&packet) } catch { problem = error }
                }
            }
            if let problem { throw problem }
            samples.removeAll(keepingCapacity: true)
        }

        private func sendRate() throws(SigrokError) {
            guard let value = g_variant_new_uint64(guint64(clock.rate)) else { return }
            g_variant_ref_sink(value)
            defer { g_variant_unref(value) }
            var config = sr_config(key: SR_CONF_SAMPLERATE.rawValue, data: value)
            var problem: SigrokError?
            withUnsafeMutablePointer(to: &config) { config in
                var list = GSList(data: UnsafeMutableRawPointer(config), next: nil)
                withUnsafeMutablePointer(to: &list) { list in
                    var meta = sr_datafeed_meta(config: list)
                    withUnsafePointer(to: &meta) { payload in
                        var packet = sr_datafeed_packet(
                            type: UInt16(SR_DF_META.rawValue), payload: payload)
                        do throws(SigrokError) { try send(&packet) } catch { problem = error }
                    }
                }
            }
            if let problem { throw problem }
        }

        private func send(_ packet: inout sr_datafeed_packet) throws(SigrokError) {
            var text: UnsafeMutablePointer<GString>?
            let result = sr_output_send(output, &packet, &text)
            if let text { g_string_free(text, 1) }
            guard result == 0 else {
                throw .library(doing: "writing \(path)", problem: SigrokLibrary.problem(result))
            }
        }
    }
#endif
