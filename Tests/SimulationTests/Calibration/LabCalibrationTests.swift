import BridgeProtocol
import Foundation
import HostProtocol
import LinkProtocol
import Signals
import Simulation
import Testing

/// The preset `lab` against the reference's captures: every figure agrees within a tenth. Ref: Documentation/Simulation.md, Presets, and how they were calibrated.
@Suite struct LabCalibrationTests {
    /// A tenth, as a share of the reference's figure.
    private static let tolerance = 0.1

    @Test func labAgreesWithTheReferencesCaptures() throws {
        let reference = try Self.reference()
        let simulated = Self.simulated()
        var differences: [LinkFigure] = []
        for figure in LinkFigure.allCases {
            let expected = try #require(reference.value(figure), "\(figure.rawValue)")
            let found = try #require(simulated.value(figure), "\(figure.rawValue)")
            if abs(found - expected) > Self.tolerance * expected { differences.append(figure) }
        }
        let table = CalibrationTable.text(simulated, reference)
        #expect(differences.isEmpty, "\n\(table)")
        // With this in the environment, to take the table over into the documentation.
        if ProcessInfo.processInfo.environment["SYNSCOPE_SHOW_CALIBRATION"] != nil { print(table) }
    }

    /// Speeds and publications of a_boot, questions of e_mem_time, starts of all six.
    private static func reference() throws -> LinkFigures {
        var figures = LinkFigures()
        for name in ReferenceCapture.names {
            var observation = try LinkObservation(ofReferenceCapture: name)
            if name == "a_boot" {
                try observation.readLogs(of: name)
                figures.addTraffic(observation)
            }
            if name == "e_mem_time" { figures.addQuestions(observation) }
            figures.addStarts(observation)
        }
        return figures
    }

    /// The same conversations, for several seeds.
    private static func simulated() -> LinkFigures {
        var figures = LinkFigures()
        for seed in UInt64(1)...8 {
            let observation = LinkObservation(
                of: scenario(seed: seed, .boot, lasting: .milliseconds(23_400)))
            figures.addTraffic(observation)
            figures.addStarts(observation)
        }
        for seed in UInt64(9)...11 {
            let observation = LinkObservation(
                of: scenario(seed: seed, .questions, lasting: .seconds(32)))
            figures.addQuestions(observation)
            figures.addStarts(observation)
        }
        // How long the first status takes is left to chance more than all else.
        for seed in UInt64(12)...111 {
            figures.addStarts(
                LinkObservation(of: scenario(seed: seed, .boot, lasting: .milliseconds(1_900))))
        }
        return figures
    }

    /// Both ends as the reference's, with the configuration of the captures.
    private static func scenario(
        seed: UInt64, _ traffic: Traffic, lasting duration: Nanoseconds
    ) -> Scenario {
        var scenario = Scenario(seed: seed, duration: duration, preset: .lab)
        scenario.host.rules = ReferenceRules(.reference)
        scenario.bridge.rules = ReferenceRules(.reference)
        scenario.host.initialisation = InitialiseFields(
            ssid: Array("testnet".utf8), password: Array("pw".utf8),
            broker: Array("127.0.0.1".utf8))
        scenario.host.initialisation.port = 18_831
        scenario.application = ApplicationPlan(traffic, until: .zero + duration)
        return scenario
    }
}
