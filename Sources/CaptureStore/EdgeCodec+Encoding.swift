// Edges to payload. The caller vouches for the edges (in order, in range, toggling); what is
// written here is the only form in which a reader may meet them.

public import Signals

extension EdgeCodec {
    /// Encodes chunks of edges; keep one and use it for all.
    public struct Packer {
        private let frequencies: ZstandardCompressor
        private let repetitions: ZstandardCompressor
        private var frame: [UInt8] = []
        private var sections: [UInt8] = []
        private var planes: [UInt8] = []
        private var escapes: [UInt8] = []
        private var exceptions: [UInt8] = []

        /// A packer with its own buffers and zstd context; not to be shared between threads.
        public init() throws(CaptureError) {
            frequencies = try ZstandardCompressor(.frequencies)
            repetitions = try ZstandardCompressor(.repetitions)
        }

        /// Replaces the content of `payload` by the coding of the edges.
        ///
        /// Preconditions: at most ``EdgeCodec/edgesMax`` edges, whose times do not decrease and
        /// lie in `Timestamp.earliest ... Timestamp.latest`. Levels are not looked at: every
        /// edge is taken to toggle its channel.
        public mutating func pack(_ edges: some Sequence<Edge>, into payload: inout [UInt8]) {
            let done: Void? = edges.withContiguousStorageIfAvailable {
                packContiguous($0, into: &payload)
            }
            if done == nil {
                Array(edges).withUnsafeBufferPointer { packContiguous($0, into: &payload) }
            }
        }

        private mutating func packContiguous(
            _ edges: UnsafeBufferPointer<Edge>, into payload: inout [UInt8]
        ) {
            let count = edges.count
            precondition(count <= EdgeCodec.edgesMax, "a chunk holds at most EdgeCodec.edgesMax")
            let unit = EdgeCodec.timeUnit(of: edges)
            let leadCount = split(edges, unit: unit)

            payload.removeAll(keepingCapacity: true)
            payload.append(EdgeCodec.version)
            payload += [0, 0]  // the codings of the planes, known below
            payload.appendNumber(unit)
            payload.appendNumber(UInt64(leadCount))

            // The lengths precede the planes, so the planes are packed aside first.
            let planes = self.planes
            sections.removeAll(keepingCapacity: true)
            var codings: UInt16 = 0
            for plane in 0..<EdgeCodec.planeCount {
                let length = EdgeCodec.planeLength(plane, edges: count, leads: leadCount)
                let offset = plane * count
                let before = sections.count
                let coding = planes.withUnsafeBufferPointer { bytes in
                    appendSection(
                        UnsafeBufferPointer(rebasing: bytes[offset..<offset + length]))
                }
                codings |= UInt16(coding.rawValue) << (2 * UInt16(truncatingIfNeeded: plane))
                payload.appendNumber(UInt64(sections.count - before))
            }
            payload[1] = UInt8(truncatingIfNeeded: codings)
            payload[2] = UInt8(truncatingIfNeeded: codings >> 8)
            payload.appendNumber(UInt64(escapes.count))
            payload.appendNumber(UInt64(exceptions.count))
            payload += sections
            payload += escapes
            payload += exceptions
        }

        /// Fills the planes, plane p from p times the number of edges on, and the two lists; returns
        /// the number of leads.
        private mutating func split(_ edges: UnsafeBufferPointer<Edge>, unit: UInt64) -> Int {
            let count = edges.count
            escapes.removeAll(keepingCapacity: true)
            exceptions.removeAll(keepingCapacity: true)
            let length = EdgeCodec.choicePlane * count + (count + 7) / 8
            if planes.count < length {
                planes.append(contentsOf: repeatElement(0, count: length - planes.count))
            }
            var previousTime = edges.first?.time.nanoseconds ?? 0
            var previous = EdgeCodec.predecessorOfFirst
            var exceptionBefore = -1
            var leadCount = 0
            planes.withUnsafeMutableBufferPointer { planes in
                EdgeCodec.successors.withUnsafeBufferPointer { successors in
                    var bits: UInt8 = 0
                    for index in 0..<count {
                        let edge = edges[index]
                        let time = edge.time.nanoseconds
                        var delta = UInt64(bitPattern: time &- previousTime)
                        if unit != 1 { delta /= unit }
                        previousTime = time
                        let isLead = EdgeCodec.isLead(behind: previous)
                        let place = isLead ? 3 &* count &+ leadCount : index &- leadCount
                        leadCount &+= isLead ? 1 : 0
                        planes[place] = UInt8(truncatingIfNeeded: delta)
                        planes[count &+ place] = UInt8(truncatingIfNeeded: delta >> 8)
                        let high = delta >> 16
                        if high < UInt64(EdgeCodec.escape) {
                            planes[2 &* count &+ place] = UInt8(truncatingIfNeeded: high)
                        } else {
                            planes[2 &* count &+ place] = EdgeCodec.escape
                            escapes.appendNumber(high - UInt64(EdgeCodec.escape))
                        }

                        let channel = edge.channel.index & 31
                        let expected = 2 &* Int(previous)
                        if channel != successors[expected] {
                            bits |= 1 << UInt8(truncatingIfNeeded: index & 7)
                            if channel != successors[expected &+ 1] {
                                exceptions.appendNumber(UInt64(index - exceptionBefore - 1))
                                exceptions.append(channel)
                                exceptionBefore = index
                            }
                        }
                        previous = channel
                        if index & 7 == 7 || index == count &- 1 {
                            planes[EdgeCodec.choicePlane &* count &+ index >> 3] = bits
                            bits = 0
                        }
                    }
                }
            }
            return leadCount
        }

        /// Appends a plane in the shortest of its codings.
        private mutating func appendSection(
            _ plane: UnsafeBufferPointer<UInt8>
        ) -> PlaneCoding {
            guard let first = plane.first else { return .raw }
            if plane.count > 1, plane.allSatisfy({ $0 == first }) {
                sections.append(first)
                return .constant
            }
            let before = sections.count
            var shortest = plane.count
            for compressor in [frequencies, repetitions] {
                if compressor.compress(plane, below: shortest, into: &frame) {
                    sections.removeLast(sections.count - before)
                    sections += frame
                    shortest = frame.count
                }
            }
            if shortest < plane.count { return .zstd }
            sections.append(contentsOf: plane)
            return .raw
        }
    }

    /// The length of a plane before it is compressed.
    static func planeLength(_ plane: Int, edges count: Int, leads leadCount: Int) -> Int {
        switch plane {
        case 0..<3: count - leadCount
        case 3..<6: leadCount
        default: (count + 7) / 8
        }
    }

    /// The greatest common divisor of the spans between neighbours, at least 1.
    ///
    /// An instrument that samples every microsecond gives multiples of 1000 ns: dividing by it
    /// leaves the low planes with what was measured instead of with multiples of 8.
    private static func timeUnit(of edges: UnsafeBufferPointer<Edge>) -> UInt64 {
        guard var previous = edges.first?.time.nanoseconds else { return 1 }
        var unit: UInt64 = 0
        for edge in edges {
            let time = edge.time.nanoseconds
            var rest = UInt64(bitPattern: time &- previous)
            previous = time
            while rest != 0 { (unit, rest) = (rest, unit % rest) }
            if unit == 1 { return 1 }
        }
        return max(unit, 1)
    }
}
