import CaptureStore
import Signals

extension FuzzTarget {
    /// A header and a payload: whatever decodes must obey the rules and decode from its own coding.
    func runCodec(_ bytes: [UInt8]) {
        var input = FuzzBytes(bytes)
        let count = Int(input.word() & 0x1fff)
        let levels = LevelSet(bits: input.word())
        let start = Timestamp(nanoseconds: Int64(Int32(bitPattern: input.word())))
        var header = ChunkHeader(
            start: start, end: start, edgeCount: count, firstLevels: levels)
        let payload = Array(input.rest)
        var edges: [Edge] = []
        do {
            edges = try decode(payload, header)
        } catch PayloadFault.endTime(_, let actual) {
            // The one number that is not worth guessing.
            header.end = Timestamp(nanoseconds: actual)
            guard header.end >= start, let again = try? decode(payload, header) else { return }
            edges = again
        } catch {
            return
        }
        precondition(edges.count == count, "the header's number of edges")
        check(edges, from: levels)
        guard var packer = try? EdgeCodec.Packer() else { return }
        var own: [UInt8] = []
        packer.pack(edges, into: &own)
        if let first = edges.first, let last = edges.last {
            header.start = first.time
            header.end = last.time
        }
        guard let decoded = try? decode(own, header) else {
            preconditionFailure("what was coded does not decode")
        }
        precondition(decoded == edges, "what was coded decodes to something else")
    }

    private func decode(_ payload: [UInt8], _ header: ChunkHeader) throws -> [Edge] {
        var unpacker = try EdgeCodec.Unpacker()
        unpacker.payload = payload
        try unpacker.open(header)
        var edges: [Edge] = []
        var run: [Edge] = []
        while try unpacker.next(1_000, into: &run) > 0 { edges += run }
        return edges
    }

    /// Edges toggle, and time does not run back.
    func check(_ edges: [Edge], from levels: LevelSet) {
        var levels = levels
        var time = Timestamp.earliest
        for edge in edges {
            precondition(edge.time >= time, "time runs back")
            precondition(levels[edge.channel] != edge.level, "an edge that does not toggle")
            time = edge.time
            levels[edge.channel] = edge.level
        }
    }
}
