import Decoding
import HostProtocol
import LinkProtocol
import Measurements
import Signals
import Simulation
import Testing

/// The preset `hardware` against what the reference publishes of its own boards. Ref:
/// Documentation/Simulation.md, Presets, and how they were calibrated.
@Suite struct HardwareCalibrationTests {
    /// "118 char/s measured … sending a publication while application running. ESP8266 running at
    /// 160MHz."
    private static let charactersPerSecond = 118.0
    /// "Under good conditions latency can be reduced to around 250ms", with short topics and messages
    /// and a broker on the local network.
    private static let latencyMilliseconds = 250.0
    /// 1.6 kbit/s, at best.
    private static let bitsPerSecondMax = 1_600.0

    private static let observations = (UInt64(1)...3).map { seed in
        var scenario = Scenario(seed: seed, duration: .seconds(45), preset: .hardware)
        scenario.application = ApplicationPlan(.short, until: .zero + scenario.duration)
        return LinkObservation(of: scenario)
    }

    /// Of the publications' frames alone, while the application runs.
    @Test func aPublicationIsSentAtThePublishedSpeed() throws {
        var characters = 0
        var time = Nanoseconds.zero
        for message in Self.observations.flatMap(\.messages) where message.typeName == "publish" {
            characters += message.frame.text.count + 1
            time = time + (message.frame.end - message.frame.start)
        }
        try #require(characters > 1_000)
        let speed = Double(characters) * 1e9 / Double(time.count)
        print("hardware: \(speed) characters/s")
        #expect(abs(speed - Self.charactersPerSecond) <= 0.1 * Self.charactersPerSecond)
    }

    /// No bit takes less time than at 1.6 kbit/s.
    @Test func noBitIsFasterThanTheBest() throws {
        for observation in Self.observations {
            let host = try #require(observation.report.hostTurnRound.distribution.min)
            let bridge = try #require(observation.report.bridgeTurnRound.distribution.min)
            let fastest = 1e9 / Double((host + bridge).count)
            print("hardware: \(fastest) bit/s at best")
            #expect(fastest <= Self.bitsPerSecondMax)
            #expect(fastest >= 0.9 * Self.bitsPerSecondMax)
        }
    }

    /// From the call of publish to the broker: 10 characters, a topic of 5, qos 0, an idle link.
    @Test func aShortPublicationTakesThePublishedTime() throws {
        var latencies: [Double] = []
        for observation in Self.observations {
            for call in observation.calls {
                guard let arrival = observation.arrivals[call.text] else { continue }
                latencies.append(Double((arrival - call.calledAt).count) / 1e6)
            }
        }
        latencies.sort()
        try #require(latencies.count >= 50)
        let median = latencies[latencies.count / 2]
        print("hardware: \(median) ms")
        #expect(abs(median - Self.latencyMilliseconds) <= 0.1 * Self.latencyMilliseconds)
    }
}
