// Payload to edges. Everything that a payload claims is checked before it is used: no byte of a
// file can trap here, read outside its section, or make a time that is out of range.

public import Signals

extension EdgeCodec {
    /// Decodes chunks of edges; keep one and use it for all.
    ///
    ///     unpacker.payload = bytes
    ///     try unpacker.open(header)
    ///     while try unpacker.next(4096, into: &edges) > 0 { … }
    ///
    /// A chunk is decoded in runs, so that the edges of a large chunk never leave the cache.
    public struct Unpacker {
        /// The bytes to decode next; fill it, then call ``open(_:)``.
        public var payload: [UInt8] = []
        /// The number of edges decoded since ``open(_:)``.
        public private(set) var position = 0
        /// The levels after the edges decoded so far.
        public private(set) var levels = LevelSet(bits: 0)

        private let decompressor: ZstandardDecompressor
        /// The planes: turns and behind them leads, low bytes, middle bytes, high bytes; choices.
        private var planes: [UInt8] = []
        private var leadCount = 0
        private var header = ChunkHeader(
            start: .zero, end: .zero, edgeCount: 0, firstLevels: LevelSet(bits: 0))
        private var unit: UInt64 = 1
        /// Whether times must be checked edge by edge, because their sum could overflow.
        private var checksTimes = false
        private var time: Int64 = 0
        private var previous = EdgeCodec.predecessorOfFirst
        private var leadsUsed = 0
        private var escapes = Section()
        private var escapesUsed = 0
        private var exceptions = Section()
        private var exceptionIndex = Int.max
        private var exceptionChannel: UInt8 = 0

        /// An unpacker with its own buffers and zstd context; not to be shared between threads.
        public init() throws(CaptureError) { decompressor = try ZstandardDecompressor() }

        /// A list in the payload, and how far it is read.
        struct Section {
            var offset = 0
            var end = 0
            var range: Range<Int> { offset..<end }
        }

        /// Begins to decode ``payload``.
        ///
        /// Its checksum is the caller's to verify, with
        /// ``ChunkHeader/checksum(of:)``.
        public mutating func open(_ header: ChunkHeader) throws(PayloadFault) {
            self.header = header
            let count = header.edgeCount
            guard count >= 0, count <= EdgeCodec.edgesMax else { throw .edgeCount(count) }
            guard header.start >= .earliest, header.start <= header.end, header.end <= .latest
            else { throw .timeOverflow(edge: 0) }
            guard let version = payload.first else {
                throw .truncated(offset: 0, needed: 3, available: 0)
            }
            guard version == EdgeCodec.version else { throw .unsupportedCoding(version: version) }
            guard payload.count >= 3 else {
                throw .truncated(offset: 0, needed: 3, available: payload.count)
            }
            let codings = UInt16(payload[1]) | UInt16(payload[2]) << 8
            guard codings >> (2 * UInt16(EdgeCodec.planeCount)) == 0 else {
                throw .planeCoding(plane: EdgeCodec.planeCount)
            }
            var offset = 3
            unit = try payload.readNumber(at: &offset, end: payload.count)
            guard unit >= 1, unit <= 1 << 62 else { throw .timeUnit(unit) }
            // A delta that is no escape is below 2^24 units: when all of them together stay below
            // 2^61 ns, only escapes can take a time out of range.
            let ordinary = (UInt64(count) << 24).multipliedReportingOverflow(by: unit)
            checksTimes = ordinary.overflow || ordinary.partialValue > 1 << 61

            // The first span is a turn.
            let leads = try payload.readNumber(at: &offset, end: payload.count)
            guard leads == 0 || leads < UInt64(count) else {
                throw .leadCount(expected: Int(clamping: leads), actual: max(0, count - 1))
            }
            leadCount = Int(leads)

            var lengths = InlineArray<9, Int>(repeating: 0)
            for section in lengths.indices {
                let length = try payload.readNumber(at: &offset, end: payload.count)
                guard length <= UInt64(payload.count) else {
                    throw .truncated(
                        offset: offset, needed: Int(clamping: length),
                        available: payload.count - offset)
                }
                lengths[section] = Int(length)
            }
            try openPlanes(codings: codings, lengths: lengths, at: &offset, edges: count)
            escapes = try section(length: lengths[7], at: &offset)
            exceptions = try section(length: lengths[8], at: &offset)
            guard offset == payload.count else {
                throw .trailingBytes(offset: offset, count: payload.count - offset)
            }

            position = 0
            escapesUsed = 0
            leadsUsed = 0
            time = header.start.nanoseconds
            levels = header.firstLevels
            previous = EdgeCodec.predecessorOfFirst
            exceptionIndex = -1
            try readException()
            if count > 0 { try checkEnds() } else { try checkFinished() }
        }

