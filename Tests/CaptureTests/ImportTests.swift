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

    /// A wire that nobody recorded has stayed at its level at rest: `reset` was never pulled.
    @Test(arguments: CaptureFolder.names)
    func aCaptureWithoutResetIsReadAndReported(name: String) throws {
        let (dump, copy) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        #expect(try run(["export", "\(name).syn", "-o", dump]).status == 0)
        let text = try String(contentsOfFile: dump, encoding: .utf8)
        // Not even declared; its identifier is `!`.
        try text.split(separator: "\n").filter { !$0.contains("!") }.joined(separator: "\n")
            .write(toFile: scratch.path("b.vcd"), atomically: true, encoding: .utf8)
        for file in [dump, scratch.path("b.vcd")] {
            let outcome = try run(["import", file, "-o", copy, "--map", "reset=none", "--force"])
            #expect(outcome.status == 0, "\(outcome.complaint)")
            #expect(try Capture(opening: copy).initialLevels[.reset] == .high)
            let decoded = try run(["decode", copy, "--type", "publish", "--type", "status"])
            #expect(decoded.status == 0)
            let whole = try run(["decode", "\(name).syn", "--type", "publish", "--type", "status"])
            let texts = decoded.output.split(separator: "\n").map { $0.prefix(40) }
            #expect(texts.count > whole.output.split(separator: "\n").count / 2)
            #expect(try run(["report", copy]).status == 0)
            #expect(try run(["scrub", copy, "-o", scratch.path("s.syn"), "--force"]).status == 0)
        }
    }

    /// `count` toggles of the clocks, each so many times `step` after the one before.
    private static func toggles(_ count: Int, step: Int) -> String {
        var time = 0
        return (0..<count).map { index in
            time += step * (3 + index * 7 % 11)
            return "#\(time) \(index / 2 % 2 == 0 ? 1 : 0)\(index % 2 == 0 ? "c" : "k")\n"
        }.joined()
    }

    @Test func theGridOfTheEdgesIsTheResolutionUnlessItMayBeChance() throws {
        func resolution(_ changes: String, _ options: [String] = []) throws -> Int64? {
            try imported(changes, options).capture.metadata.resolution?.count
        }
        // In microseconds, the unit of these dumps.
        #expect(try resolution(Self.toggles(200, step: 10)) == 10_000)
        #expect(try resolution(Self.toggles(200, step: 10) + "#99999 1t #100000 0t") == 1_000)
        #expect(try resolution(Self.toggles(20, step: 10)) == 1_000)
        #expect(try resolution(Self.toggles(20, step: 10), ["--sample-rate", "100kHz"]) == 10_000)
        #expect(try resolution(Self.toggles(200, step: 10), ["--sample-rate", "200 kHz"]) == 5_000)
        #expect(try resolution(Self.toggles(200, step: 10), ["--sample-rate", "24MHz"]) == 1_000)
        #expect(try resolution(Self.toggles(200, step: 10), ["--sample-rate", "300000"]) == 3_334)
    }

    @Test func aSampleRateThatTheEdgesContradictIsAnError() throws {
        let (dump, copy) = (scratch.path("a.vcd"), scratch.path("b.syn"))
        try (DumpHead.text + Self.toggles(20, step: 10))
            .write(toFile: dump, atomically: true, encoding: .utf8)
        let outcome = try run(["import", dump, "-o", copy, "--sample-rate", "40kHz"])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("one sample in 25.000 us"), "\(outcome.complaint)")
        #expect(outcome.complaint.contains("on a grid of 10.000 us"))
        #expect(!FileManager.default.fileExists(atPath: copy))
        for rate in ["0", "-5", "fast", "1e99GHz", "nan"] {
            #expect(try run(["import", dump, "-o", copy, "--sample-rate=\(rate)"]).status == 2)
        }
    }

    @Test func aSessionOfSigrokIsNotTakenForADump() throws {
        let file = scratch.path("a.sr")
        try Data("PK\u{3}\u{4}and more".utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try run(["import", file, "-o", scratch.path("a.syn")])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("session of sigrok"), "\(outcome.complaint)")
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
