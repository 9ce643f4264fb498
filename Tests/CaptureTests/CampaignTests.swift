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
