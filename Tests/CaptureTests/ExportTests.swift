import CaptureStore
import Foundation
import Signals
import Testing

/// What `export` and its kin do with what they are told to write, and where.
@Suite struct ExportTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        try Command.synscope(arguments, in: CaptureFolder.url)
    }

    @Test func someChannelsAreTheOnlyOnes() throws {
        let file = scratch.path("a.vcd")
        let outcome = try run(
            ["export", "k_specnet.syn", "-o", file, "--channels", "sckin,sckout,sckin"])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("$var") }
                == ["$var wire 1 ! sckout $end", "$var wire 1 \" sckin $end"])
        #expect(lines.count { $0.hasSuffix("!") } > 100)
    }

    /// What is exported of a capture is all that its import knows: what came before is not idle.
    @Test func aPartBeginsAndEndsWhereItWasCut() throws {
        let (dump, part) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        let exported = try run(["export", "d_crash.syn", "-o", dump, "--from", "10", "--to", "20"])
        #expect(exported.status == 0)
        let lines = try String(contentsOfFile: dump, encoding: .utf8).split(separator: "\n")
        let times = lines.filter { $0.hasPrefix("#") }
        #expect(times.first == "#10000000000" && times.last == "#20000000000")
        #expect(try run(["import", dump, "-o", part]).complaint.contains(" 10.00 s, "))
        let capture = try Capture(opening: part)
        #expect(capture.observationStart.nanoseconds == 10_000_000_000)
        #expect(capture.end.nanoseconds == 20_000_000_000)
        #expect(try run(["info", part]).output.contains("duration      10.000 s"))
        let report = try run(["report", part, "--json"]).output
        #expect(report.contains("\"durationNs\": 10000000000"))
        #expect(report.contains("\"startNs\": 10000000000"))
        let scrubbed = scratch.path("b.syn")
        #expect(try run(["scrub", part, "-o", scrubbed]).status == 0)
        #expect(try Capture(opening: scrubbed).observationStart == capture.observationStart)

        // The same again, from the part.
        let again = scratch.path("b.vcd")
        #expect(try run(["export", part, "-o", again, "--from", "3"]).status == 0)
        let body = try String(contentsOfFile: again, encoding: .utf8).split(separator: "\n")
        #expect(
            body.drop { $0 != "$enddefinitions $end" }
                == lines.drop { $0 != "$enddefinitions $end" })
    }

    @Test(arguments: ["", ",", "sckout,clock"])
    func channelsThatAreNoneAreNotTaken(channels: String) throws {
        let file = scratch.path("a.vcd")
        let outcome = try run(["export", "k_specnet.syn", "-o", file, "--channels", channels])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("reset, stx, sckout, srx, sckin"))
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test(arguments: ["", "-"], ["import", "scrub"])
    func aCaptureNeedsAFile(target: String, verb: String) throws {
        let input = CaptureFolder.path(verb == "import" ? "unusual/crlf.vcd" : "k_specnet.syn")
        let outcome = try Command.synscope([verb, input, "-o", target], in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.hasPrefix("synscope: "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
    }
}
