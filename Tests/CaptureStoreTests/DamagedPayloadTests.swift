import CaptureStore
import Signals
import Testing

/// Payloads as a damaged or hostile file could hold them, without a checksum in the way.
@Suite struct DamagedPayloadTests {
    private static let edges: [Edge] = {
        var generator = EdgeGenerator(seed: 3)
        return generator.link(100) + generator.wild(20) + generator.link(80)
    }()

    private static let header = ChunkHeader(
        start: edges.first?.time ?? .zero, end: edges.last?.time ?? .zero,
        edgeCount: edges.count, firstLevels: .rest)

    private let payload: [UInt8]

    init() throws {
        var packer = try EdgeCodec.Packer()
        var payload: [UInt8] = []
        packer.pack(Self.edges, into: &payload)
        self.payload = payload
    }

    /// Decodes and checks what any decoding must keep.
    private func decode(_ payload: [UInt8], _ header: ChunkHeader) throws -> [Edge] {
        var unpacker = try EdgeCodec.Unpacker()
        unpacker.payload = payload
        try unpacker.open(header)
        var edges: [Edge] = []
        var batch: [Edge] = []
        while try unpacker.next(64, into: &batch) > 0 { edges += batch }
        #expect(edges.count == header.edgeCount)
        #expect(edges.first.map(\.time) ?? header.start == header.start)
        #expect(edges.last.map(\.time) ?? header.end == header.end)
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.time <= $1.time })
        return edges
    }

    @Test(arguments: UInt64(0)..<40)
    func aMutatedPayloadIsRefusedOrKeepsTheRules(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var refused = 0
        for _ in 0..<250 {
            var payload = self.payload
            var header = Self.header
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                mutate(&payload, &header, &random)
            }
            do {
                _ = try decode(payload, header)
            } catch is PayloadFault {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    private func mutate(
        _ payload: inout [UInt8], _ header: inout ChunkHeader, _ random: inout SeededRandom
    ) {
        let place = Int.random(in: 0..<max(1, payload.count), using: &random)
        // The beginning decides most, so it is hit as often as all the rest.
        let near =
            random.chance(1, of: 2) ? min(place, Int.random(in: 0..<24, using: &random)) : place
        switch Int.random(in: 0..<8, using: &random) {
        case 0...3 where near < payload.count:
            payload[near] = UInt8.random(in: 0 ... .max, using: &random)
        case 4: payload.removeLast(min(payload.count, place))
        case 5: payload.insert(UInt8.random(in: 0 ... .max, using: &random), at: near)
        case 6 where near < payload.count: payload.remove(at: near)
        default:
            header.edgeCount += Int.random(in: -3...3, using: &random)
            let span = Int64.random(in: -2...2, using: &random)
            header.end = header.end + Nanoseconds(span)
        }
    }

    @Test func everyTruncationIsRefused() {
        for length in 0..<payload.count {
            #expect(throws: PayloadFault.self) {
                try decode(Array(payload.prefix(length)), Self.header)
            }
        }
    }

    @Test func randomBytesAreRefused() {
        var random = SeededRandom(seed: 8)
        for length in 0..<2000 {
            var payload = (0..<length % 200).map { _ in UInt8.random(in: 0 ... .max, using: &random)
            }
            if !payload.isEmpty { payload[0] = 1 }
            #expect(throws: PayloadFault.self) { try decode(payload, Self.header) }
        }
    }

    @Test func anotherVersionIsNamed() {
        var payload = self.payload
        payload[0] = 2
        #expect(throws: PayloadFault.unsupportedCoding(version: 2)) {
            try decode(payload, Self.header)
        }
    }

    @Test func trailingBytesAreRefused() {
        let fault = PayloadFault.trailingBytes(offset: payload.count, count: 1)
        #expect(throws: fault) { try decode(payload + [0], Self.header) }
    }

    @Test func anotherEndIsRefused() {
        var header = Self.header
        header.end = header.end + Nanoseconds(1)
        #expect(
            throws: PayloadFault.endTime(
                expected: header.end.nanoseconds, actual: Self.header.end.nanoseconds)
        ) {
            try decode(payload, header)
        }
    }

    @Test(arguments: [-1, EdgeCodec.edgesMax + 1, Int.max, Int.min])
    func anImpossibleCountIsRefused(count: Int) {
        var header = Self.header
        header.edgeCount = count
        #expect(throws: PayloadFault.edgeCount(count)) { try decode(payload, header) }
    }

    /// One edge after 1 unit, whose unit is as given.
    private func payload(
        unit: [UInt8], planes: [UInt8] = [0, 1, 0, 0, 0, 0, 0]
    ) -> [UInt8] {
        [1, 0] + unit + [2, 2, 2, 1, 0, 0] + planes
    }

    @Test func aUnitThatLeavesTheRangeOfTimesIsRefused() throws {
        var header = ChunkHeader(
            start: .zero, end: Timestamp(nanoseconds: 1), edgeCount: 2, firstLevels: .rest)
        #expect(try decode(payload(unit: [1]), header).count == 2)
        header.end = .latest
        let large: [UInt8] = [UInt8](repeating: 0x80, count: 8) + [0x40]  // 2^62
        #expect(throws: PayloadFault.timeOverflow(edge: 1)) {
            try decode(payload(unit: large), header)
        }
        let larger: [UInt8] = [UInt8](repeating: 0x80, count: 9) + [0x01]  // 2^63
        #expect(throws: PayloadFault.timeUnit(1 << 63)) {
            try decode(payload(unit: larger), header)
        }
        #expect(throws: PayloadFault.timeUnit(0)) { try decode(payload(unit: [0]), header) }
        let tooLong: [UInt8] = [UInt8](repeating: 0x80, count: 9) + [0x02]
        #expect(throws: PayloadFault.number(offset: 2)) {
            try decode(payload(unit: tooLong), header)
        }
        #expect(throws: PayloadFault.number(offset: 2)) {
            try decode(payload(unit: [0x81, 0x00]), header)
        }
    }

    @Test func aFirstSpanIsRefused() throws {
        let header = ChunkHeader(
            start: .zero, end: Timestamp(nanoseconds: 2), edgeCount: 2, firstLevels: .rest)
        #expect(throws: PayloadFault.firstDelta) {
            try decode(payload(unit: [1], planes: [1, 1, 0, 0, 0, 0, 0]), header)
        }
    }

    @Test func setPaddingIsRefused() {
        let header = ChunkHeader(
            start: .zero, end: Timestamp(nanoseconds: 1), edgeCount: 2, firstLevels: .rest)
        #expect(throws: PayloadFault.padding) {
            try decode(payload(unit: [1], planes: [0, 1, 0, 0, 0, 0, 4]), header)
        }
    }

    @Test func exceptionsMustMatchTheirBits() throws {
        let header = ChunkHeader(
            start: .zero, end: .zero, edgeCount: 1, firstLevels: .rest)
        func payload(bits: UInt8, exceptions: [UInt8]) -> [UInt8] {
            [1, 0, 1, 1, 1, 1, 1, 0, UInt8(exceptions.count), 0, 0, 0, bits] + exceptions
        }
        let edges = try decode(payload(bits: 1, exceptions: [0, 31]), header)
        #expect(edges.first?.channel == Channel(masking: 31))
        #expect(throws: PayloadFault.exceptionEdge(0)) {
            try decode(payload(bits: 0, exceptions: [0, 31]), header)
        }
        #expect(throws: PayloadFault.exceptionChannel(32)) {
            try decode(payload(bits: 1, exceptions: [0, 32]), header)
        }
        #expect(throws: PayloadFault.exceptionEdge(1)) {
            try decode(payload(bits: 1, exceptions: [1, 31]), header)
        }
        #expect(throws: PayloadFault.exceptionEdge(1)) {
            try decode(payload(bits: 1, exceptions: [0, 31, 0, 31]), header)
        }
    }
}
