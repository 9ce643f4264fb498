import Decoding
import LinkProtocol
import Signals
import Testing
import TrafficGenerator

@Suite struct TrafficGeneratorTests {
    private func edges(seed: UInt64, count: Int64) -> [Edge] {
        var generator = TrafficGenerator(TrafficPlan(seed: seed, edgeCount: count))
        var batch = EdgeBatch()
        var edges: [Edge] = []
        while generator.read(into: &batch) { edges += batch.edges }
        return edges
    }

    @Test func theSameSeedGivesTheSameEdges() {
        let first = edges(seed: 1, count: 20_000)
        #expect(first.count == 20_000)
        #expect(edges(seed: 1, count: 20_000) == first)
        #expect(edges(seed: 2, count: 20_000) != first)
    }

    @Test func aLongerPlanBeginsLikeAShorterOne() {
        #expect(edges(seed: 3, count: 9_000) == Array(edges(seed: 3, count: 20_000)[..<9_000]))
    }

    @Test func everyFrameDecodesAndNoEdgeIsMissing() throws {
        var generator = TrafficGenerator(TrafficPlan(seed: 4, edgeCount: 300_000))
        var decoder = LinkDecoder()
        var batch = EdgeBatch()
        var names: [String: Int] = [:]
        var busy: Int64 = 0
        var running: Timestamp?
        func take(_ events: [LinkEvent]) {
            for event in events {
                switch event {
                case .message(let message):
                    names[message.typeName, default: 0] += 1
                    busy += (message.frame.end - message.frame.start).count
                case .running(let event): running = event.time
                case .gap, .joined, .aligned, .stopped, .watchdog: Issue.record("\(event)")
                default: break
                }
            }
        }
        while generator.read(into: &batch) {
            decoder.decode(batch)
            take(decoder.takeEvents())
        }
        decoder.finish(at: generator.time)
        take(decoder.takeEvents())
        let publications = try #require(names["publish"])
        #expect(publications > 50)
        #expect(names["malformed"] == nil)
        #expect(abs((names["status"] ?? 0) - 5 - publications) <= 1)
        #expect((names["message"] ?? 0) >= publications / 4 - 1)
        #expect(running != nil)
        let share = Double(busy) / Double(generator.time.nanoseconds)
        #expect(abs(share - 0.27) < 0.03, "\(share)")
        let rate = Double(generator.edgeCount) * 1e9 / Double(generator.time.nanoseconds)
        #expect(abs(rate - 2_390) < 60, "edges/s: \(rate)")
    }

    @Test func theEntropyIsThatOfTheJitter() {
        var generator = TrafficGenerator(TrafficPlan(seed: 5, edgeCount: 100_000))
        var batch = EdgeBatch()
        while generator.read(into: &batch) {}
        let bits = generator.entropyBits / Double(generator.edgeCount)
        #expect(
            abs(JitteredDelay(mean: .zero, deviation: .microseconds(90)).entropyBits - 18.505)
                < 0.01)
        #expect(bits > 17 && bits < 19, "\(bits)")
    }
}
