// The loop in which a capture is decoded: every edge of every report passes through it. It works on
// bytes whose lengths are checked, and keeps its state in one value, so in registers.

internal import Signals

extension EdgeCodec.Unpacker {
    /// The state of decoding between two edges.
    struct Run {
        var index: Int
        var time: UInt64
        var previous: UInt8
        var levels: UInt32
        var escapes: Section
        var escapesUsed: Int

        /// Decodes edges up to `stop`, none of which is an exception.
        ///
        /// The planes hold at least `stop` edges, `edges` at least `stop - first`. With `checked`
        /// every time is checked; without, the caller knows that only escapes can leave the range.
        @inline(__always)
        mutating func decode(
            until stop: Int, unit: UInt64, payload: UnsafeBufferPointer<UInt8>,
            low: UnsafeBufferPointer<UInt8>, middle: UnsafeBufferPointer<UInt8>,
            high: UnsafeBufferPointer<UInt8>, choices: UnsafeBufferPointer<UInt8>, first: Int,
            into edges: UnsafeMutableBufferPointer<Edge>, checked: Bool
        ) -> PayloadFault? {
            EdgeCodec.successors.withUnsafeBufferPointer { successors in
                EdgeCodec.successorsOfEight.withUnsafeBufferPointer { eights in
                    while index < stop {
                        // Eight edges at a time where neither an escape nor an extra is among
                        // them: the channels of eight are one look-up, else each waits for the
                        // look-up of the one before.
                        if !checked, index & 7 == 0, stop &- index >= 8, previous < 5,
                            !containsEscape(high, at: index)
                        {
                            let eight = eights[
                                Int(previous) << 8 &+ Int(choices[index &>> 3])]
                            for place in 0..<8 {
                                let channel = UInt8(
                                    truncatingIfNeeded: eight &>> UInt64(place &* 8))
                                time &+= span(low, middle, high, index &+ place) &* unit
                                edges[index &+ place &- first] = toggle(channel)
                            }
                            previous = UInt8(truncatingIfNeeded: eight &>> 56)
                            index &+= 8
                            continue
                        }
                        if let fault = advance(
                            by: span(low, middle, high, index), unit: unit, payload: payload,
                            isEscape: high[index] == EdgeCodec.escape, checked: checked)
                        {
                            return fault
                        }
                        let choice = choices[index &>> 3] &>> UInt8(index & 7) & 1
                        previous = successors[2 &* Int(previous) &+ Int(choice)]
                        edges[index &- first] = toggle(previous)
                        index &+= 1
                    }
                    return nil
                }
            }
        }

        /// The lowest three bytes of a span.
        @inline(__always)
        private func span(
            _ low: UnsafeBufferPointer<UInt8>, _ middle: UnsafeBufferPointer<UInt8>,
            _ high: UnsafeBufferPointer<UInt8>, _ index: Int
        ) -> UInt64 {
            UInt64(low[index]) | UInt64(middle[index]) &<< 8 | UInt64(high[index]) &<< 16
        }

        /// The edge on a channel at the present time.
        @inline(__always)
        private mutating func toggle(_ channel: UInt8) -> Edge {
            let shift = UInt32(channel & 31)
            levels ^= 1 &<< shift
            return Edge(
                time: Timestamp(nanoseconds: Int64(bitPattern: time)),
                channel: Channel(masking: channel),
                level: Level(bit: UInt8(truncatingIfNeeded: levels &>> shift)))
        }

        /// Whether one of eight bytes is 255.
        @inline(__always)
        private func containsEscape(_ high: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
            guard let base = high.baseAddress else { return true }
            let inverted = ~UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            return (inverted &- 0x0101_0101_0101_0101) & ~inverted & 0x8080_8080_8080_8080 != 0
        }

        /// Lets time pass; the fault if it would leave the range.
        @inline(__always)
        private mutating func advance(
            by span: UInt64, unit: UInt64, payload: UnsafeBufferPointer<UInt8>, isEscape: Bool,
            checked: Bool
        ) -> PayloadFault? {
            guard isEscape || checked else {
                time &+= span &* unit
                return nil
            }
            var span = span
            if isEscape {
                do throws(PayloadFault) {
                    let offset = escapes.offset
                    let more = try payload.readNumber(at: &escapes.offset, end: escapes.end)
                    guard more < 1 << 46 else { return .number(offset: offset) }
                    span += more << 16
                    escapesUsed += 1
                } catch {
                    return error
                }
            }
            let (length, overflow) = span.multipliedReportingOverflow(by: unit)
            let next = Int64(bitPattern: time &+ length)
            guard !overflow, length <= 1 << 62, next <= Timestamp.latest.nanoseconds else {
                return .timeOverflow(edge: index)
            }
            time = UInt64(bitPattern: next)
            return nil
        }
    }
}

extension EdgeCodec {
    /// The channels of eight edges without exceptions, the first in the lowest byte: at index
    /// `256 * previous + choices`, for the link's five wires, each of which is followed by wires.
    static let successorsOfEight: [UInt64] = (0..<5 * 256).map { index in
        var previous = index >> 8
        return (0..<8).reduce(0) { channels, place in
            previous = Int(successors[2 * previous + (index >> place & 1)])
            return channels | UInt64(previous) << UInt64(8 * place)
        }
    }
}
