import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct ReadAheadTests {
    private struct Broken: Error, Equatable {}

    /// Batches of one edge each, with a gap now and then, and perhaps a failure at the end.
    private struct Counting: EdgeSource {
        var count: Int
        var fails = false
        var next = 0

        mutating func read(into batch: inout EdgeBatch) throws(Broken) -> Bool {
            guard next < count else {
                if fails { throw Broken() }
                return false
            }
            batch.gap = nil
            batch.levels = next % 2 == 0 ? .rest : .rest.toggled(.stx)
            let time = Timestamp(nanoseconds: Int64(next))
            if next % 7 == 0 { batch.gap = Gap(start: time, end: time, reason: .sequence) }
            batch.edges = [
                Edge(time: time, channel: .stx, level: next % 2 == 0 ? .high : .low)
            ]
            next += 1
            return true
        }
    }

    private func read<Source: EdgeSource>(
        _ source: inout Source
    ) -> (batches: [EdgeBatch], failure: Source.Failure?) {
        var batches: [EdgeBatch] = []
        var batch = EdgeBatch()
        do throws(Source.Failure) {
            while try source.read(into: &batch) { batches.append(batch) }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1_000])
    func theBatchesAreThoseOfTheSource(count: Int) {
        var plain = Counting(count: count)
        var ahead = ReadAheadSource(Counting(count: count))
        let expected = read(&plain).batches
        let found = read(&ahead).batches
        #expect(found.map(\.edges) == expected.map(\.edges))
        #expect(found.map(\.gap) == expected.map(\.gap))
        #expect(found.map(\.levels) == expected.map(\.levels))
        #expect(ahead.edgeCount == Int64(count))
        #expect(read(&ahead).batches.isEmpty, "the end stays the end")
    }

    @Test(arguments: [0, 1, 16, 100])
    func whatWasReadBeforeAFailureComesFirst(count: Int) {
        var ahead = ReadAheadSource(Counting(count: count, fails: true))
        let (batches, failure) = read(&ahead)
        #expect(batches.count == count)
        #expect(failure == Broken())
        #expect(read(&ahead).failure == Broken(), "a failure stays")
    }

    @Test func whoLosesInterestLeavesNoThreadBehind() throws {
        for _ in 0..<200 {
            var ahead = ReadAheadSource(Counting(count: .max))
            var batch = EdgeBatch()
            #expect(try ahead.read(into: &batch))
        }
        let deadline = Date().addingTimeInterval(20)
        func threads() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        }
        while try threads() > 100, Date() < deadline { usleep(10_000) }
        #expect(try threads() <= 100)
    }
}

extension LevelSet {
    fileprivate func toggled(_ channel: Channel) -> LevelSet {
        var levels = self
        levels.toggle(channel)
        return levels
    }
}
