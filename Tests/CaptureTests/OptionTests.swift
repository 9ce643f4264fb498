import Foundation
import Testing

/// Options whose values make no sense together, and what they are answered.
@Suite struct OptionTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        try Command.synscope(arguments, in: CaptureFolder.url)
    }

    @Test(
        arguments: [
            ["--from", "3", "--to", "2"], ["--from", "3", "--to", "3"], ["--from", "1000"],
            ["--to", "0"],
        ])
    func exportOfAnEmptyRangeSaysWhatTheRangeIs(range: [String]) throws {
        let file = scratch.path("a.vcd")
        let outcome = try run(["export", "k_specnet.syn", "-o", file] + range)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("k_specnet.syn goes from 0.000000 to "))
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func decodingUpToBeforeTheBeginIsAWrongCall() throws {
        let outcome = try run(["decode", "k_specnet.syn", "--from", "3", "--to", "2"])
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.complaint.contains("--to is before --from"))
    }

    @Test func anExistingFileIsReplacedWithForce() throws {
        let file = scratch.path("a.syn")
        #expect(try run(["scrub", "k_specnet.syn", "-o", file]).status == 0)
        let outcome = try run(["scrub", "k_specnet.syn", "-o", file])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("--force"))
    }

    @Test func factsAsJSONAreOneObjectAndNoEmptyLine() throws {
        let output = try run(["info", "k_specnet.syn", "--json"]).output
        #expect(output.hasPrefix("{\n") && output.hasSuffix("\n}\n"))
    }

    @Test func hugeStoredCountsAreShownOrRefusedWithoutATrap() throws {
        let file = scratch.path("a.syn")
        try FileManager.default.copyItem(
            atPath: CaptureFolder.path("k_specnet.syn"), toPath: file)
        func store(_ bytes: String) throws {
            let changed = try Command.run(
                "sqlite3", [file, "UPDATE edge_chunk SET bytes_before = \(bytes)"],
                in: scratch.url)
            #expect(changed.status == 0)
        }
        try store("1152921504606846975")
        let shown = try run(["info", file])
        #expect(shown.status == 0)
        #expect(shown.output.contains("1,152,921,504,606,"))
        try store("9223372036854775807")
        #expect(try run(["info", file]).status == 2)
    }
}
