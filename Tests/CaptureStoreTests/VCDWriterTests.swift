import CaptureStore
import Glibc
import Signals
import Testing

@Suite struct VCDWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func edge(_ time: Int64, _ channel: Channel, _ level: Level) -> Edge {
        Edge(time: Timestamp(nanoseconds: time), channel: channel, level: level)
    }

    @Test func aDumpIsOneWordGroupPerLine() throws {
        var metadata = CaptureMetadata()
        metadata.startText = "reference\nrün $end"
        metadata.toolVersion = "synscope 1"
        metadata.source = "a test"
        let writer = try VCDWriter(path: folder.file("a.vcd"), metadata: metadata)
        var batch = EdgeBatch()
        batch.edges = [
            edge(0, .stx, .high), edge(7, .sckout, .high), edge(7, .sckin, .high),
            edge(1_000_000_000_007, .stx, .low),
        ]
        try writer.append(batch)
        try writer.finish(at: Timestamp(nanoseconds: 1_000_000_000_100))
        let text = String(decoding: try folder.bytes("a.vcd"), as: UTF8.self)
        #expect(
            text == """
                $date reference?r?n ?end $end
                $version synscope 1 $end
                $comment source: a test $end
                $timescale 1 ns $end
                $scope module synlink $end
                $var wire 1 ! reset $end
                $var wire 1 " stx $end
                $var wire 1 # sckout $end
                $var wire 1 $ srx $end
                $var wire 1 % sckin $end
                $upscope $end
                $enddefinitions $end
                #0
                $dumpvars
                1!
                0"
                0#
                0$
                0%
                $end
                1"
                #7
                1#
                1%
                #1000000000007
                0"
                #1000000000100

                """)
        #expect(try folder.names == ["a.vcd"])
    }

    @Test func aGapIsUnknownOnItsChannels() throws {
        let writer = try VCDWriter(path: folder.file("a.vcd"))
        var batch = EdgeBatch()
        batch.edges = [edge(5, .stx, .high), edge(6, .sckout, .high)]
        try writer.append(batch)
        batch.gap = Gap(
            start: Timestamp(nanoseconds: 5), end: Timestamp(nanoseconds: 9),
            reason: .sameDirection, channel: .stx)
        batch.levels = LevelSet(bits: 0b00101)
        batch.edges = [edge(9, .stx, .high)]
        try writer.append(batch)
        try writer.finish(at: Timestamp(nanoseconds: 9))
        let text = String(decoding: try folder.bytes("a.vcd"), as: UTF8.self)
        let body = try #require(text.split(separator: "#0\n", maxSplits: 1).last)
        #expect(
            body.hasSuffix(
                "#5\n1\"\n#6\n1#\n$comment gap 5 ... 9 ns, same-direction $end\nx\"\n#9\n0\"\n1\"\n"
            ))
        var reader = try VCDReader(path: folder.file("a.vcd"), unknown: .gap)
        let content = try Content(of: &reader)
        #expect(content.edges.map(\.time.nanoseconds) == [5, 6, 9])
        #expect(content.gaps.map(\.gap.end.nanoseconds) == [9])
    }

    @Test(arguments: [1, 10_000, 70_000])
    func importOfAnExportIsTheSameCapture(count: Int) throws {
        var generator = EdgeGenerator(seed: UInt64(count))
        let edges = generator.link(count)
        let end = generator.time + Nanoseconds(17)
        // Edges to a dump, to a capture, to a dump again.
        let first = try VCDWriter(path: folder.file("a.vcd"))
        var batch = EdgeBatch()
        batch.edges = edges
        try first.append(batch)
        try first.finish(at: end)

        var reader = try VCDReader(path: folder.file("a.vcd"))
        let writer = try CaptureWriter(
            creating: folder.file("a.syn"), metadata: CaptureMetadata(),
            channels: reader.channels)
        while try reader.read(into: &batch) { try writer.append(batch) }
        try writer.finish(at: reader.end)

        let capture = try Capture(opening: folder.file("a.syn"))
        #expect(capture.end == end)
        var source = try capture.edges()
        #expect(try Content(of: &source).edges == edges)
        source = try capture.edges()
        let second = try VCDWriter(path: folder.file("b.vcd"), channels: capture.channels)
        while try source.read(into: &batch) { try second.append(batch) }
        try second.finish(at: capture.end)
        #expect(try folder.bytes("a.vcd") == folder.bytes("b.vcd"))
    }

    @Test func whatADumpCannotSayIsRefused() throws {
        let writer = try VCDWriter(path: folder.file("a.vcd"))
        var batch = EdgeBatch()
        batch.edges = [edge(-1, .stx, .high)]
        #expect(throws: CaptureError.self) { try writer.append(batch) }
        batch.edges = [edge(5, .stx, .high), edge(4, .stx, .low)]
        #expect(
            throws: CaptureError.invalidEdge(
                number: 1,
                problem: .timeGoesBack(
                    from: Timestamp(nanoseconds: 5), to: Timestamp(nanoseconds: 4)))
        ) { try writer.append(batch) }
    }

    @Test func channelsThatTheFileDoesNotHaveAreLeftOut() throws {
        let chosen = CaptureChannel.wires().filter { $0.channel == .sckout }
        let writer = try VCDWriter(path: folder.file("a.vcd"), channels: chosen)
        var batch = EdgeBatch()
        batch.edges = [
            edge(4, .stx, .high), edge(5, .sckout, .high), edge(6, .sckin, .high),
            edge(6, Channel(masking: 7), .high),
        ]
        try writer.append(batch)
        func gap(of channel: Channel?) -> Gap {
            Gap(
                start: Timestamp(nanoseconds: 6), end: Timestamp(nanoseconds: 8),
                reason: .sameDirection, channel: channel)
        }
        // A gap of a wire that is not there, and one of all wires.
        batch = EdgeBatch(levels: LevelSet(bits: 0b10100))
        batch.gap = gap(of: .stx)
        try writer.append(batch)
        batch.gap = gap(of: nil)
        batch.edges = [edge(8, .stx, .high), edge(9, .sckout, .low)]
        try writer.append(batch)
        try writer.finish(at: Timestamp(nanoseconds: 9))
        #expect(writer.edgeCount == 2)
        let text = String(decoding: try folder.bytes("a.vcd"), as: UTF8.self)
        let body = try #require(text.split(separator: "$enddefinitions $end\n", maxSplits: 1).last)
        #expect(
            body == """
                #0
                $dumpvars
                0!
                $end
                #5
                1!
                #6
                $comment gap 6 ... 8 ns, same-direction $end
                x!
                #8
                1!
                #9
                0!

                """)
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        do {
            let writer = try VCDWriter(path: folder.file("a.vcd"))
            try writer.append(EdgeBatch())
            #expect(try folder.names == [".a.vcd.\(getpid()).partial"])
        }
        #expect(try folder.names == [])
    }

    @Test func anExistingFileIsReplacedOnlyOnRequest() throws {
        let path = try folder.write("precious", to: "a.vcd")
        #expect(throws: CaptureError.fileExists(path: path)) { try VCDWriter(path: path) }
        try VCDWriter(path: path, replacing: true).finish(at: .zero)
        #expect(try folder.bytes("a.vcd").starts(with: "$date".utf8))
    }
}
