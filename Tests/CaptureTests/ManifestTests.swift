import Foundation
import Testing

/// Folders of captures with what their replays are expected to say.
@Suite struct ManifestTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(arguments: [("Captures", 6), ("Captures/simulated", 12)])
    func everyCaptureOfAFolderReplaysAsExpected(folder: String, count: Int) throws {
        let junit = scratch.path("junit.xml")
        let outcome = try Command.synscope(
            ["replay", folder, "--junit", junit],
            in: CaptureFolder.url.deletingLastPathComponent())
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.components(separatedBy: "\nas expected (").count == count + 1)
        #expect(!outcome.output.contains("NOT as expected"))
        let report = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(report.contains("tests=\"\(2 * count)\" failures=\"0\" errors=\"0\""))
    }

    /// The manifests forget no capture.
    @Test func everyCaptureIsInItsManifest() throws {
        for (folder, names) in [
            ("", CaptureFolder.names), ("simulated/", CaptureFolder.simulated),
        ] {
            let lines = try CaptureFolder.text("\(folder)replay.manifest").split(separator: "\n")
                .filter { !$0.hasPrefix("#") }
            #expect(lines.map { $0.prefix { $0 != " " } } == names.map { "\($0).syn"[...] })
        }
    }

    @Test func aChangedTextIsShownThenBlessedThenExpected() throws {
        try copy("missed-edge", to: "bent", change: { $0.replacing("identical", with: "bent") })
        try copy("delay", to: "right", change: { $0 })

        let differs = try replay()
        #expect(differs.status == 1)
        #expect(differs.output.contains("NOT as expected (bent.replay.txt):"))
        #expect(differs.output.contains("  - replay host    bent (exact"))
        #expect(differs.output.contains("  + replay host    identical (exact"))
        #expect(differs.output.contains("as expected (right.replay.txt)"))
        let text = try String(contentsOfFile: scratch.path("bent.replay.txt"), encoding: .utf8)
        #expect(text.contains("bent (exact"))

        let blessed = try replay("--bless")
        #expect(blessed.status == 0)
        #expect(blessed.output.contains("now expected (bent.replay.txt):"))
        let same = try replay()
        #expect(same.status == 0)
        #expect(same.output.contains("as expected (bent.replay.txt)"))
        // Blessed from nothing but the replay, the text is again what it was.
        #expect(
            try String(contentsOfFile: scratch.path("bent.replay.txt"), encoding: .utf8)
                == CaptureFolder.text("simulated/missed-edge.replay.txt"))
    }

    @Test func aTextThatIsMissingIsMadeByBlessing() throws {
        try copy("delay", to: "right", change: { $0 })
        try FileManager.default.removeItem(atPath: scratch.path("right.replay.txt"))
        #expect(try replay().status == 1)
        #expect(try replay("--bless").status == 0)
        #expect(try replay().status == 0)
    }

    @Test func aDifferenceIsAFailureInJUnit() throws {
        try copy("delay", to: "bent", change: { $0.replacing("identical", with: "bent") })
        let junit = scratch.path("junit.xml")
        #expect(try replay("--junit", junit).status == 1)
        let report = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(report.contains("<failure message=\"differs\">"))
    }

    @Test(arguments: [
        ("right.syn both exact -", "4 words instead of 5"),
        ("right.syn neither exact - right.replay.txt", "no end neither"),
        ("right.syn both strict - right.replay.txt", "no mode strict"),
        ("right.syn both exact old right.replay.txt", "no dialect old"),
        ("# nothing", "names no capture"),
    ])
    func aMalformedManifestIsToldWithItsLine(line: String, complaint: String) throws {
        try ("# first\n" + line + "\n").write(
            toFile: scratch.path("replay.manifest"), atomically: true, encoding: .utf8)
        let outcome = try replay()
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains(complaint))
        #expect(outcome.complaint.contains("replay.manifest"))
        if line.hasPrefix("right") { #expect(outcome.complaint.contains("manifest:2:")) }
    }

    @Test func blessingNeedsAFolder() throws {
        let outcome = try Command.synscope(
            ["replay", "delay.syn", "--bless"], in: CaptureFolder.url.appending(path: "simulated"))
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("replay.manifest"))
    }

    /// Puts a simulated capture into the folder, with its text and a line of the manifest.
    private func copy(_ name: String, to copy: String, change: (String) -> String) throws {
        try FileManager.default.copyItem(
            atPath: CaptureFolder.path("simulated/\(name).syn"), toPath: scratch.path("\(copy).syn")
        )
        let text = try CaptureFolder.text("simulated/\(name).replay.txt")
        try change(text).write(
            toFile: scratch.path("\(copy).replay.txt"), atomically: true, encoding: .utf8)
        let manifest = scratch.path("replay.manifest")
        let lines = (try? String(contentsOfFile: manifest, encoding: .utf8)) ?? "# a copy\n"
        try (lines + "\(copy).syn both exact - \(copy).replay.txt\n").write(
            toFile: manifest, atomically: true, encoding: .utf8)
    }

    private func replay(_ options: String...) throws -> Command.Outcome {
        try Command.synscope(["replay", scratch.url.path] + options, in: scratch.url)
    }
}
