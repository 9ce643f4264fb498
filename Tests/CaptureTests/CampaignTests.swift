import Foundation
import Testing

/// Small editions of the campaigns; `Scripts/campaign` runs them long.
@Suite struct CampaignTests {
    private static let references = [
        "a_boot", "b_will_restart", "d_crash", "e_mem_time", "g_unknown", "k_specnet",
    ].map { "\($0).syn" }

    private func campaign(_ arguments: [String]) throws -> Command.Outcome {
        try Command.run(
            Command.executable + "-campaign", arguments + Self.references,
            in: CaptureFolder.url)
    }

    @Test func capturesCutAnywhereDecodeFromTheNextFrameOn() throws {
        let outcome = try campaign(["cuts", "--count", "20", "--seed", "20"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("20 cuts, 20 decoded"))
    }

    @Test func everyLossOfNeighbouringEdgesIsToldWhereItIs() throws {
        let outcome = try campaign(["missing-edges", "--count", "20", "--seed", "20"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("20 losses, 20 told"))
    }

    /// Losses after which the rest of a frame once passed for a frame.
    @Test(arguments: [
        ("a_boot.syn", "50953"), ("g_unknown.syn", "25949"), ("g_unknown.syn", "28161"),
        ("g_unknown.syn", "28002"),
    ])
    func theRestOfAFrameIsNoFrame(capture: String, edge: String) throws {
        let outcome = try Command.run(
            Command.executable + "-campaign",
            ["missing-edges", capture, "--edge", edge, "--length", "1"], in: CaptureFolder.url)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
    }

    @Test func noWrongEdgeOfADamagedFileIsTakenForGood() throws {
        let outcome = try campaign(["damage", "--count", "8", "--seed", "20"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("8 damaged copies"))
    }

    @Test func whatAKilledRecorderLeavesIsReadableAndLacksASecondAtMost() throws {
        let outcome = try Command.run(
            Command.executable + "-campaign",
            [
                "record-kill", "--synscope", Command.executable, "--count", "3", "--longest", "2",
                "--rate", "20000", "--seed", "20",
            ], in: CaptureFolder.url)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("3 kills, 3 readable"))
    }
}
