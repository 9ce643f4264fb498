@testable import CaptureStore
import Signals
import Testing

@Suite struct VCDReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A header of the five wires, in the order `!"#$%`.
    static func header(_ timescale: String = "1 ns", _ names: [String]? = nil) -> String {
        let names = names ?? ["reset", "stx", "sckout", "srx", "sckin"]
        let wires = zip(names, "!\"#$%").map { "$var wire 1 \($1) \($0) $end\n" }
        return "$date today $end\n$version me $end\n$timescale \(timescale) $end\n"
            + "$scope module top $end\n" + wires.joined() + "$upscope $end\n"
            + "$enddefinitions $end\n"
    }

    static let atRest = "#0\n$dumpvars\n1!\n0\"\n0#\n0$\n0%\n$end\n"

    private func read(
        _ text: String, map: ChannelMap = ChannelMap(), restated: RestatedLevels = .gap,
        unknown: UnknownLevels = .error, block: Int = 1 << 18
    ) throws -> (reader: VCDReader, content: Content) {
        let path = try folder.write(text, to: "a.vcd")
        var reader = try VCDReader(
            file: InputFile(path: path, blockSize: block), map: map, restated: restated,
            unknown: unknown)
        let content = try Content(of: &reader)
        return (reader, content)
    }

    /// Edges as text: `time wire level`.
    private func drawn(_ content: Content) -> [String] {
        content.edges.map {
            "\($0.time.nanoseconds) \(WireNames.all[Int($0.channel.index)].host) "
                + "\($0.level.rawValue)"
        }
    }

    private func drawnGaps(_ content: Content) -> [String] {
        content.gaps.map {
            let wire = $0.gap.channel.map { WireNames.all[Int($0.index)].host.description }
            return "\($0.edgesBefore): \($0.gap.start.nanoseconds) ... \($0.gap.end.nanoseconds) "
                + "\($0.gap.reason.name) \(wire ?? "any")"
        }
    }

    @Test(arguments: [1, 2, 7, 64, 1 << 18])
    func changesAreEdgesInBlocksOfAnySize(block: Int) throws {
        let body = Self.atRest + "#5\n1\"\n#12\n1#\n#12\n1%\n#30\n0\"\n#99\n"
        let (reader, content) = try read(Self.header() + body, block: block)
        #expect(drawn(content) == ["5 stx 1", "12 sckout 1", "12 sckin 1", "30 stx 0"])
        #expect(content.gaps == [])
        #expect(reader.initialLevels == .rest)
        #expect(reader.end == Timestamp(nanoseconds: 99))
        #expect(reader.declaredDate == "today")
        #expect(reader.version == "me")
        #expect(reader.timescale == "1 ns")
        #expect(reader.resolution == Nanoseconds(1))
        #expect(reader.edgeCount == 4)
        #expect(reader.bytesRead == reader.bytesTotal)
        #expect(reader.warnings == [])
        #expect(reader.channels == CaptureChannel.wires())
    }

    @Test func carriageReturnsAreWhiteSpace() throws {
        let text = Self.header() + Self.atRest + "#5\n1\"\n"
        let (_, content) = try read(
            text.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "\r\n"))
        #expect(drawn(content) == ["5 stx 1"])
    }

    @Test func manyWordsFitOneLine() throws {
        let (reader, content) = try read(
            Self.header() + "#0 $dumpvars 1! 0\" 0# 0$ 0% $end #5 1\" 1# #6 0\" #7")
        #expect(drawn(content) == ["5 stx 1", "5 sckout 1", "6 stx 0"])
        #expect(reader.warnings == ["the last line has no end; the file may be truncated"])
    }

    @Test(arguments: [
        ("1 s", 5_000_000_000), ("10ms", 50_000_000), ("100 us", 500_000), ("10 ns", 50),
        ("1us", 5000), ("100s", 500_000_000_000), ("1 ns", 5),
    ])
    func anyTimescaleIsNanoseconds(timescale: String, expected: Int64) throws {
        let (reader, content) = try read(Self.header(timescale) + Self.atRest + "#5\n1\"\n")
        #expect(content.edges.map(\.time.nanoseconds) == [expected])
        #expect(reader.resolution == Nanoseconds(expected / 5))
        #expect(reader.warnings == [])
    }

    @Test(arguments: [("1 ps", 7), ("10 ps", 79), ("100 ps", 799), ("100fs", 0), ("1 fs", 0)])
    func timesBelowANanosecondAreRoundedDown(timescale: String, expected: Int64) throws {
        let (reader, content) = try read(Self.header(timescale) + Self.atRest + "#7999\n1\"\n")
        #expect(content.edges.map(\.time.nanoseconds) == [expected])
        #expect(reader.warnings.count == 1)
        #expect(reader.warnings.first?.contains("rounded down") == true)
        #expect(reader.resolution == Nanoseconds(1))
    }

    @Test(arguments: [
        ["reset", "stx", "sckout", "srx", "sckin"], ["RESET", "MRX", "MCKIN", "MTX", "MCKOUT"],
        ["a.b.Reset", "c.stx", "sckout", "top.srx", "sckin"],
    ])
    func wiresAreFoundByName(names: [String]) throws {
        let (reader, content) = try read(Self.header("1 ns", names) + Self.atRest + "#5\n1\"\n")
        #expect(drawn(content) == ["5 stx 1"])
        #expect(reader.ignoredSignals == [])
    }

    @Test func aMapSaysWhichSignalIsWhichWire() throws {
        let map = try ChannelMap(parsing: "reset=none, STX=d1,mckin=top.D2,srx=D3,sckin=D4")
        let header = Self.header("1 ns", ["D0", "D1", "D2", "D3", "D4"])
        let (reader, content) = try read(header + Self.atRest + "#5\n1\"\n#6\n1#\n0!\n", map: map)
        #expect(drawn(content) == ["5 stx 1", "6 sckout 1"])
        #expect(reader.ignoredSignals == ["top.D0"])
        #expect(reader.channels.map(\.name) == ["stx", "sckout", "srx", "sckin"])
        #expect(reader.initialLevels == .rest)
    }

    @Test func otherSignalsAreIgnored() throws {
        let header = Self.header().replacing(
            "$upscope",
            with: "$var wire 1 abc led $end\n$var reg 8 ~ bus [7:0] $end\n"
                + "$var real 64 r temperature $end\n$upscope")
        let (reader, content) = try read(
            header + Self.atRest + "#5\n1abc\nb101 ~\nr1.5 r\nxabc\n1\"\nbx ~\n#6\n0abc\n")
        #expect(drawn(content) == ["5 stx 1"])
        #expect(reader.ignoredSignals == ["top.led"])
    }

    @Test func aRestatedLevelIsEvidenceOfALostEdge() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest + "#5\n1\"\n#6\n1#\n#7\n1\"\n#8\n1%\n#9\n0\"\n")
        #expect(
            drawn(content) == ["5 stx 1", "6 sckout 1", "7 stx 1", "8 sckin 1", "9 stx 0"])
        #expect(drawnGaps(content) == ["2: 5 ... 7 same-direction stx"])
    }

    @Test func theFirstRestatedLevelOfAWireMissesAnEdgeSinceTheStart() throws {
        let (_, content) = try read(Self.header() + Self.atRest + "#5\n0\"\n0$\n")
        #expect(drawn(content) == ["5 stx 0", "5 srx 0"])
        #expect(
            drawnGaps(content) == [
                "0: 0 ... 5 same-direction stx", "1: 0 ... 5 same-direction srx",
            ])
    }

    @Test func aTimeStampThatStatesAllWiresIsNoEvidence() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest + "#5\n1! 1\" 0# 0$ 0%\n#6\n1! 1\" 1# 0$ 0%\n")
        #expect(drawn(content) == ["5 stx 1", "6 sckout 1"])
        #expect(content.gaps == [])
    }

    @Test func restatedLevelsCanBeIgnored() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest + "#5\n1\"\n#7\n1\"\n", restated: .ignore)
        #expect(drawn(content) == ["5 stx 1"])
        #expect(content.gaps == [])
    }

    @Test func aDumpSectionRestatesWithoutEvidence() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest + "#5\n1\"\n#7\n$dumpall\n1\"\n1#\n$end\n")
        #expect(drawn(content) == ["5 stx 1", "7 sckout 1"])
        #expect(content.gaps == [])
    }

    @Test func anUnknownLevelIsAGap() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest + "#5\nx\"\n#6\n1#\n#7\nz\"\n#8\n1\"\n#9\n0\"\n",
            unknown: .gap)
        #expect(drawn(content) == ["6 sckout 1", "9 stx 0"])
        #expect(drawnGaps(content) == ["1: 5 ... 8 unknown-level stx"])
    }

    @Test func aLevelThatStaysUnknownIsAGapToTheEnd() throws {
        let (_, content) = try read(
            Self.header() + "$dumpvars 1! x\" 0# 0$ 0% $end\n#6\n1#\n#20\n", unknown: .gap)
        #expect(drawn(content) == ["6 sckout 1"])
        #expect(drawnGaps(content) == ["1: 0 ... 20 unknown-level stx"])
    }

    @Test func dumpOffIsAGapOfAllWires() throws {
        let (_, content) = try read(
            Self.header() + Self.atRest
                + "#5\n$dumpoff x! x\" x# x$ x% $end\n#9\n$dumpon 1! 1\" 0# 0$ 0% $end\n#10 0\"\n",
            unknown: .gap)
        #expect(drawn(content) == ["10 stx 0"])
        #expect(content.gaps.count == 5)
        #expect(content.gaps.allSatisfy { $0.gap.end == Timestamp(nanoseconds: 9) })
    }

    @Test func levelsBeforeTheFirstTimeAreInitial() throws {
        let (reader, content) = try read(
            Self.header() + "$dumpvars 0! 1\" 0# 1$ 0% $end\n#0 0\"\n#4 1!\n")
        #expect(reader.initialLevels == LevelSet(bits: 0b01010))
        #expect(drawn(content) == ["0 stx 0", "4 reset 1"])
    }

    @Test func commentsAreNotes() throws {
        let header = Self.header().replacing(
            "$upscope", with: "$comment in the header $end $upscope")
        let (reader, _) = try read(
            header + Self.atRest + "#5 1\"\n#8\n$comment two\n words $end\n1#\n#9 0#")
        #expect(
            reader.notes == [
                JournalRecord(
                    time: .zero, edgesBefore: 0, kind: .note,
                    payload: Array("in the header".utf8)),
                JournalRecord(
                    time: Timestamp(nanoseconds: 8), edgesBefore: 1, kind: .note,
                    payload: Array("two words".utf8)),
            ])
    }

    @Test func commentsAreBounded() throws {
        let comments = String(repeating: "$comment again $end\n", count: 1500)
        let (reader, _) = try read(Self.header() + Self.atRest + comments)
        #expect(reader.notes.count == 1024)
        #expect(reader.warnings.count == 1)
    }

    @Test func aTimeStampWithoutEndIsBounded() throws {
        let toggles = String(repeating: "1\" 0\" ", count: 5000)
        let (_, content) = try read(Self.header() + Self.atRest + "#5 " + toggles)
        #expect(content.edges.count == 10_000)
        #expect(content.gaps == [])
    }
}
