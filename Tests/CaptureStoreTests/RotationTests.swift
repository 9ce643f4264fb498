import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct RotationTests {
    private let folder: TemporaryFolder
    private var generator = EdgeGenerator(seed: 3)

    init() throws { folder = try TemporaryFolder() }

    private mutating func batch(_ count: Int) -> EdgeBatch {
        var batch = EdgeBatch(levels: generator.levels)
        batch.edges = generator.link(count)
        return batch
    }

    private func plan(_ limits: RotationLimits) -> RecordingPlan {
        var metadata = CaptureMetadata()
        metadata.source = "a test"
        var plan = RecordingPlan(
            path: folder.file("a.syn"), metadata: metadata, channels: CaptureChannel.wires())
        plan.rotation = limits
        return plan
    }

    /// The span of a hundred edges of the generator is around 34 ms.
    private static let tenBatches = RotationLimits(timeMax: .milliseconds(340))

    /// All edges of the series after checks of each file.
    private func joined() throws -> (edges: [Edge], starts: [Int]) {
        var edges: [Edge] = []
        var starts: [Int] = []
        var levels = LevelSet.rest
        var end = Timestamp.zero
        for (index, name) in try folder.names.enumerated() {
            #expect(name == "a-000\(index + 1).syn")
            let capture = try Capture(opening: folder.file(name))
            #expect(capture.isFinished)
            #expect(capture.metadata.source == "a test")
            let extra = Dictionary(
                uniqueKeysWithValues: capture.metadata.extra.map { ($0.key, $0.value) })
            if index > 0 {
                #expect(extra["series_part"] == "\(index + 1)")
                #expect(extra["series_previous"] == "a-000\(index).syn")
                // One file ends where the next one begins.
                #expect(end == capture.metadata.observationStart)
            }
            var source = try capture.edges()
            let content = try Content(of: &source)
            #expect(capture.initialLevels == levels)
            #expect(capture.start >= capture.observationStart)
            starts.append(edges.count)
            for edge in content.edges {
                levels[edge.channel] = edge.level
                edges.append(edge)
            }
            end = capture.end
        }
        return (edges, starts)
    }

    @Test mutating func theNextFileBeginsWithTheNextSession() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        var all: [Edge] = []
        var expected = [0]
        for round in 0..<45 {
            var next = batch(100)
            let begins = round % 6 == 5
            let start = next.edges[40].time
            // The limit is reached in rounds 10 or so of each file.
            if begins, round == 11 || round == 23 || round == 35 { expected.append(all.count + 40) }
            all += next.edges
            try recorder.append(&next, cut: begins ? .session(at: start) : .idle)
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts == expected)
        #expect(recorder.status.progress.fileNumber == expected.count)
        #expect(recorder.status.progress.committedEdges == Int64(all.count))
    }

    @Test mutating func aSessionThatBeganBeforeTakesItsUncommittedEdgesAlong() throws {
        // A clock that stands still: nothing is committed before the file is complete.
        let recorder = try Recorder(plan(Self.tenBatches), clock: { 0 })
        var all: [Edge] = []
        for round in 0..<24 {
            var next = batch(100)
            let start = all.count >= 5 ? all[all.count - 5].time : .zero
            all += next.edges
            try recorder.append(&next, cut: round == 15 ? .session(at: start) : nil)
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts == [0, 1495])
    }

    @Test mutating func aCommittedEdgeStaysWhereItIs() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        var all: [Edge] = []
        for round in 0..<16 {
            var next = batch(100)
            let start = all.count >= 5 ? all[all.count - 5].time : .zero
            all += next.edges
            if round == 15 {
                while recorder.status.progress.committedEdges < 1500 { usleep(10_000) }
            }
            try recorder.append(&next, cut: round == 15 ? .session(at: start) : nil)
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts == [0, 1500])
    }

    @Test mutating func anIdleMomentWillDoAtTwiceTheLimit() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        var all: [Edge] = []
        var isOverdue: [Bool] = []
        for _ in 0..<50 {
            var next = batch(100)
            all += next.edges
            try recorder.append(&next, cut: .idle)
            while recorder.status.waitingEdges > 0 { usleep(1000) }
            usleep(1000)
            isOverdue.append(recorder.status.progress.isOverdue)
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts.count == 3)
        #expect(found.starts.allSatisfy { $0 % 100 == 0 })
        #expect((1800...2300).contains(found.starts[1]))
        #expect(!isOverdue[5] && isOverdue[15] && !isOverdue[25])
    }

    @Test mutating func anyMomentWillDoAtThreeTimesTheLimit() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        var all: [Edge] = []
        for _ in 0..<50 {
            var next = batch(100)
            all += next.edges
            try recorder.append(&next)
            // Else batches are joined.
            while recorder.status.waitingEdges > 0 { usleep(1000) }
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts.count == 2)
        #expect((2800...3300).contains(found.starts[1]))
    }

    @Test mutating func sizeIsALimitToo() throws {
        let recorder = try Recorder(plan(RotationLimits(bytesMax: 200_000)))
        var all: [Edge] = []
        // Sizes are known when there was a commit.
        for _ in 0..<12 {
            var next = batch(20_000)
            let start = next.edges[1].time
            all += next.edges
            try recorder.append(&next, cut: .session(at: start))
            usleep(450_000)
        }
        try recorder.finish(at: generator.time)
        let found = try joined()
        #expect(found.edges == all)
        #expect(found.starts.count > 1)
        for name in try folder.names.dropLast() {
            let size = try folder.bytes(name).count
            #expect((200_000..<300_000).contains(size), "\(name): \(size)")
        }
    }

    @Test mutating func recordsFollowTheirEdgesIntoTheNextFile() throws {
        let recorder = try Recorder(plan(Self.tenBatches), clock: { 0 })
        var count: Int64 = 0
        for round in 0..<16 {
            var next = batch(100)
            let record = JournalRecord(
                time: next.edges[60].time, edgesBefore: count + 60, kind: .note,
                payload: [UInt8(round)])
            let start = next.edges[40].time
            try recorder.append(
                &next, records: [record], cut: round == 15 ? .session(at: start) : nil)
            count += 100
        }
        try recorder.finish(at: generator.time)
        let first = try Capture(opening: folder.file("a-0001.syn")).records()
        let places: [Int64] = (0..<15).map { 100 * $0 + 60 }
        #expect(first.map(\.edgesBefore) == places)
        let second = try Capture(opening: folder.file("a-0002.syn")).records()
        #expect(second.map(\.payload) == [[15]])
        #expect(second.map(\.edgesBefore) == [20])
    }

    @Test mutating func aGapAfterARotationIsInItsFile() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        for round in 0..<16 {
            var next = batch(100)
            let start = next.edges[0].time
            try recorder.append(&next, cut: round == 12 ? .session(at: start) : nil)
        }
        let start = generator.time
        var next = batch(100)
        next.gap = Gap(start: start, end: next.edges[0].time, reason: .sequence)
        let edge = next.edges[0]
        try recorder.append(&next)
        try recorder.finish(at: generator.time)
        let capture = try Capture(opening: folder.file("a-0002.syn"))
        var source = try capture.edges()
        let content = try Content(of: &source)
        let gap = try #require(content.gaps.first)
        #expect(gap.gap.end == content.edges[gap.edgesBefore].time)
        #expect(gap.gap == Gap(start: start, end: edge.time, reason: .sequence))
    }

    @Test mutating func aSeriesOfThatNameIsNotMixedWithAnother() throws {
        _ = try folder.write("precious", to: "a-0007.syn")
        #expect(throws: CaptureError.fileExists(path: folder.file("a-0007.syn"))) {
            _ = try Recorder(plan(Self.tenBatches))
        }
        #expect(try folder.names == ["a-0007.syn"])
        var forced = plan(Self.tenBatches)
        forced.replacing = true
        let recorder = try Recorder(forced)
        var next = batch(100)
        try recorder.append(&next)
        try recorder.finish(at: .zero)
        #expect(try folder.names == ["a-0001.syn", "a-0007.syn"])
    }

    @Test mutating func aFileThatAppearsMeanwhileIsLeftAlone() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        _ = try folder.write("precious", to: "a-0002.syn")
        for round in 0..<13 {
            var next = batch(100)
            let start = next.edges[0].time
            try recorder.append(&next, cut: round == 12 ? .session(at: start) : nil)
        }
        try recorder.finish(at: generator.time)
        #expect(try folder.names == ["a-0001.syn", "a-0002.syn", "a-0003.syn"])
        #expect(try folder.bytes("a-0002.syn") == Array("precious".utf8))
        #expect(try Capture(opening: folder.file("a-0003.syn")).edgeCount == 100)
    }

    @Test mutating func anErrorInTheSecondFileNamesTheFirst() throws {
        let recorder = try Recorder(plan(Self.tenBatches))
        for round in 0..<13 {
            var next = batch(100)
            let start = next.edges[0].time
            try recorder.append(&next, cut: round == 12 ? .session(at: start) : nil)
        }
        while recorder.status.progress.committedEdges < 1300 { usleep(10_000) }
        unlink(folder.file("a-0002.syn"))
        var failure: RecordingError?
        for _ in 0..<200 where failure == nil {
            do { try recorder.check() } catch { failure = error }
            usleep(10_000)
        }
        let error = try #require(failure)
        #expect(error.saved.completeFiles == 1)
        #expect(error.saved.firstFile == folder.file("a-0001.syn"))
        #expect(error.description.contains("1 complete file, from \(folder.file("a-0001.syn")) on"))
        #expect(try Capture(opening: folder.file("a-0001.syn")).isFinished)
    }
}
