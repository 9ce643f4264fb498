import Foundation
import Testing

/// Slips of the pen: each is told what it is, at status 2, and nothing is written.
@Suite struct WrongCallTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static func record(_ options: [String]) -> [String] {
        ["record", "-o", "/dev/null/a.syn"] + options
    }

    private func expectFailure(
        _ arguments: [String], saying text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Command.synscope(arguments, in: CaptureFolder.url)
        #expect(outcome.status == 2, sourceLocation: sourceLocation)
        #expect(outcome.output == "", sourceLocation: sourceLocation)
        #expect(
            outcome.complaint.contains(text), "\(outcome.complaint)",
            sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        (["decode", "k_specnet.syn", "--json", "--format", "csv"], "exclude each other"),
        (["report", "k_specnet.syn", "--json", "--format", "markdown"], "exclude each other"),
        (["report", "k_specnet.syn", "--format", "json", "--brief"], "--brief is for text"),
        (["report", "k_specnet.syn", "--brief", "-o", "/dev/null/a.json"], "--brief is for text"),
        (["decode", "k_specnet.syn", "--from", "100"], "--from is behind the end: k_specnet.syn"),
        (["decode", "k_specnet.syn", "--to", "-1"], "--to is before the begin: k_specnet.syn"),
        (["decode", "k_specnet.syn", "--from", "3", "--to", "2"], "--to is before --from"),
        (["decode", "k_specnet.syn", "--type", "pubish"], "did you mean publish?"),
        (["deocde", "k_specnet.syn"], "did you mean decode?"),
        (
            ["xyzzyxyzzy"],
            "there is no verb xyzzyxyzzy; The verbs are demo, simulate, record, devices, import"
        ),
        (["report", "k_specnet.syn", "--fail-if", "bitRate>2000"], "wants bit/s or kbit/s"),
        (["report", "--list-metrics", "xyzzy"], "no metric has xyzzy in its name"),
        (record(["--vcd", "a.vcd", "--bias", "pull-up"]), "--bias is for --gpio"),
        (record(["--sigrok", "demo", "--active-low", "reset"]), "--active-low is for --gpio"),
        (
            record(["--gpio", "auto", "--active-low", "rset"]),
            "`rset` is no wire; did you mean `reset`?"
        ),
        (record(["--gpio", "auto", "--bias", "sideways"]), "'sideways' is invalid for '--bias"),
        (record(["--gpio", "auto", "--restated", "gap"]), "--restated is for --vcd"),
        (record(["--capture", "k_specnet.syn", "--unknown", "gap"]), "--unknown is for --vcd"),
        (record(["--gpio", "auto", "--overflow", "wait"]), "--overflow wait: lines change"),
        (
            record(["--sigrok", "fx2lafw:conn=1.5", "--overflow", "wait"]),
            "--overflow wait: an analyzer samples"
        ),
    ])
    func isTold(arguments: [String], text: String) throws {
        try expectFailure(arguments, saying: text)
    }

    @Test func decodingUpToNowhereIsNoError() throws {
        let decode = ["decode", "k_specnet.syn"]
        let whole = try Command.synscope(decode, in: CaptureFolder.url)
        let early = try Command.synscope(decode + ["--from", "-1"], in: CaptureFolder.url)
        #expect(early.status == 0 && early.output == whole.output)
    }

    @Test func aCaptureNeedsNoImport() throws {
        let copy = scratch.path("a.syn")
        try expectFailure(
            ["import", "k_specnet.syn", "-o", copy],
            saying: "a capture of synscope; it needs no import: `synscope decode FILE`")
    }

    @Test(arguments: [
        ("D6=sckout", "it is WIRE=SIGNAL, so write `sckout=D6`"),
        ("D6=mtx", "it is WIRE=SIGNAL, so write `srx=D6`"), ("scout=D6", "did you mean `sckout`?"),
    ])
    func aMapSaysWhichSideIsWhich(map: String, text: String) throws {
        try expectFailure(
            ["import", "unusual/crlf.vcd", "-o", scratch.path("a.syn"), "--map", map],
            saying: text)
    }

    @Test func missingWiresAreToldWithAMapToFillIn() throws {
        let dump = "$timescale 1 us $end $var wire 1 ! D0 $end $enddefinitions $end #0 0!"
        try dump.write(toFile: scratch.path("a.vcd"), atomically: true, encoding: .utf8)
        try expectFailure(
            ["import", scratch.path("a.vcd"), "-o", scratch.path("a.syn")],
            saying: "the file has D0; say which is which with "
                + "`--map reset=…,stx=…,sckout=…,srx=…,sckin=…`")
    }

    /// What is left of a number is another number: time must not seem to go back.
    @Test(arguments: ["#1234 1c\n#12", "#1234 1c\n#", "#1234 1"])
    func aDumpThatEndsInsideALineIsCalledTruncated(changes: String) throws {
        let head = """
            $timescale 1 us $end $var wire 1 r reset $end $var wire 1 t stx $end
            $var wire 1 c sckout $end $var wire 1 x srx $end $var wire 1 k sckin $end
            $enddefinitions $end
            $dumpvars 1r 0t 0c 0x 0k $end

            """
        try (head + changes).write(
            toFile: scratch.path("a.vcd"), atomically: true, encoding: .utf8)
        try expectFailure(
            ["import", scratch.path("a.vcd"), "-o", scratch.path("a.syn")],
            saying: "the file ends in the middle of a line")
    }

    @Test func noOutputTakesThePlaceOfItsInput() throws {
        let files = FileManager.default
        let (capture, link, hard) = (
            scratch.path("a.syn"), scratch.path("link.syn"), scratch.path("hard.syn")
        )
        let dump = scratch.path("a.vcd")
        try files.copyItem(atPath: CaptureFolder.path("k_specnet.syn"), toPath: capture)
        try files.copyItem(atPath: CaptureFolder.path("unusual/crlf.vcd"), toPath: dump)
        try files.createSymbolicLink(atPath: link, withDestinationPath: capture)
        try files.linkItem(atPath: capture, toPath: hard)
        let before = try Data(contentsOf: URL(fileURLWithPath: capture))
        for output in [capture, link, hard] {
            for arguments in [
                ["scrub", capture, "-o", output, "--force"],
                ["export", capture, "-o", output, "--force"],
                ["doctor", capture, "-o", output, "--force"],
                ["report", capture, "-o", output, "--force"],
                ["report", CaptureFolder.path("d_crash.syn"), link, "-o", output, "--force"],
            ] { try expectFailure(arguments, saying: "is the input itself") }
        }
        try expectFailure(["import", dump, "-o", dump, "--force"], saying: "is the input itself")
        #expect(try Data(contentsOf: URL(fileURLWithPath: capture)) == before)
    }

    @Test func aReportTakesItsFormatFromItsName() throws {
        func report(_ name: String, _ options: [String] = []) throws -> String {
            let outcome = try Command.synscope(
                ["report", "k_specnet.syn", "-o", scratch.path(name)] + options,
                in: CaptureFolder.url)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            return try String(contentsOfFile: scratch.path(name), encoding: .utf8)
        }
        #expect(try report("a.json").hasPrefix("{"))
        #expect(try report("a.md").hasPrefix("# k\\_specnet") || report("b.md").hasPrefix("# k_"))
        #expect(try report("a.txt").hasPrefix("k_specnet.syn\n"))
        #expect(try report("c.md", ["--format", "json"]).hasPrefix("{"))
    }

    @Test func gatesTellWhatTheReportSays() throws {
        let outcome = try Command.synscope(
            ["report", "a_boot.syn", "--fail-if", "bitRate>2kbit/s", "--fail-if", "busy>1%"],
            in: CaptureFolder.url)
        #expect(outcome.status == 1)
        #expect(outcome.complaint.contains("gate failed: bitRate>2kbit/s: 2,322 bit/s\n"))
        #expect(outcome.complaint.contains("gate failed: busy>1%: 28.3 %\n"))
    }

    @Test func metricsAreListedByAPartOfTheirNames() throws {
        let outcome = try Command.synscope(
            ["report", "--list-metrics", "publish.qos1"], in: CaptureFolder.url)
        let names = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(names.count >= 7 && names.allSatisfy { $0.hasPrefix("publish.qos1") })
        #expect(outcome.output.contains("# from a publish frame's end"))
    }

    @Test func exportWarnsOnlyOfPasswordsThatItWrites() throws {
        func complaint(_ options: [String]) throws -> String {
            try Command.synscope(
                ["export", "d_crash.syn", "-o", scratch.path("a.vcd"), "--force"] + options,
                in: CaptureFolder.url
            ).complaint
        }
        #expect(try complaint([]).contains("holds passwords"))
        #expect(try complaint(["--to", "3"]).contains("holds passwords"))
        #expect(try complaint(["--from", "13.5"]) == "")
        #expect(try complaint(["--from", "3", "--to", "12"]) == "")
        #expect(try complaint(["--channels", "sckout,sckin"]) == "")
        #expect(try complaint(["--channels", "srx"]) == "")
        #expect(try complaint(["--channels", "stx,sckout"]).contains("holds passwords"))
    }

    @Test func onlyAnIdenticalReplayProvesAnything() throws {
        let cut = [
            "export", "d_crash.syn", "-o", scratch.path("a.vcd"), "--from", "3", "--to", "5",
        ]
        #expect(try Command.synscope(cut, in: CaptureFolder.url).status == 0)
        let capture = scratch.path("a.syn")
        let made = ["import", scratch.path("a.vcd"), "-o", capture]
        #expect(try Command.synscope(made, in: CaptureFolder.url).status == 0)
        let outcome = try Command.synscope(["replay", capture], in: CaptureFolder.url)
        #expect(outcome.status == 2)
        #expect(!outcome.output.contains("This proves"))
        #expect(outcome.output.contains("nothing can be said from 3.000000 to 5.000000 s"))
    }

    @Test(arguments: ["import", "decode", "report", "export", "scrub", "replay", "info", "demo"])
    func examplesOfTheHelpSurviveBeingPasted(verb: String) throws {
        let help = try Command.synscope(["help", verb], in: CaptureFolder.url).output
        let lines = help.split(separator: "\n")
        for (index, line) in lines.enumerated() where line.hasPrefix("  synscope ") {
            #expect(line.count <= 80)
            // A line that goes on says so.
            let goesOn = index + 1 < lines.count && lines[index + 1].hasPrefix("      ")
            #expect(line.hasSuffix("\\") == goesOn, "\(line)")
        }
    }
}
