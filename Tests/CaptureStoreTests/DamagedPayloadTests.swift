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
            if !payload.isEmpty { payload[0] = EdgeCodec.version }
            #expect(throws: PayloadFault.self) { try decode(payload, Self.header) }
        }
    }

    @Test(arguments: [UInt8(0), 1, 3, 255])
    func anotherVersionIsNamed(version: UInt8) {
        var payload = self.payload
        payload[0] = version
        #expect(throws: PayloadFault.unsupportedCoding(version: version)) {
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

    /// Two edges, `sckout` and `sckin` after one unit, whose unit is as given; the planes raw.
    private func payload(
        unit: [UInt8], planes: [UInt8] = [0, 1, 0, 0, 0, 0, 0]
    ) -> [UInt8] {
        [2, 0, 0] + unit + [0] + [2, 2, 2, 0, 0, 0, 1] + [0, 0] + planes
    }

    /// `stx` and `sckout`: a turn of 0 and a lead of 1.
    private func payloadWithLead(leadCount: UInt8, choices: UInt8 = 1) -> [UInt8] {
        let turnCount = 2 - leadCount
        let lengths = [turnCount, turnCount, turnCount, leadCount, leadCount, leadCount, 1, 0, 0]
        let turns = (0..<3).flatMap { _ in [UInt8](repeating: 0, count: Int(turnCount)) }
        let leads = (0..<3).flatMap { plane in
            [UInt8](repeating: plane == 0 ? 1 : 0, count: Int(leadCount))
        }
        return [2, 0, 0, 1, leadCount] + lengths + turns + leads + [choices]
    }

    @Test func leadsMustMatchTheEdges() throws {
        let header = ChunkHeader(
            start: .zero, end: Timestamp(nanoseconds: 1), edgeCount: 2, firstLevels: .rest)
        #expect(
            try decode(payloadWithLead(leadCount: 1), header).map(\.channel) == [.stx, .sckout])
        #expect(throws: PayloadFault.leadCount(expected: 1, actual: 0)) {
            try decode(payloadWithLead(leadCount: 1, choices: 0), header)
        }
        #expect(throws: PayloadFault.leadCount(expected: 0, actual: 1)) {
            try decode(payloadWithLead(leadCount: 0), header)
        }
        #expect(throws: PayloadFault.leadCount(expected: 2, actual: 1)) {
            try decode(payloadWithLead(leadCount: 2), header)
        }
    }

    @Test func surplusLeadsAmongEightAreRefused() throws {
        // A busy link has leads in most groups of eight edges.
        var generator = EdgeGenerator(seed: 5)
        let edges = generator.link(4_000)
        var packer = try EdgeCodec.Packer()
        var payload: [UInt8] = []
        packer.pack(edges, into: &payload)
        let header = ChunkHeader(
            start: edges[0].time, end: edges[edges.count - 1].time, edgeCount: edges.count,
            firstLevels: .rest)
        #expect(try decode(payload, header) == edges)
        // Whatever the choices say, no place beyond the planes is read.
        var random = SeededRandom(seed: 6)
        for _ in 0..<200 {
            var damaged = payload
            let tail = damaged.count / 40
            for place in (damaged.count - tail)..<damaged.count {
                damaged[place] = UInt8.random(in: 0 ... .max, using: &random)
            }
            #expect(throws: PayloadFault.self) { _ = try decode(damaged, header) }
        }
    }

    @Test func unusedCodingBitsAreRefused() {
        var payload = payload
        payload[2] |= 0x40
        #expect(throws: PayloadFault.planeCoding(plane: 7)) { try decode(payload, Self.header) }
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
        #expect(throws: PayloadFault.number(offset: 3)) {
            try decode(payload(unit: tooLong), header)
        }
        #expect(throws: PayloadFault.number(offset: 3)) {
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
            [2, 0, 0, 1, 0] + [1, 1, 1, 0, 0, 0, 1] + [0, UInt8(exceptions.count)]
                + [0, 0, 0, bits] + exceptions
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