        private func section(length: Int, at offset: inout Int) throws(PayloadFault) -> Section {
            guard length <= payload.count - offset else {
                throw .truncated(
                    offset: offset, needed: length, available: payload.count - offset)
            }
            defer { offset += length }
            return Section(offset: offset, end: offset + length)
        }

        private mutating func openPlanes(
            codings: UInt16, lengths: InlineArray<9, Int>, at offset: inout Int, edges count: Int
        ) throws(PayloadFault) {
            let length = EdgeCodec.spanPlaneStride(count) * 3 + (count + 7) / 8
            if planes.count < length {
                planes.append(contentsOf: repeatElement(0, count: length - planes.count))
            }
            for plane in 0..<EdgeCodec.planeCount {
                let expected = EdgeCodec.planeLength(plane, edges: count, leads: leadCount)
                let stored = try section(length: lengths[plane], at: &offset)
                guard let coding = PlaneCoding(rawValue: UInt8(codings >> (2 * plane) & 3)) else {
                    throw .planeCoding(plane: plane)
                }
                let first = EdgeCodec.planeStart(plane, edges: count, leads: leadCount)
                let place = first..<first + expected
                switch coding {
                case .raw:
                    guard lengths[plane] == expected else {
                        throw .planeLength(
                            plane: plane, expected: expected, actual: lengths[plane])
                    }
                    planes.withUnsafeMutableBufferPointer { planes in
                        payload.withUnsafeBufferPointer { bytes in
                            _ = planes[place].update(fromContentsOf: bytes[stored.range])
                        }
                    }
                case .constant:
                    guard lengths[plane] == 1, expected > 0 else {
                        throw .planeLength(plane: plane, expected: 1, actual: lengths[plane])
                    }
                    let value = payload[stored.offset]
                    planes.withUnsafeMutableBufferPointer { planes in
                        planes[place].update(repeating: value)
                    }
                case .zstd:
                    let fits = payload.withUnsafeBytes { bytes in
                        planes.withUnsafeMutableBytes { planes in
                            decompressor.decompress(
                                UnsafeRawBufferPointer(rebasing: bytes[stored.range]),
                                into: UnsafeMutableRawBufferPointer(rebasing: planes[place]))
                        }
                    }
                    guard fits else { throw .compression(plane: plane) }
                }
            }
        }

        /// One of the eight choices that stand in a byte: whether the edge is on its second channel.
        private func choice(_ index: Int) -> UInt8 {
            let start = EdgeCodec.planeStart(
                EdgeCodec.choicePlane, edges: header.edgeCount, leads: leadCount)
            return planes[start + index >> 3] >> UInt8(index & 7) & 1
        }

        /// What can be known of a chunk's planes before it is decoded.
        private func checkEnds() throws(PayloadFault) {
            let count = header.edgeCount
            for plane in 0..<3
            where planes[EdgeCodec.planeStart(plane, edges: count, leads: leadCount)] != 0 {
                throw .firstDelta
            }
            let padded = (count + 7) & ~7
            for index in count..<padded where choice(index) != 0 { throw .padding }
        }

        /// What must hold after a chunk's last edge.
        private func checkFinished() throws(PayloadFault) {
            guard escapes.offset == escapes.end else {
                throw .escapeCount(
                    expected: escapesUsed, actual: escapesUsed + escapes.end - escapes.offset)
            }
            guard exceptionIndex == .max else { throw .exceptionEdge(exceptionIndex) }
            guard leadsUsed == leadCount else {
                throw .leadCount(expected: leadCount, actual: leadsUsed)
            }
            guard time == header.end.nanoseconds else {
                throw .endTime(expected: header.end.nanoseconds, actual: time)
            }
        }

        /// Reads the exception after the present one.
        private mutating func readException() throws(PayloadFault) {
            guard exceptions.offset < exceptions.end else {
                exceptionIndex = .max
                return
            }
            let skipped = try payload.readNumber(at: &exceptions.offset, end: exceptions.end)
            guard exceptions.offset < exceptions.end else {
                throw .truncated(offset: exceptions.offset, needed: 1, available: 0)
            }
            exceptionChannel = payload[exceptions.offset]
            exceptions.offset += 1
            guard exceptionChannel < Channel.countMax else {
                throw .exceptionChannel(exceptionChannel)
            }
            guard skipped < UInt64(header.edgeCount), exceptionIndex < header.edgeCount else {
                throw .exceptionEdge(Int(clamping: skipped))
            }
            exceptionIndex += 1 + Int(skipped)
            guard exceptionIndex < header.edgeCount else { throw .exceptionEdge(exceptionIndex) }
        }

