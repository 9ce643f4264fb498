import CaptureStore
import Foundation
import Signals
import Testing

/// The reference's Wi-Fi password is `pw`. It appears where it is asked for, and nowhere else.
@Suite struct SecretTests {
    private static let password = "pw"

    @Test(arguments: CaptureFolder.names)
    func passwordIsShownOnlyOnDemand(name: String) throws {
        for format in ["text", "ndjson", "csv"] {
            let decode = ["decode", "\(name).syn", "--format", format]
            #expect(try !shows(decode))
            // A line of text is too short for every field, the password is always among them.
            #expect(try shows(decode + ["--show-secrets"]))
        }
        for format in ["text", "markdown", "json"] {
            #expect(try !shows(["report", "\(name).syn", "--format", format]))
        }
        #expect(try !shows(["replay", "\(name).syn", "--json"]))
        #expect(try !shows(["info", "\(name).syn", "--json"]))
    }

    @Test(arguments: CaptureFolder.names)
    func scrubbedCaptureHoldsNoPasswordAndStillReplays(name: String) throws {
        let scratch = try ScratchFolder()
        let copy = scratch.path("\(name).syn")
        let scrubbed = try Command.synscope(
            ["scrub", "\(name).syn", "-o", copy], in: CaptureFolder.url)
        #expect(scrubbed.status == 0, "\(scrubbed.complaint)")

        #expect(try !shows(["decode", copy, "--format", "ndjson", "--show-secrets"]))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        for separator in ["\u{7f}", "|", "=", "\""] {
            let text = separator + Self.password
            #expect(bytes.range(of: Data(text.utf8)) == nil)
        }
        #expect(try Capture(opening: copy).metadata.secrets == .scrubbed)

