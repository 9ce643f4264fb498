import CaptureStore
import Foundation
import Testing

/// Captures whose wires are named wrongly, or whose characters have another size.
@Suite struct LegibilityTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        try Command.synscope(arguments, in: CaptureFolder.url)
    }

    /// Exports a capture and imports it in another way.
    private func misread(
        _ name: String, _ options: [String]
    ) throws -> (path: String, complaint: String) {
        let (dump, copy) = (scratch.path("\(name).vcd"), scratch.path("\(name).syn"))
        #expect(try run(["export", "\(name).syn", "-o", dump, "--force"]).status == 0)
        let imported = try run(["import", dump, "-o", copy, "--force"] + options)
        #expect(imported.status == 0, "\(imported.complaint)")
        return (copy, imported.complaint)
    }

    private static let dataExchanged = ["--map", "stx=srx,srx=stx"]
    private static let endsExchanged = ["--map", "stx=srx,srx=stx,sckout=sckin,sckin=sckout"]
    private static let hostDataElsewhere = ["--map", "stx=reset,reset=stx"]

    @Test(
        arguments: CaptureFolder.names,
        [
            dataExchanged, endsExchanged, hostDataElsewhere,
            ["--map", "sckout=sckin,sckin=sckout"],
            ["--character-bits", "8"], ["--vocabulary", "json"],
        ])
    func whatCannotBeReadIsNotScrubbed(name: String, options: [String]) throws {
        let capture = try misread(name, options)
        #expect(capture.complaint.contains("warning: "))
        let scrubbed = scratch.path("scrubbed.syn")
        let outcome = try run(["scrub", capture.path, "-o", scrubbed])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("was not written"))
        #expect(outcome.complaint.contains("--map"))
        #expect(!FileManager.default.fileExists(atPath: scrubbed))
    }

    @Test func aWrongCharacterSizeIsNotScrubbedAndShowsNoBitsOfPasswords() throws {
        for name in CaptureFolder.names {
            let wrong = ["\(name).syn", "--character-bits", "8"]
            let outcome = try run(["scrub", "-o", scratch.path("a.syn")] + wrong)
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains("--character-bits"))
            let decoded = try run(["decode", "--type", "malformed"] + wrong)
            #expect(decoded.complaint.contains("--character-bits"))
            let lines = decoded.output.split(separator: "\n").dropFirst()
            #expect(lines.allSatisfy { !$0.contains("\\x") || !$0.contains(/\\x[^7]|\\x7[^f]/) })
        }
    }

    @Test func wiresNamedWronglyAreToldWhatIsLikely() throws {
        let exchanged = try misread("d_crash", Self.endsExchanged)
        #expect(exchanged.complaint.contains("are host and bridge exchanged?"))
        let decoded = try run(["decode", exchanged.path])
        #expect(decoded.status == 0)
        #expect(decoded.complaint.contains("are host and bridge exchanged?"))
        let data = try run(["decode", try misread("d_crash", Self.dataExchanged).path])
        #expect(data.complaint.contains("no whole frame was found, with 142 gaps"))
        #expect(data.complaint.contains("are the wires named right?"))
    }

    /// The host's data wire is another signal, and the bridge's frames are all there.
    @Test func anEndWithoutFramesWhoseDataMovesIsTold() throws {
        let (dump, copy) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        #expect(try run(["export", "a_boot.syn", "-o", dump]).status == 0)
        #expect(
            try run(["import", dump, "-o", copy, "--map", "stx=sckin,sckin=none"]).status == 0)
        let outcome = try run(["scrub", copy, "-o", scratch.path("b.syn")])
        #expect(outcome.status == 2)
    }

    @Test func aScrubbedCaptureStaysScrubbedAndOneWithoutPasswordsIsNotCalledSo() throws {
        let (once, twice) = (scratch.path("1.syn"), scratch.path("2.syn"))
        #expect(try run(["scrub", "k_specnet.syn", "-o", once]).status == 0)
        #expect(try run(["scrub", once, "-o", twice]).status == 0)
        #expect(try Capture(opening: twice).metadata.secrets == .scrubbed)

        func scrub(_ frames: [String]) throws -> CaptureMetadata.Secrets {
            let (dump, capture) = (scratch.path("a.vcd"), scratch.path("a.syn"))
            try DrawnDump(hostSends: frames).text
                .write(toFile: dump, atomically: true, encoding: .utf8)
            #expect(try run(["import", dump, "-o", capture, "--force"]).status == 0)
            let copy = scratch.path("b.syn")
            let outcome = try run(["scrub", capture, "-o", copy, "--force"])
            #expect(outcome.status == 0, "\(outcome.complaint)")
            #expect(outcome.complaint.contains("no secret was found"))
            let (before, after) = (try Capture(opening: capture), try Capture(opening: copy))
            #expect(before.metadata.secrets == after.metadata.secrets)
            return after.metadata.secrets
        }
        let publish = ["p", "topic", "text", "False", "1"].joined(separator: "\u{7f}")
        #expect(try scrub([publish]) == .notSeen)
        let fields = ["init", "net", "", "broker", "", "", "{}"]
        let rest = "1|0|0|1|60|0|1|4|10|0|pool.ntp.org".split(separator: "|").map(String.init)
        #expect(try scrub([(fields + rest).joined(separator: "\u{7f}"), publish]) == .none)
        #expect(try run(["info", scratch.path("b.syn")]).output.contains("passwords     none\n"))
    }

    /// The maker found passwords, and somebody reads it as another kind of link.
    @Test func passwordsThatWereFoundBeforeMustBeFoundAgain() throws {
        let copy = scratch.path("a.syn")
        try FileManager.default.copyItem(
            atPath: CaptureFolder.path("k_specnet.syn"), toPath: copy)
        let start = try run(["export", copy, "-o", scratch.path("a.vcd"), "--from", "9"])
        #expect(start.status == 0)
        let part = scratch.path("part.syn")
        #expect(try run(["import", scratch.path("a.vcd"), "-o", part]).status == 0)
        #expect(
            try Command.run(
                "sqlite3", [part, "UPDATE meta SET value = 'present' WHERE key = 'secrets'"],
                in: scratch.url
            ).status == 0)
        let outcome = try run(["scrub", part, "-o", scratch.path("b.syn")])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("none is found now"))
    }
}
