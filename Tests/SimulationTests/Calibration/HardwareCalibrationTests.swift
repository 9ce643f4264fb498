import Decoding
import HostProtocol
import LinkProtocol
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
    /// "The peak bit rate is 1.6Kbps. Mean throughput is about 800bps": the peak by the time of one
    /// character.
    private static let bitsPerSecondMax = 1_600.0
    private static let bitsPerSecond = 800.0

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
        #expect(abs(speed - Self.charactersPerSecond) <= 0.1 * Self.charactersPerSecond)
    }

    @Test func theBitRateIsThePublishedOneAndAtMostThePublishedPeak() throws {
        for observation in Self.observations {
            let bits = observation.hostBits
            try #require(bits.count > 10_000)
            let mean =
                Double(bits.count - 10) * 1e9 / Double((bits[bits.count - 1] - bits[9]).count)
            #expect(abs(mean - Self.bitsPerSecond) <= 0.1 * Self.bitsPerSecond)
            // From the clock edge of one character's first bit to that of the next one's.
            let fastest = (9..<(bits.count - 7)).map { bits[$0 + 7] - bits[$0] }.min()
            let peak = 7e9 / Double(try #require(fastest).count)
            #expect(peak > mean)
            #expect(peak <= Self.bitsPerSecondMax)
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
        #expect(abs(median - Self.latencyMilliseconds) <= 0.1 * Self.latencyMilliseconds)
    }
}
