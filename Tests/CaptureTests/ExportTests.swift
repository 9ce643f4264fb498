import Foundation
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