        /// Replaces the content of `edges` by the next run, and returns its length: 0 at the end.
        ///
        /// The last run is only handed out once all of the chunk is known to add up.
        /// Precondition: `limit` is positive.
        public mutating func next(
            _ limit: Int, into edges: inout [Edge]
        ) throws(PayloadFault) -> Int {
            precondition(limit > 0, "a run has at least one edge")
            let run = min(limit, header.edgeCount - position)
            if edges.count > run {
                edges.removeLast(edges.count - run)
            } else if edges.count < run {
                let blank = Edge(time: .zero, channel: .reset, level: .low)
                edges.reserveCapacity(run)
                edges.append(contentsOf: repeatElement(blank, count: run - edges.count))
            }
            let first = position
            while position < first + run {
                // Edges between exceptions are decoded in one go.
                let stop = min(first + run, exceptionIndex)
                if stop > position {
                    let fault =
                        checksTimes
                        ? decode(until: stop, into: &edges, first: first, checked: true)
                        : decode(until: stop, into: &edges, first: first, checked: false)
                    if let fault { throw fault }
                } else {
                    try decodeException(into: &edges, first: first)
                }
            }
            if run > 0, position == header.edgeCount { try checkFinished() }
            return run
        }

        /// Decodes edges up to `stop`, none of which is an exception.
        @inline(__always)
        private mutating func decode(
            until stop: Int, into edges: inout [Edge], first: Int, checked: Bool
        ) -> PayloadFault? {
            let count = header.edgeCount
            var run = Run(
                index: position, turn: position - leadsUsed, lead: count - leadCount + leadsUsed,
                time: UInt64(bitPattern: time), previous: previous, levels: levels.bits,
                escapes: escapes, escapesUsed: escapesUsed)
            let (unit, leadCount) = (unit, leadCount)
            let stride = EdgeCodec.spanPlaneStride(count)
            let fault = payload.withUnsafeBufferPointer { payload in
                planes.withUnsafeBufferPointer { planes in
                    edges.withUnsafeMutableBufferPointer { edges in
                        func plane(_ number: Int, length: Int) -> UnsafeBufferPointer<UInt8> {
                            let offset = number * stride
                            return UnsafeBufferPointer(rebasing: planes[offset..<offset + length])
                        }
                        let spans = Run.Spans(
                            low: plane(0, length: stride), middle: plane(1, length: stride),
                            high: plane(2, length: stride), count: count,
                            leadCount: leadCount)
                        return run.decode(
                            until: stop, unit: unit, payload: payload, spans: spans,
                            choices: plane(3, length: (stop + 7) / 8), first: first, into: edges,
                            checked: checked)
                    }
                }
            }
            time = Int64(bitPattern: run.time)
            previous = run.previous
            levels.bits = run.levels
            escapes = run.escapes
            escapesUsed = run.escapesUsed
            leadsUsed = run.lead - (count - leadCount)
            position = run.index
            return fault
        }

        /// Decodes one edge whose channel is neither of the two that could be expected.
        private mutating func decodeException(
            into edges: inout [Edge], first: Int
        ) throws(PayloadFault) {
            let index = position
            guard choice(index) == 1 else {
                throw .exceptionEdge(index)
            }
            // Decoded as its bit says, then corrected.
            if let fault = decode(until: index + 1, into: &edges, first: first, checked: true) {
                throw fault
            }
            let channel = Channel(masking: exceptionChannel)
            levels.toggle(Channel(masking: previous))
            levels.toggle(channel)
            previous = channel.index
            edges[index - first].channel = channel
            edges[index - first].level = levels[channel]
            try readException()
        }
    }
}

extension EdgeCodec {
    /// From one plane of spans to the next when they are unpacked: behind each there is room for a
    /// look at eight bytes at once.
    static func spanPlaneStride(_ count: Int) -> Int { count + 8 }

    /// Where a plane stands when it is unpacked: the leads behind the turns.
    static func planeStart(_ plane: Int, edges count: Int, leads leadCount: Int) -> Int {
        switch plane {
        case 0..<3: plane * spanPlaneStride(count)
        case 3..<6: (plane - 3) * spanPlaneStride(count) + count - leadCount
        default: 3 * spanPlaneStride(count)
        }
    }
}
