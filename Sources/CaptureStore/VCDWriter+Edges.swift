// The body of a value change dump: times, levels and gaps.

public import Signals

extension VCDWriter {
    /// Appends the batch's gap, then its edges, as far as the file has their channels.
    ///
    /// Throws when a time is negative, which the format cannot say, or goes back.
    public func append(_ batch: EdgeBatch) throws(CaptureError) {
        if let gap = batch.gap { try append(gap, batch) }
        let edges = batch.edges
        var index = 0
        var time = self.time
        var levels = self.levels
        while index < edges.count {
            // In runs that fit the buffer whatever the times are.
            let stop = min(edges.count, index + Self.runLength)
            var count: Int64 = 0
            var valid = true
            try output.write(upTo: (stop - index) * Self.bytesPerEdgeMax) { bytes in
                var used = 0
                identifiers.withUnsafeBufferPointer { identifiers in
                    edges.withUnsafeBufferPointer { edges in
                        while index < stop {
                            let edge = edges[index]
                            let channel = Int(edge.channel.index)
                            guard edge.time >= time else {
                                valid = false
                                return
                            }
                            index += 1
                            guard identifiers[channel] != 0 else { continue }
                            if edge.time != time {
                                used = Self.write(edge.time, to: bytes, at: used)
                                time = edge.time
                            }
                            used = Self.write(
                                UInt8(ascii: "0") + edge.level.rawValue, identifiers[channel],
                                to: bytes, at: used)
                            levels[edge.channel] = edge.level
                            count += 1
                        }
                    }
                }
                return used
            }
            edgeCount += count
            self.time = time
            self.levels = levels
            guard valid else {
                throw .invalidEdge(
                    number: edgeCount,
                    problem: .timeGoesBack(from: time, to: edges[index].time))
            }
        }
    }

    /// Completes the file: the observation ended at `end`.
    public func finish(at end: Timestamp) throws(CaptureError) {
        if end > time { try write(end) }
        try output.finish()
    }

    private static var runLength: Int { 4096 }
    /// `#`, nineteen digits and a new line; a level, an identifier and a new line.
    private static var bytesPerEdgeMax: Int { 24 }

    private func append(_ gap: Gap, _ batch: EdgeBatch) throws(CaptureError) {
        let text =
            "$comment gap \(gap.start.nanoseconds) ... \(gap.end.nanoseconds) ns, "
            + "\(gap.reason.name) $end\n"
        let affected = channels.filter { channel in
            gap.channel == nil || gap.channel == channel.channel
                || batch.levels[channel.channel] != levels[channel.channel]
        }
        defer { levels = batch.levels }
        guard !affected.isEmpty else { return }
        if gap.start > time { try write(gap.start) }
        try output.write(text.utf8)
        for channel in affected { try write(UInt8(ascii: "x"), channel) }
        // The levels are known again at the gap's end, and not after the next edge.
        let end = batch.edges.first.map { min($0.time, gap.end) } ?? gap.end
        if end > time { try write(end) }
        for channel in affected {
            try write(UInt8(ascii: "0") + batch.levels[channel.channel].rawValue, channel)
        }
    }

    private func write(_ time: Timestamp) throws(CaptureError) {
        try output.write(upTo: Self.bytesPerEdgeMax) { Self.write(time, to: $0, at: 0) }
        self.time = time
    }

    private func write(_ value: UInt8, _ channel: CaptureChannel) throws(CaptureError) {
        try output.write([value, identifiers[Int(channel.channel.index)], UInt8(ascii: "\n")])
    }

    /// Writes `#`, the digits of a time that is not negative, and a new line.
    @inline(__always)
    private static func write(
        _ time: Timestamp, to bytes: UnsafeMutableBufferPointer<UInt8>, at offset: Int
    ) -> Int {
        let number = UInt64(bitPattern: time.nanoseconds)
        var length = 1
        var bound: UInt64 = 10
        while number >= bound, length < 19 {
            bound &*= 10
            length &+= 1
        }
        bytes[offset] = UInt8(ascii: "#")
        // Two digits per division, and divisions of 32 bits where they do.
        var index = offset &+ length
        var high = number
        while high > UInt64(UInt32.max) {
            let (quotient, pair) = high.quotientAndRemainder(dividingBy: 100)
            write(pair: UInt32(truncatingIfNeeded: pair), to: bytes, endingAt: index)
            high = quotient
            index &-= 2
        }
        var rest = UInt32(truncatingIfNeeded: high)
        while index &- offset >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            write(pair: pair, to: bytes, endingAt: index)
            rest = quotient
            index &-= 2
        }
        if index > offset { bytes[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest) }
        bytes[offset &+ length &+ 1] = UInt8(ascii: "\n")
        return offset &+ length &+ 2
    }

    @inline(__always)
    private static func write(
        pair: UInt32, to bytes: UnsafeMutableBufferPointer<UInt8>, endingAt index: Int
    ) {
        let tens = pair / 10
        bytes[index &- 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: tens)
        bytes[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
    }

    /// Writes a level, an identifier and a new line.
    @inline(__always)
    private static func write(
        _ value: UInt8, _ identifier: UInt8, to bytes: UnsafeMutableBufferPointer<UInt8>,
        at offset: Int
    ) -> Int {
        bytes[offset] = value
        bytes[offset &+ 1] = identifier
        bytes[offset &+ 2] = UInt8(ascii: "\n")
        return offset &+ 3
    }
}
