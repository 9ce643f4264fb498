@testable import Decoding
import Signals
import Testing

@testable import Measurements

@Suite struct TrafficTests {
    /// Draws frames: every `#` is a millisecond in which the end sends one.
    private func busy(_ host: String, _ bridge: String) -> Nanoseconds {
        var frames: [(start: Int64, end: Int64)] = []
        for drawing in [host, bridge] {
            var start: Int64?
            for (place, character) in (drawing + "_").enumerated() {
                if character == "#", start == nil { start = Int64(place) }
                if character != "#", let begun = start {
                    frames.append((begun, Int64(place)))
                    start = nil
                }
            }
        }
        frames.sort { $0.end < $1.end }
        var busy = TimeUnion()
        for frame in frames { busy.add(from: at(frame.start), to: at(frame.end)) }
        return busy.total
    }

    @Test func framesThatOverlapAreBusyOnce() {
        #expect(busy("__####____", "__________") == ms(4))
        #expect(busy("__####____", "____####__") == ms(6))
        #expect(busy("__########", "#_##_#_##_") == ms(9))
        #expect(busy("_####_###_", "####_##_##") == ms(9 + 1))
        #expect(busy("##______##", "___####___") == ms(8))
    }

    @Test func speedWhileSendingCountsClosingZerosOfWholeFrames() {
        var talk = Conversation()
        talk.frame(from: .host, 0, 100, characters: 9)
        talk.frame(from: .host, 200, 300, characters: 29)
        talk.frame(from: .host, 400, 900, characters: 1_000, condition: .damaged)
        talk.frame(from: .bridge, 50, 150, characters: 4)
        let traffic = talk.report(until: 1_000).traffic
        // (9 + 1 + 29 + 1) characters in 200 ms.
        #expect(traffic.host.charactersPerSecondWhileSending == 200)
        #expect(traffic.bridge.charactersPerSecondWhileSending == 50)
        #expect(traffic.host.frames == 2)
        #expect(traffic.host.fragments == 1)
        #expect(traffic.host.characters == 1_038)
        #expect(traffic.charactersPerSecond(of: .host) == 1_038)
        #expect(traffic.busyShare(of: .host) == 0.7)
        #expect(traffic.busyShare == 0.75)
        #expect(traffic.idleShare == 0.25)
    }

    @Test func gapsThatOverlapCountOnce() {
        var talk = Conversation()
        talk.gap(100, 300)
        talk.gap(200, 400)
        talk.gap(250, 260)
        talk.gap(600, 700)
        let capture = talk.report(until: 1_000).capture
        #expect(capture.gaps.count == 4)
        #expect(capture.timeInGaps == ms(400))
    }

    @Test func aDirectionWithoutFramesHasNoSpeed() {
        let traffic = Conversation().report(until: 1_000).traffic
        #expect(traffic.host.charactersPerSecondWhileSending == nil)
        #expect(traffic.busyShare == 0)
    }

    @Test func aCaptureWithoutLengthHasNoRates() {
        let report = Conversation().report(until: 0)
        #expect(report.traffic.bitRate == nil)
        #expect(report.traffic.idleShare == nil)
    }

    // MARK: Rates over time

    @Test func binsDoubleTheirWidthAndLoseNoBit() {
        var series = RateSeries()
        for second in 0..<86_400 {
            let start = Timestamp(nanoseconds: Int64(second) * 1_000_000_000)
            series.add(
                TrafficInterval(
                    start: start, end: start + .seconds(1), hostBits: 3, bridgeBits: 2))
        }
        #expect(series.bins.count <= RateSeries.binCountMax)
        #expect(series.binWidth == .seconds(256))
        #expect(series.bins.first == .init(hostBits: 768, bridgeBits: 512))
        #expect(series.bins.reduce(0) { $0 + $1.hostBits } == 3 * 86_400)
        #expect(series.bins.reduce(0) { $0 + $1.bridgeBits } == 2 * 86_400)
    }

    @Test func aSilenceOfDecadesFitsToo() {
        var series = RateSeries()
        for start in [Timestamp.earliest, .zero, .latest] {
            series.add(
                TrafficInterval(
                    start: start, end: start + .seconds(1), hostBits: 1, bridgeBits: 1))
        }
        #expect(series.bins.count <= RateSeries.binCountMax)
        #expect(series.bins.reduce(0) { $0 + $1.hostBits } == 3)
    }
}
