#if Sigrok
    import Signals
    import Testing

    @testable import SigrokTransport

    /// Samples become edges, whatever their width and however they are cut into packets.
    @Suite struct SampleRunTests {
        private static let wires = [
            SampleRun.Wire(channel: .reset, bit: 0), SampleRun.Wire(channel: .stx, bit: 5),
            SampleRun.Wire(channel: .sckin, bit: 7),
        ]

        /// Samples of some bytes in which bits of wires and others change by chance.
        private static func samples(_ count: Int, unitSize: Int, seed: UInt64) -> [UInt8] {
            var state = seed
            var bytes = [UInt8](repeating: 0x21, count: unitSize)
            var all: [UInt8] = []
            for _ in 0..<count {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                if state >> 59 == 0 { bytes[0] ^= UInt8(truncatingIfNeeded: state >> 33) }
                if state >> 60 == 1 { bytes[unitSize - 1] ^= 0x40 }
                all += bytes
            }
            return all
        }

        /// The same, sample by sample.
        private static func edges(_ bytes: [UInt8], unitSize: Int, clock: SampleClock) -> [Edge] {
            var edges: [Edge] = []
            for sample in 1..<bytes.count / unitSize {
                for wire in wires {
                    let bit = { (bytes[$0 * unitSize + wire.bit / 8] >> (wire.bit % 8)) & 1 }
                    guard bit(sample) != bit(sample - 1) else { continue }
                    edges.append(
                        Edge(
                            time: clock.time(of: UInt64(sample)), channel: wire.channel,
                            level: Level(bit: bit(sample))))
                }
            }
            return edges
        }

        @Test(arguments: [1, 2, 3, 4, 5, 8, 9])
        func edgesAreTheChangesOfTheWires(unitSize: Int) throws {
            let clock = try #require(SampleClock(rate: 24_000_000))
            let bytes = Self.samples(20_000, unitSize: unitSize, seed: UInt64(unitSize))
            let expected = Self.edges(bytes, unitSize: unitSize, clock: clock)
            #expect(expected.count > 100)
            for packet in [1, 7, 31, 32, 1000, 20_000] {
                var run = SampleRun(clock: clock, wires: Self.wires)
                var found: [Edge] = []
                var batch: [Edge] = []
                bytes.withUnsafeBytes { bytes in
                    var offset = 0
                    while offset < bytes.count {
                        let end = min(bytes.count, offset + packet * unitSize)
                        while offset < end {
                            batch.removeAll(keepingCapacity: true)
                            offset += run.take(
                                UnsafeRawBufferPointer(rebasing: bytes[offset..<end]),
                                unitSize: unitSize, into: &batch, edgesMax: 5)
                            found += batch
                        }
                    }
                }
                #expect(found == expected, "packets of \(packet) samples")
                #expect(run.count == 20_000)
                #expect(run.end == clock.time(of: 20_000))
            }
        }

        @Test func theFirstSampleGivesLevelsAndNoEdge() throws {
            let clock = try #require(SampleClock(rate: 1_000_000))
            var run = SampleRun(clock: clock, wires: Self.wires)
            var edges: [Edge] = []
            let taken = [UInt8](repeating: 0b1010_0000, count: 3).withUnsafeBytes {
                run.take($0, unitSize: 1, into: &edges, edgesMax: 100)
            }
            #expect(taken == 3)
            #expect(edges.isEmpty)
            #expect(run.levels[.reset] == .low)
            #expect(run.levels[.stx] == .high)
            #expect(run.levels[.sckin] == .high)
        }

        // MARK: Times

        @Test func timesAreExactWhereThePeriodIsNoWholeNumber() throws {
            let clock = try #require(SampleClock(rate: 24_000_000))
            #expect(clock.period == Nanoseconds(42))
            #expect(clock.time(of: 1) == Timestamp(nanoseconds: 42))
            #expect(clock.time(of: 2) == Timestamp(nanoseconds: 83))
            #expect(clock.time(of: 3) == Timestamp(nanoseconds: 125))
            // A year on, not a nanosecond has been lost.
            let year: UInt64 = 365 * 86_400
            #expect(
                clock.time(of: year * 24_000_000 + 3)
                    == Timestamp(nanoseconds: Int64(year) * 1_000_000_000 + 125))
        }

        @Test(arguments: [1, 3, 7, 200_000, 999_999, 24_000_000, 33_333_333, 999_999_937, 1_000_000_000])
        func aTimeLeadsBackToItsSample(rate: UInt64) throws {
            let clock = try #require(SampleClock(rate: rate))
            for sample in [0, 1, 2, 3, 1000, 1001, 999_999, 123_456_789, 4_000_000_001] as [UInt64]
            where sample / rate < 1 << 30 {
                #expect(clock.sample(at: clock.time(of: sample)) == sample, "sample \(sample)")
            }
        }

        @Test func noRateIsNoClock() {
            #expect(SampleClock(rate: 0) == nil)
            #expect(SampleClock(rate: 1_000_000_001) == nil)
            #expect(SampleClock(rate: .max) == nil)
        }

        @Test func timesBeyondACaptureStayAtItsEnd() throws {
            for rate in [1, 3, 1_000_000_000] as [UInt64] {
                let clock = try #require(SampleClock(rate: rate))
                #expect(clock.time(of: .max) == .latest)
            }
        }
    }
#endif
