import CaptureStore
import Signals
import Testing

@Suite struct EdgeHistoryTests {
    private var generator = EdgeGenerator(seed: 9)

    private mutating func batch(_ count: Int) -> EdgeBatch {
        var batch = EdgeBatch(levels: generator.levels)
        batch.edges = generator.link(count)
        return batch
    }

    @Test mutating func whatIsOldIsForgottenAndNothingElse() throws {
        var history = EdgeHistory(
            span: .seconds(1), edgesMax: 1 << 20, start: .zero, levels: .rest)
        var all: [Edge] = []
        for _ in 0..<400 {
            let batch = batch(100)
            all += batch.edges
            history.append(batch)
            let now = try #require(all.last).time
            history.forget(at: now)
            let forgotten = Int(history.forgottenEdges)
            #expect(history.edgeCount == Int64(all.count))
            #expect(history.start <= max(.zero, now - .seconds(1)))
            if forgotten > 0 {
                #expect(all[forgotten - 1].time < history.start)
                #expect(all[forgotten].time >= history.start)
            }
        }
        // A second of the generator's edges is some three thousand, and runs have four thousand.
        #expect(history.forgottenEdges > Int64(all.count - 12_000))
    }

    @Test mutating func theNumberOfEdgesIsBoundedWhateverTheTime() {
        var history = EdgeHistory(
            span: .seconds(1_000_000), edgesMax: 20_000, start: .zero, levels: .rest)
        for number in 0..<300 {
            var batch = batch(1 + number % 400)
            if number % 7 == 0, let first = batch.edges.first {
                batch.gap = Gap(start: first.time, end: first.time, reason: .overflow)
            }
            history.append(batch)
            history.forget(at: batch.edges.last?.time ?? .zero)
            #expect(history.edgeCount - history.forgottenEdges <= 20_000)
        }
        #expect(history.forgottenEdges > 0)
        #expect(history.start > .zero)
    }

    @Test func gapsAreBoundedToo() {
        var history = EdgeHistory(
            span: .seconds(1_000_000), edgesMax: 1_000, start: .zero, levels: .rest)
        for number in 0..<10_000 {
            var batch = EdgeBatch()
            let time = Timestamp(nanoseconds: Int64(number))
            batch.gap = Gap(start: time, end: time, reason: .overflow)
            history.append(batch)
            history.forget(at: time)
        }
        #expect(history.start.nanoseconds >= 10_000 - 1_000 / Int64(EdgeHistory.gapCost) - 2)
    }
}
