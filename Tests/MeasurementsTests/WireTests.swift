import Decoding
import LinkProtocol
import Signals
import Testing

@testable import Measurements

@Suite struct WireTests {
    private func report(_ player: WirePlayer) -> LinkReport {
        var decoder = LinkDecoder()
        var measurements = LinkMeasurements()
        var batch = EdgeBatch()
        batch.edges = player.edges
        decoder.decode(batch)
        decoder.finish(at: player.now)
        for event in decoder.takeEvents() { measurements.handle(event) }
        return measurements.finish(
            wires: decoder.wires, captureStart: .zero, captureEnd: player.now,
            stamps: StampFacts(resolution: Nanoseconds(10)))
    }

    /// Bit 0 of the host is on the wire, so its list goes on with bit 1.
    private func synchronised() -> WirePlayer {
        var player = WirePlayer()
        player.start()
        let host = Array(WirePlayer.pattern.dropFirst()) + [0]
        player.exchange(host: host, bridge: WirePlayer.pattern)
        return player
    }

    private static let idle = [UInt8](repeating: 0, count: 70)

    @Test func framesOnTheWireGiveTheirFigures() {
        var player = synchronised()
        let publish = WirePlayer.bits("p\u{7f}a\u{7f}b\u{7f}\u{7f}1")
        player.exchange(
            host: publish, bridge: [UInt8](repeating: 0, count: publish.count))
        let pubok = WirePlayer.bits("t\u{7f}4")
        player.exchange(host: [UInt8](repeating: 0, count: pubok.count), bridge: pubok)
        player.exchange(host: Self.idle, bridge: Self.idle)
        let report = report(player)
        #expect(report.traffic.host.frames == 1)
        #expect(report.traffic.bridge.frames == 1)
        #expect(report.traffic.host.characters == 8)
        // 9 characters of 7 bits at 300 us, of which the first bit only begins the frame.
        #expect(report.traffic.host.wholeFrameTime == .microseconds(62 * 300))
        // The host's closing zero, then 28 bits of the bridge, each 200 us after a host's toggle.
        let row = report.publish.latency(qos: .atLeastOnce, phase: .beforeRunning)
        #expect(row.max == .microseconds(27 * 300 + 200))
        #expect(row.valueUncertainty == Nanoseconds(10))
        #expect(report.bridgeTurnRound.stallCount == 0)
    }

    @Test func aBridgeThatPausesAndGoesOnHasStalled() throws {
        var player = synchronised()
        player.exchange(host: Self.idle, bridge: Self.idle)
        player.bridge(0, after: .milliseconds(80))
        player.host(0, after: .microseconds(100))
        player.exchange(host: Self.idle, bridge: Self.idle)
        player.bridge(0, after: .milliseconds(40))
        let report = report(player)
        #expect(report.bridgeTurnRound.stallThreshold == .milliseconds(50))
        #expect(report.bridgeTurnRound.stallCount == 1)
        #expect(report.hostTurnRound.stallCount == 0)
        let longest = try #require(report.bridgeTurnRound.distribution.max)
        #expect(abs(longest.count - 80_000_000) <= 80_000_000 / 250)
        let median = try #require(report.bridgeTurnRound.distribution[.p50])
        #expect(abs(median.count - 200_000) <= 200_000 / 250)
    }

    @Test func onASlowLinkAStallIsLongerToo() {
        var tally = synchronised()
        for _ in 0..<100 {
            tally.bridge(0, after: .milliseconds(20))
            tally.host(0, after: .milliseconds(1))
        }
        #expect((report(tally).bridgeTurnRound.stallThreshold ?? .zero) >= .milliseconds(900))
    }
}