        let replayed = try Command.synscope(["replay", copy], in: scratch.url)
        #expect(replayed.status == 0)
        #expect(replayed.output.split(separator: "identical").count == 3, "from both ends")
        let clocks = try clockEdges(of: copy)
        #expect(clocks.count > 10_000)
        #expect(try clocks == clockEdges(of: CaptureFolder.path("\(name).syn")))
    }

    /// The journal keeps its places among edges of which some were taken away and others put in.
    @Test func scrubbedCaptureOfOurOwnEndsStillReplaysExactly() throws {
        let scratch = try ScratchFolder()
        for arguments in [
            ["simulate", "--seed", "3", "--fault", "crash@11s", "--will", "--duration", "25s"],
            ["scrub", "world.syn"],
            ["replay", "scrubbed.syn"],
        ] {
            let output = ["simulate": "world.syn", "scrub": "scrubbed.syn"][arguments[0]]
            let outcome = try Command.synscope(
                arguments + (output.map { ["-o", $0] } ?? []), in: scratch.url)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
            guard arguments[0] == "replay" else { continue }
            #expect(outcome.output.split(separator: "identical (exact").count == 3)
        }
        #expect(try !shows(["decode", scratch.path("scrubbed.syn"), "--grep", "open-sesame"]))
    }

    /// There is a bound to what can be remembered; beyond it nothing is called clean.
    @Test func morePasswordsThanCanBeRememberedAreSaidAndNotScrubbed() throws {
        let scratch = try ScratchFolder()
        let (dump, capture) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        func write(passwords count: Int) throws {
            let frames = (0..<count).map { number in
                let fields = ["init", "net", "secret\(number)", "broker", "", "", "{}"]
                let rest = "1|0|0|1|60|0|1|4|10|0|pool.ntp.org".split(separator: "|")
                return (fields + rest.map(String.init)).joined(separator: "\u{7f}")
            }
            try DrawnDump(hostSends: frames).text
                .write(toFile: dump, atomically: true, encoding: .utf8)
            let imported = try Command.synscope(
                ["import", dump, "-o", capture, "--force"], in: scratch.url)
            #expect(imported.complaint.contains("\(count) frame"), "\(imported.complaint)")
            #expect(imported.complaint.contains("holds passwords"))
        }
        let warning = "more passwords than the 32 that can be remembered"
        let verbs = [["decode"], ["report"], ["replay"]]

        try write(passwords: 32)
        for verb in verbs {
            let outcome = try Command.synscope(verb + [capture], in: scratch.url)
            #expect(!outcome.complaint.contains(warning))
        }
        let clean = try Command.synscope(
            ["scrub", capture, "-o", scratch.path("b.syn")], in: scratch.url)
        #expect(clean.status == 0, "\(clean.complaint)")

        try write(passwords: 33)
        for verb in verbs {
            let outcome = try Command.synscope(verb + [capture], in: scratch.url)
            #expect(outcome.complaint.contains(warning), "\(verb)")
        }
        let refused = try Command.synscope(
            ["scrub", capture, "-o", scratch.path("c.syn")], in: scratch.url)
        #expect(refused.status == 2)
        #expect(refused.complaint.contains(warning))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        #expect(names.sorted() == ["a.syn", "a.vcd", "b.syn"])
    }

    /// A zero between two strings was lost, and the bridge repeats what it got.
    @Test(arguments: ["okinit|net|hunter2|broker", "okinit|net|hunter2", "s|cmd|1init|net|hunter2"])
    func anInitBehindAnotherStringIsScrubbed(text: String) throws {
        let scratch = try ScratchFolder()
        let (dump, capture) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        let string = text.replacingOccurrences(of: "|", with: "\u{7f}")
        let repeated = "t\u{7f}6\u{7f}Unknown command:\u{7f}" + string
        try DrawnDump(hostSends: [string, "i"], bridgeSends: ["t\u{7f}5", repeated]).text
            .write(toFile: dump, atomically: true, encoding: .utf8)
        let imported = try Command.synscope(["import", dump, "-o", capture], in: scratch.url)
        #expect(imported.complaint.contains("holds passwords"), "\(imported.complaint)")

        let all = ["--format", "ndjson"]
        let shown = try Command.synscope(
            ["decode", capture, "--show-secrets"] + all, in: scratch.url)
        #expect(shown.output.split(separator: "hunter2").count == 3, "\(shown.output)")
        let masked = try Command.synscope(["decode", capture] + all, in: scratch.url)
        #expect(!masked.output.contains("hunter2"))

        let copy = scratch.path("b.syn")
        let scrubbed = try Command.synscope(["scrub", capture, "-o", copy], in: scratch.url)
        #expect(scrubbed.status == 0, "\(scrubbed.complaint)")
        let clean = try Command.synscope(["decode", copy, "--show-secrets"] + all, in: scratch.url)
        #expect(!clean.output.contains("hunter2"))
        #expect(clean.output.split(separator: "xxxxxxx").count >= 3, "\(clean.output)")
    }

    @Test func secretsOfTheObjectModeAreScrubbed() throws {
        let scratch = try ScratchFolder()
        let (dump, capture) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        let frames = [
            #"{"password": "hunter2", "pin_secret": 13579, "ssid": "net"}"#,
            #"["told", {"a": "hunter2 and more"}, 13579, 4]"#,
        ]
        try DrawnDump(hostSends: frames, bridgeSends: frames.reversed()).text
            .write(toFile: dump, atomically: true, encoding: .utf8)
        let imported = try Command.synscope(
            ["import", dump, "-o", capture, "--vocabulary", "json"], in: scratch.url)
        #expect(imported.complaint.contains("holds passwords"), "\(imported.complaint)")

        let masked = try Command.synscope(["decode", capture], in: scratch.url).output
        #expect(masked.contains(#"{"password": "*******", "pin_secret": *****, "ssid": "net"}"#))
        #expect(masked.contains(#"["told", {"a": "******* and more"}, *****, 4]"#))
        #expect(!masked.contains("hunter2") && !masked.contains("13579"))

        let copy = scratch.path("b.syn")
        let scrubbed = try Command.synscope(["scrub", capture, "-o", copy], in: scratch.url)
        #expect(scrubbed.status == 0, "\(scrubbed.complaint)")
        let clean = try Command.synscope(["decode", copy, "--show-secrets"], in: scratch.url).output
        #expect(clean.contains("xxxxxxx") && clean.contains("ssid"), "\(clean)")
        #expect(!clean.contains("hunter2") && !clean.contains("13579"))
    }

    /// Whether the password stands anywhere in the output as a word.
    private func shows(_ arguments: [String]) throws -> Bool {
        let outcome = try Command.synscope(arguments, in: CaptureFolder.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let words = (outcome.output + outcome.complaint).split {
            !$0.isLetter && !$0.isNumber && $0 != "_"
        }
        return words.contains { $0 == Self.password }
    }

    private func clockEdges(of path: String) throws -> [Edge] {
        try Edges.all(of: path).filter { $0.channel == .sckout || $0.channel == .sckin }
    }
}
