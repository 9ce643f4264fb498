@testable import CaptureStore
import Signals
import Testing

/// Every way in which a dump is refused, with the line and the words of its error.
@Suite struct VCDErrorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let header = VCDReaderTests.header()
    private static let atRest = VCDReaderTests.atRest

    /// What reading says after the path, or nil when it succeeds.
    private func refusal(
        _ text: String, map: ChannelMap = ChannelMap()
    ) throws -> String? {
        let path = try folder.write(text, to: "a.vcd")
        do throws(CaptureError) {
            var reader = try VCDReader(path: path, map: map)
            var batch = EdgeBatch()
            while try reader.read(into: &batch) {}
            return nil
        } catch {
            let text = error.description
            guard text.hasPrefix(path + ":") else { return text }
            return String(text.dropFirst(path.count + 1))
        }
    }

    @Test(arguments: [
        (
            "#5\n1\"\n#4\n",
            "22: time goes back from 5 ns to 4 ns; merge or cut the file at this line"
        ),
        ("#5\nx\"\n#6\n", "21: the level of `top.stx` is `x`; `--unknown gap` imports it as a gap"),
        (
            "#5\n1\"\nZ#\n",
            "22: the level of `top.sckout` is `z`; `--unknown gap` imports it as a gap"
        ),
        (
            "#5\nb1 \"\n",
            "21: `top.stx` is mapped to a wire and has the value `b1`, which is no level; map a "
                + "signal of one bit with `--map`"
        ),
        (
            "#5\nr1.5 #\n",
            "21: `top.sckout` is mapped to a wire and has the value `r1.5`, which is no level; map "
                + "a signal of one bit with `--map`"
        ),
        (
            "#5\n1&\n",
            "21: the signal `&` is not declared; the file is damaged, export it again"
        ),
        (
            "#5\nb1 &\n",
            "21: the signal `&` is not declared; the file is damaged, export it again"
        ),
        (
            "#5\n1long\n",
            "21: the signal `long` is not declared; the file is damaged, export it again"
        ),
        (
            "#5\n1\n",
            "21: no signal follows the value `1`; the file is damaged or ends too early"
        ),
        (
            "#5\nb101",
            "21: no signal follows the value `b101`; the file is damaged or ends too early"
        ),
        ("#5x\n", "20: `#5x` is no time; expected # and a whole number"),
        ("#\n", "20: `#` is no time; expected # and a whole number"),
        ("#-5\n", "20: `#-5` is no time; expected # and a whole number"),
        (
            "#9223372036854775807\n",
            "20: the time `#9223372036854775807` is more than 73 years; check $timescale"
        ),
        (
            "#99999999999999999999999\n",
            "20: the time `#99999999999999999999999` is more than 73 years; check $timescale"
        ),
        (
            "hello\n",
            "20: `hello` is no time, value or keyword; the file is damaged here"
        ),
        ("\u{1}\u{2}\n", "20: the byte 0x01 is no text; the file is damaged here"),
        ("$end\n", "20: `$end` is no time, value or keyword; the file is damaged here"),
        ("$what\n", "20: `$what` is no time, value or keyword; the file is damaged here"),
        ("$dumpall\n1!\n", "22: the file ends inside $dumpall; it is truncated, export it again"),
        ("$comment\n", "21: the file ends inside $comment; it is truncated, export it again"),
    ])
    func aDamagedBodyIsRefusedAtItsLine(body: String, expected: String) throws {
        #expect(try refusal(Self.header + Self.atRest + body) == expected)
    }

    @Test(arguments: [
        ("", "a.vcd is empty; if it was being written, its writer did not get far"),
        (
            "hello world\n",
            "1: this is not a VCD file but a text file; "
                + "a VCD file begins with words such as $date, $timescale or $scope"
        ),
        (
            "PK\u{3}\u{4}",
            "1: this is not a VCD file but a zip archive (sigrok's .sr is one); if sigrok wrote it, "
                + "import it with `synscope import FILE.sr -o CAPTURE.syn`, as a file and not through a "
                + "pipe"
        ),
        (
            "$date\n today\n",
            "3: the file ends inside $date, before $enddefinitions; export it again"
        ),
        (
            "$date today $end\n",
            "2: the file ends inside the header, before $enddefinitions; export it again"
        ),
        (
            "$date today $end\n#0\n",
            "2: `#0` stands before $enddefinitions; the header is damaged, export it again"
        ),
        (
            "$timescale 2 ns $end\n",
            "1: the time scale is `2 ns`; expected 1, 10 or 100 and s, ms, us, ns, ps or fs"
        ),
        (
            "$var wire 1 ! $end\n",
            "1: `$var wire 1 !` is no declaration; expected `$var wire 1 ID NAME $end`"
        ),
    ])
    func aDamagedHeaderIsRefusedAtItsLine(text: String, expected: String) throws {
        let refusal = try #require(try refusal(text))
        #expect(refusal == expected || refusal == folder.path + "/" + expected)
    }

    @Test func missingWiresAreListedWithTheFilesSignals() throws {
        let header = VCDReaderTests.header("1 ns", ["reset", "D1", "D2", "srx", "sckin"])
        #expect(
            try refusal(header)
                == "11: no signal is named stx, sckout; the file has top.reset, top.D1, top.D2, "
                + "top.srx, top.sckin; say which is which with "
                + "`--map reset=…,stx=…,sckout=…,srx=…,sckin=…`, with one of these signals, or "
                + "none, for each …; wires that have their own names can be left out")
    }

    @Test func anAmbiguousWireIsRefused() throws {
        let header = Self.header.replacing(
            "$upscope",
            with: "$scope module x $end\n$var wire 1 a MRX $end\n$upscope $end\n$upscope")
        #expect(
            try refusal(header)
                == "14: stx could be top.stx, top.x.MRX; say which with `--map stx=SIGNAL`")
        #expect(
            try refusal(
                header + "$dumpvars 0! 0a 0# 0$ 0% $end\n", map: ChannelMap(parsing: "stx=MRX"))
                == nil)
    }

    @Test func aMapOfNoSignalIsRefused() throws {
        #expect(
            try refusal(Self.header, map: ChannelMap(parsing: "stx=D9"))
                == "11: the map says stx=D9, and the file has top.reset, top.stx, top.sckout, "
                + "top.srx, top.sckin")
    }

    @Test func oneSignalCannotBeTwoWires() throws {
        #expect(
            try refusal(Self.header, map: ChannelMap(parsing: "stx=srx"))
                == "11: `top.srx` cannot be stx, srx at once; say which is which with `--map`")
    }

    @Test func aWireWithoutALevelIsRefused() throws {
        #expect(
            try refusal(Self.header + "#0\n$dumpvars 1! 0\" 0# 0$ $end\n#1\n")
                == "14: `top.sckin` has no level when the values begin; `--unknown gap` imports "
                + "what precedes its first one as a gap")
    }

    @Test func anEndlessWordIsRefused() throws {
        let word = String(repeating: "1", count: 1 << 19)
        #expect(
            try refusal(Self.header + Self.atRest + "#" + word)
                == "20: a word is longer than 65536 bytes; the file is damaged")
        #expect(try refusal("$date " + word + " $end")?.hasPrefix("1: a word is longer") == true)
    }

    @Test func aMissingFileAndADirectoryAreNamed() {
        let path = folder.file("none.vcd")
        #expect(throws: CaptureError.noSuchFile(path: path)) { try VCDReader(path: path) }
        #expect(throws: CaptureError.isDirectory(path: folder.path)) {
            try VCDReader(path: folder.path)
        }
    }

    @Test(arguments: UInt64(0)..<20)
    func randomDamageIsAnErrorOrKeepsTheRules(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let text = Array((Self.header + Self.atRest + "#5\n1\"\n#6\n1#\n#17\n0\"\n#20\n1$\n").utf8)
        for _ in 0..<100 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.remove(at: place)
                case 1:
                    bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
                case 2: bytes[place] = .random(in: 0 ... .max, using: &random)
                default: bytes.removeLast(min(10, bytes.count - 1))
                }
            }
            let path = try folder.write(bytes, to: "a.vcd")
            do {
                var reader = try VCDReader(
                    file: InputFile(path: path, blockSize: 64), map: ChannelMap(), restated: .gap,
                    unknown: .gap)
                _ = try Content(of: &reader)
            } catch is CaptureError {}
        }
    }
}
