import CaptureStore
import Foundation
import Signals
import Testing

/// What `import` makes of a dump, beside its edges.
@Suite struct ImportTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        try Command.synscope(arguments, in: CaptureFolder.url)
    }

    private func imported(
        _ changes: String, _ options: [String] = []
    ) throws -> (capture: Capture, complaint: String) {
        let (dump, copy) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        try (DumpHead.text + changes).write(toFile: dump, atomically: true, encoding: .utf8)
        let outcome = try run(["import", dump, "-o", copy, "--force"] + options)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return (try Capture(opening: copy), outcome.complaint)
    }

    /// The bridge answers a question that the file tells later: the file's word is what is stored.
    @Test func edgesAreStoredInTheOrderOfTheFile() throws {
        let capture = try imported("#10 1c #20 0c 1k #30 0k").capture
        let edges = try Edges.all(of: capture.path)
        #expect(edges.map(\.time.nanoseconds) == [10_000, 20_000, 20_000, 30_000])
        #expect(edges.map(\.channel) == [.sckout, .sckout, .sckin, .sckin])
    }

    @Test func aCaptureWithoutFramesHasUnknownSecrets() throws {
        #expect(try imported("#10 1c #20 1k").capture.metadata.secrets == .unknown)
        let exported = try run(["export", scratch.path("a.syn"), "-o", scratch.path("b.vcd")])
        #expect(exported.status == 0)
        #expect(exported.complaint.contains("nobody has looked for passwords in"))
    }

    @Test func aSessionOfSigrokIsToBeConverted() throws {
        let file = scratch.path("a.sr")
        try Data("PK\u{3}\u{4}and more".utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try run(["import", file, "-o", scratch.path("a.syn")])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("sigrok-cli -i FILE.sr -O vcd -o FILE.vcd"))
    }

    @Test func optionsOfTheLinkAreRememberedUnlessTheyAreUsual() throws {
        #expect(try imported("#10 1c").capture.metadata.extra.isEmpty)
        #expect(
            try imported("#10 1c", ["--character-bits", "7", "--vocabulary", "bridge"])
                .capture.metadata.extra.isEmpty)
        let capture = try imported("#10 1c", ["--character-bits", "8", "--vocabulary", "json"])
            .capture
        #expect(
            capture.metadata.extra == [
                .init(key: "character_bits", value: "8"), .init(key: "vocabulary", value: "json"),
            ])
    }

    /// A capture of seven-bit characters that says it has eight: nothing can be read in it, until
    /// the option is given.
    @Test func rememberedOptionsHoldUntilOthersAreGiven() throws {
        let (dump, copy) = (scratch.path("k.vcd"), scratch.path("k.syn"))
        #expect(try run(["export", "k_specnet.syn", "-o", dump]).status == 0)
        #expect(try run(["import", dump, "-o", copy, "--character-bits", "8"]).status == 0)
        let decode = ["decode", copy, "--type", "publish", "--type", "init"]
        let wrong = try run(decode)
        #expect(wrong.status == 0)
        #expect(!wrong.output.contains(" init "))
        let right = try run(decode + ["--character-bits", "7"])
        #expect(right.output.contains(" init "))
        #expect(try run(["replay", copy]).status != 0)
        #expect(try run(["replay", copy, "--character-bits", "7"]).status == 0)
        let scrubbed = scratch.path("s.syn")
        #expect(try run(["scrub", copy, "-o", scrubbed, "--character-bits", "7"]).status == 0)
        #expect(
            try Capture(opening: scrubbed).metadata.extra
                == [.init(key: "character_bits", value: "8")])
    }

    @Test func aRememberedOptionThatIsUnknownIsAnError() throws {
        let copy = try imported("#10 1c", ["--character-bits", "8"]).capture.path
        let changed = try Command.run(
            "sqlite3", [copy, "UPDATE meta SET value = '9' WHERE key = 'character_bits'"],
            in: scratch.url)
        #expect(changed.status == 0)
        let outcome = try run(["decode", copy])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("character_bits `9`"))
        #expect(try run(["decode", copy, "--character-bits", "7"]).status == 0)
    }
}
