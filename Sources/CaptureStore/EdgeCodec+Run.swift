// The loop in which a capture is decoded: every edge of every report passes through it. It works on
// bytes whose lengths are checked, and keeps its state in one value, so in registers.

internal import Signals

extension EdgeCodec.Unpacker {
    /// The state of decoding between two edges.
    struct Run {
        var index: Int
        /// The places of the next turn and of the next lead among the spans.
        var turn: Int
        var lead: Int
        var time: UInt64
        var previous: UInt8
        var levels: UInt32
        var escapes: Section
        var escapesUsed: Int

        /// The planes of a chunk's spans, the leads behind the turns, and some bytes behind them.
        struct Spans {
            let low: UnsafeBufferPointer<UInt8>
            let middle: UnsafeBufferPointer<UInt8>
            let high: UnsafeBufferPointer<UInt8>
            let count: Int
            let leadCount: Int

            /// The lowest three bytes of a span.
            @inline(__always)
            subscript(_ place: Int) -> UInt64 {
                UInt64(low[place]) | UInt64(middle[place]) &<< 8 | UInt64(high[place]) &<< 16
            }

            /// What is wrong when the edges need more leads than there are.
            var surplusLead: PayloadFault {
                .leadCount(expected: leadCount, actual: leadCount + 1)
            }

            /// Whether one of eight spans from a place on is an escape.
            @inline(__always)
            func holdEscape(at place: Int) -> Bool {
                guard let base = high.baseAddress else { return true }
                let inverted = ~UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self)
                return (inverted &- 0x0101_0101_0101_0101) & ~inverted & 0x8080_8080_8080_8080 != 0
            }
        }

        /// Decodes edges up to `stop`, none of which is an exception.
        ///
        /// The choices are those of at least `stop` edges, `edges` has room for at least
        /// `stop - first`. With `checked` every time is checked; without, the caller knows that only
        /// escapes can leave the range.
        @inline(__always)
        mutating func decode(
            until stop: Int, unit: UInt64, payload: UnsafeBufferPointer<UInt8>, spans: Spans,
            choices: UnsafeBufferPointer<UInt8>, first: Int,
            into edges: UnsafeMutableBufferPointer<Edge>, checked: Bool
        ) -> PayloadFault? {
            EdgeCodec.successors.withUnsafeBufferPointer { successors in
                EdgeCodec.eights.withUnsafeBufferPointer { eights in
                    while index < stop {
                        // Eight edges at a time where neither an escape nor an extra is among
                        // them: the channels of eight are one look-up, else each waits for the
                        // look-up of the one before.
                        if !checked, index & 7 == 0, stop &- index >= 8, previous < 5,
                            !spans.holdEscape(at: turn), !spans.holdEscape(at: lead)
                        {
                            let eight = eights[
                                Int(previous) << 8 &+ Int(choices[index &>> 3])]
                            guard spans.count &- lead >= eight.leads.nonzeroBitCount else {
                                return spans.surplusLead
                            }
                            for place in 0..<8 {
                                let isLead = Int(eight.leads &>> UInt8(place)) & 1
                                let span = spans[isLead == 0 ? turn : lead]
                                lead &+= isLead
                                turn &+= 1 &- isLead
                                time &+= span &* unit
                                let channel = UInt8(
                                    truncatingIfNeeded: eight.channels &>> UInt64(place &* 8))
                                edges[index &+ place &- first] = toggle(channel)
                            }
                            previous = UInt8(truncatingIfNeeded: eight.channels &>> 56)
                            index &+= 8
                            continue
                        }
                        let isLead = EdgeCodec.isLead(behind: previous)
                        guard !isLead || lead < spans.count else {
                            return spans.surplusLead
                        }
                        let place = isLead ? lead : turn
                        if isLead { lead &+= 1 } else { turn &+= 1 }
                        if let fault = advance(
                            by: spans[place], unit: unit, payload: payload,
                            isEscape: spans.high[place] == EdgeCodec.escape, checked: checked)
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
    /// Eight edges without exceptions.
    struct Eight {
        /// Their channels, the first in the lowest byte.
        var channels: UInt64
        /// Which of their spans are leads, the first in the lowest bit.
        var leads: UInt8
    }

    /// What eight choices mean: at index `256 * previous + choices`, for the link's five wires, each
    /// of which is followed by wires.
    static let eights: [Eight] = (0..<5 * 256).map { index in
        var previous = UInt8(index >> 8)
        var eight = Eight(channels: 0, leads: 0)
        for place in 0..<8 {
            if isLead(behind: previous) { eight.leads |= 1 << UInt8(place) }
            previous = successors[2 * Int(previous) + (index >> place & 1)]
            eight.channels |= UInt64(previous) << UInt64(8 * place)
        }
        return eight
    }
}
