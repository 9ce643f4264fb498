import CaptureStore
import Signals
import Testing

@Suite struct EdgeCodecTests {
    /// Encodes, decodes in runs of `run`, and returns the edges.
    private func roundTrip(
        _ edges: [Edge], levels: LevelSet, run: Int = 1000
    ) throws -> (edges: [Edge], payload: [UInt8]) {
        var packer = try EdgeCodec.Packer()
        var unpacker = try EdgeCodec.Unpacker()
        packer.pack(edges, into: &unpacker.payload)
        let payload = unpacker.payload
        try unpacker.open(header(edges, levels: levels))
        var decoded: [Edge] = []
        var batch: [Edge] = []
        while try unpacker.next(run, into: &batch) > 0 { decoded += batch }
        return (decoded, payload)
    }

    private func header(_ edges: [Edge], levels: LevelSet) -> ChunkHeader {
        ChunkHeader(
            start: edges.first?.time ?? .zero, end: edges.last?.time ?? .zero,
            edgeCount: edges.count, firstLevels: levels)
    }

    @Test(arguments: [0, 1, 2, 7, 8, 9, 63, 4095, 4096, 65_536])
    func trafficOfAnyLengthComesBack(count: Int) throws {
        var generator = EdgeGenerator(seed: UInt64(count))
        let edges = generator.link(count)
        #expect(try roundTrip(edges, levels: .rest).edges == edges)
    }

    @Test(arguments: UInt64(0)..<64)
    func anythingAllowedComesBack(seed: UInt64) throws {
        var generator = EdgeGenerator(seed: seed)
        let count = Int.random(in: 1...3000, using: &generator.random)
        let levels = LevelSet(bits: UInt32.random(in: 0 ... .max, using: &generator.random))
        generator.levels = levels
        let edges = generator.wild(count, spanMax: seed % 2 == 0 ? 1 << 45 : 1 << 20)
        let run = Int.random(in: 1...1000, using: &generator.random)
        #expect(try roundTrip(edges, levels: levels, run: run).edges == edges)
    }

    @Test func theWholeSpanOfTimeFitsOneChunk() throws {
        var generator = EdgeGenerator(seed: 1)
        generator.time = .earliest
        var edges = [generator.edge(after: 0, on: .stx)]
        edges.append(generator.edge(after: 1 << 61, on: .srx))
        edges.append(generator.edge(after: 1 << 61, on: .stx))
        edges.append(generator.edge(after: 0, on: .reset))
        #expect(edges.last?.time == .latest)
        #expect(try roundTrip(edges, levels: .rest).edges == edges)
    }

    @Test(arguments: [254, 255, 256] as [Int64])
    func spansAroundTheEscapeComeBack(high: Int64) throws {
        var generator = EdgeGenerator(seed: 1)
        // The second edge keeps the unit at one nanosecond.
        let edges = [
            generator.edge(after: 5, on: .sckout), generator.edge(after: 1, on: .sckin),
            generator.edge(after: high << 16, on: .sckout),
            generator.edge(after: high << 16 + 65_535, on: .sckin),
        ]
        #expect(try roundTrip(edges, levels: .rest).edges == edges)
    }

    @Test func aMicrosecondsStepCostsNothing() throws {
        var generator = EdgeGenerator(seed: 4)
        let edges = generator.link(16_384, unit: 1000)
        let (decoded, payload) = try roundTrip(edges, levels: .rest)
        #expect(decoded == edges)
        // At most 600 values: 9.2 bits, and the choice of a channel.
        #expect(payload.count < edges.count * 155 / 100)
    }

    @Test func anIdleLinkCostsOnlyItsJitter() throws {
        var generator = EdgeGenerator(seed: 4)
        let edges = (0..<16_384).map { index in
            generator.edge(
                after: 400_000 + Int64(index * 7919 % 256),
                on: index % 2 == 0 ? Channel.sckout : Channel.sckin)
        }
        let (decoded, payload) = try roundTrip(edges, levels: .rest)
        #expect(decoded == edges)
        #expect(payload.count < edges.count * 22 / 10)
    }

    @Test func theSameEdgesGiveTheSamePayload() throws {
        var generator = EdgeGenerator(seed: 9)
        let edges = generator.wild(5000)
        let first = try roundTrip(edges, levels: .rest).payload
        var packer = try EdgeCodec.Packer()
        var payload: [UInt8] = []
        // A packer that was used for other edges before.
        packer.pack(generator.wild(8000), into: &payload)
        packer.pack(edges, into: &payload)
        #expect(payload == first)
    }

    @Test func theChecksumCoversTheHeader() {
        let payload: [UInt8] = [1, 2, 3]
        let header = ChunkHeader(
            sequence: 1, start: Timestamp(nanoseconds: 2), end: Timestamp(nanoseconds: 3),
            edgeCount: 4, edgesBefore: 5, bytesBefore: 6, firstLevels: LevelSet(bits: 7))
        // zlib.crc32(struct.pack('<qqqqqqI', 1, 2, 3, 4, 5, 6, 7) + b'\1\2\3') in Python.
        #expect(header.checksum(of: payload) == 0xdf41_2010)
        var moved = header
        moved.sequence = 2
        #expect(moved.checksum(of: payload) != header.checksum(of: payload))
    }
}
