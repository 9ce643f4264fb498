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
