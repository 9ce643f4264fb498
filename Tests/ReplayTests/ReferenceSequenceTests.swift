import CaptureStore
import Decoding
import Foundation
import LinkProtocol
import Replay
import Reporting
import Signals
import Testing

/// The captures of the reference, session by session, with our machines in its place.
@Suite struct ReferenceSequenceTests {
    private static let captures = [
        "a_boot", "b_will_restart", "d_crash", "e_mem_time", "g_unknown", "k_specnet",
    ]

    /// A capture's frames, read once each.
    private static let schedules: [String: LinkSchedule] = {
        var schedules: [String: LinkSchedule] = [:]
        for name in captures { schedules[name] = try? schedule(of: name) }
        return schedules
    }()

    private static func schedule(of name: String) throws -> LinkSchedule {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let capture = try Capture(opening: folder.appending(path: "Captures/\(name).syn").path)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var decoder = LinkDecoder()
        var schedule = LinkSchedule()
        while try source.read(into: &batch) {
            decoder.decode(batch)
            for event in decoder.takeEvents() { schedule.handle(event) }
        }
        decoder.finish(at: capture.end)
        for event in decoder.takeEvents() { schedule.handle(event) }
        return schedule
    }

    private func replay(
        _ name: String, _ end: LinkEnd, without rule: ReferenceRule? = nil,
        trial: SequenceTrial = .none
    ) throws -> SequenceReplayResult {
        var rules = ReferenceRules(.reference)
        if let rule { rules = rules.without(rule) }
        let schedule = try #require(Self.schedules[name])
        return SequenceReplay(end: end, schedule: schedule, rules: rules, trial: trial).result()
    }

    @Test(arguments: captures, LinkEnd.allCases)
    func everySessionIsTheSame(name: String, end: LinkEnd) throws {
        let result = try replay(name, end)
        #expect(result.verdict == .same, "\(String(describing: result.divergence))")
        #expect(result.equalFrames == result.scheduledFrames)
        #expect(result.scheduledFrames >= 5)
    }

    /// Which faults of the reference its captures show; and no other is needed.
    @Test(arguments: [
        ("a_boot", ["retain-any-nonempty"]), ("b_will_restart", ["retain-any-nonempty"]),
        ("d_crash", ["retain-any-nonempty", "publish-before-running"]),
        ("e_mem_time", ["retain-any-nonempty"]), ("g_unknown", []),
        ("k_specnet", ["retain-any-nonempty", "subscribed-twice"]),
    ])
    func everyExemptionIsNeeded(name: String, rules: [String]) throws {
        let exemptions = try replay(name, .host).exemptions
        #expect(exemptions.map { $0.rule.name.description } == rules)
        for exemption in exemptions {
            let result = try replay(name, .host, without: exemption.rule)
            #expect(result.verdict == .differs, "\(exemption.rule.name)")
            #expect(exemption.count > 0)
        }
        #expect(try replay(name, .bridge).exemptions == [])
        for rule in ReferenceRule.allCases where !rules.contains(rule.name.description) {
            let result = try replay(name, .host, without: rule)
            #expect(result.verdict == .same, "\(rule.name)")
        }
    }

    private static let trials: [(SequenceTrial, String, Int, String)] = [
        (.retainAsWord, "a_boot", 3, "retain \"False\""),
        (.extraMemoryRequest, "a_boot", 2, "\"m\""),
        (.initialiseBeforeWill, "b_will_restart", 1, "\"init"),
        (.forgetsSubscriptions, "d_crash", 7, "nothing"),
    ]

    /// What is changed in our host on purpose is found, at the frame where it shows, and told on less
    /// than a screen.
    @Test(arguments: trials)
    func aTrialIsFoundAndTold(
        trial: SequenceTrial, name: String, frame: Int, found: String
    ) throws {
        let result = try replay(name, .host, trial: trial)
        #expect(result.verdict == .differs)
        let divergence = try #require(result.divergence)
        #expect(divergence.number == frame)
        #expect(result.equalFrames == frame - 1)

        let text = ReplayText(capture: "\(name).syn", secrets: SecretBook())
        let lines = text.lines(.sequence(result, LinkReplayResult(end: .host)))
        // Lines as a terminal of 80 columns breaks them.
        #expect(lines.reduce(0) { $0 + ($1.count + 79) / 80 } <= 24)
        #expect(lines.contains { $0.contains("host frame \(frame) of ") })
        let told = try #require(lines.first { $0.hasPrefix("  found     ") })
        #expect(told.contains(found))
    }

    /// A trial that is added needs a capture that shows it.
    @Test func everyTrialIsTried() {
        #expect(Set(Self.trials.map(\.0)) == Set(SequenceTrial.allCases).subtracting([.none]))
    }
}
