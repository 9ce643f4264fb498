import CaptureStore
import Foundation
import Signals
import Synchronization
import Testing

@Suite struct RecorderTests {
    private let folder: TemporaryFolder
    private var generator = EdgeGenerator(seed: 1)

    init() throws { folder = try TemporaryFolder() }

    private mutating func batch(_ count: Int) -> EdgeBatch {
        var batch = EdgeBatch(levels: generator.levels)
        batch.edges = generator.link(count)
        return batch
    }

    private func plan(_ name: String = "a.syn") -> RecordingPlan {
        RecordingPlan(
            path: folder.file(name), metadata: CaptureMetadata(),
            channels: CaptureChannel.wires())
    }

    private func content(_ name: String) throws -> Content {
        var source = try Capture(opening: folder.file(name)).edges()
        return try Content(of: &source)
    }

    @Test mutating func whatIsHandedOverIsInTheFile() throws {
        let recorder = try Recorder(plan())
        var expected = Content()
        var random = SeededRandom(seed: 2)
        for round in 0..<300 {
            var next = batch(Int.random(in: 0...300, using: &random))
            if round % 50 == 20 {
                let gap = Gap(start: generator.time, end: generator.time, reason: .sequence)
                next.gap = gap
                // A gap lies before its batch.
                next.edges = []
                next.levels = generator.levels
                expected.gaps.append(
                    .init(edgesBefore: expected.edges.count, gap: gap, levels: next.levels))
                next.edges = generator.link(10)
            } else if next.edges.isEmpty {
                next.levels = generator.levels
            }
            expected.edges += next.edges
            try recorder.append(&next)
            #expect(next.edges.isEmpty && next.gap == nil)
        }
        try recorder.finish(at: generator.time + .seconds(1))
        #expect(try content("a.syn") == expected)
        let capture = try Capture(opening: folder.file("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.end == generator.time + .seconds(1))
        #expect(recorder.status.acceptedEdges == capture.edgeCount)
        #expect(recorder.status.progress.committedEdges == capture.edgeCount)
        #expect(recorder.status.lostEdges == 0)
        #expect(try folder.names == ["a.syn"])
    }

    @Test mutating func recordsKeepTheirPlacesAmongTheEdges() throws {
        let recorder = try Recorder(plan())
        var records: [JournalRecord] = []
        for _ in 0..<5 {
            var next = batch(100)
            let before = generator.time
            let record = JournalRecord(
                time: before, edgesBefore: Int64(100 * records.count + 37), kind: .note,
                payload: [UInt8(records.count)])
            records.append(record)
            try recorder.append(&next, records: [record])
        }
        try recorder.finish(at: .zero)
        #expect(try Capture(opening: folder.file("a.syn")).records() == records)
    }

    @Test mutating func aQuietLinkIsCommittedByTheClock() throws {
        let recorder = try Recorder(plan())
        var next = batch(100)
        try recorder.append(&next)
        usleep(900_000)
        #expect(try Capture(opening: folder.file("a.syn")).edgeCount == 100)
        #expect(recorder.status.progress.committedEdges == 100)
        try recorder.finish(at: .zero)
    }

    @Test mutating func aDroppedRecorderLeavesWhatWasCommitted() throws {
        do {
            let recorder = try Recorder(plan())
            var next = batch(100)
            try recorder.append(&next)
            while recorder.status.progress.committedEdges < 100 { usleep(10_000) }
        }
        let capture = try Capture(opening: folder.file("a.syn"))
        #expect(capture.edgeCount == 100)
        #expect(!capture.isFinished)
    }

    /// A clock by which every commit is due.
    private final class Haste: Sendable {
        private let seconds = Atomic<UInt64>(0)

        @Sendable func look() -> UInt64 {
            seconds.wrappingAdd(1, ordering: .relaxed).newValue * 1_000_000_000
        }
    }

    @Test mutating func whatIsCommittedHasTheRecordsOfItsEdges() throws {
        let recorder = try Recorder(plan(), clock: Haste().look)
        var next = batch(100)
        let record = JournalRecord(
            time: generator.time, edgesBefore: 50, kind: .note, payload: [1])
        try recorder.append(&next, records: [record])
        while recorder.status.progress.committedEdges < 100 { usleep(100) }
        // As a killed process would leave it.
        #expect(try Capture(opening: folder.file("a.syn")).records() == [record])
        try recorder.finish(at: .zero)
    }

    // MARK: A slow disk

    /// A clock that the writer's thread has to wait for, as for a disk that takes its time.
    private final class Gate: Sendable {
        private let isOpen = Atomic<Bool>(true)
        private let isWaitedAt = Atomic<Bool>(false)

        /// Closes, and returns when the writer's thread stands in front of it.
        func close() {
            isWaitedAt.store(false, ordering: .relaxed)
            isOpen.store(false, ordering: .relaxed)
            while !isWaitedAt.load(ordering: .relaxed) { usleep(1000) }
        }
        func open() { isOpen.store(true, ordering: .relaxed) }
        @Sendable func pass() -> UInt64 {
            while !isOpen.load(ordering: .relaxed) {
                isWaitedAt.store(true, ordering: .relaxed)
                usleep(1000)
            }
            return 0
        }
    }

    @Test mutating func whatASlowDiskCannotTakeIsCountedAndBecomesAGap() throws {
        let gate = Gate()
        var plan = plan()
        plan.overflow = .lose
        plan.waitingEdgesMax = 1000
        let recorder = try Recorder(plan, clock: gate.pass)
        var all: [Edge] = []
        func hand(_ next: EdgeBatch) throws {
            var next = next
            all += next.edges
            try recorder.append(&next)
        }
        try hand(batch(100))
        gate.close()
        // The writer holds what it has taken, and a thousand edges wait.
        for _ in 0..<50 { try hand(batch(100)) }
        let lost = recorder.status.lostEdges
        #expect(lost >= 3500)
        gate.open()
        while recorder.status.waitingEdges > 0 { usleep(1000) }
        try hand(batch(100))
        try recorder.finish(at: generator.time)
        let stored = try content("a.syn")
        #expect(stored.edges.count + Int(lost) == all.count)
        #expect(stored.edges.last == all.last)
        let gap = try #require(stored.gaps.first)
        #expect(stored.gaps.count == 1)
        #expect(gap.gap.reason == .overflow)
        // Nothing is missing outside of the gap, and everything inside.
        #expect(Array(stored.edges[..<gap.edgesBefore]) == Array(all[..<gap.edgesBefore]))
        #expect(gap.gap.start == stored.edges[gap.edgesBefore - 1].time)
        #expect(gap.gap.end == stored.edges[gap.edgesBefore].time)
    }

    @Test mutating func aLossAtTheEndIsAGapUpToTheEnd() throws {
        let gate = Gate()
        var plan = plan()
        plan.overflow = .lose
        plan.waitingEdgesMax = 100
        let recorder = try Recorder(plan, clock: gate.pass)
        gate.close()
        for _ in 0..<20 {
            var next = batch(100)
            try recorder.append(&next)
        }
        #expect(recorder.status.lostEdges > 0)
        Thread.detachNewThread {
            usleep(100_000)
            gate.open()
        }
        let end = generator.time + .seconds(1)
        try recorder.finish(at: end)
        let stored = try content("a.syn")
        #expect(stored.gaps.map(\.gap.reason) == [.overflow])
        #expect(stored.gaps.first?.gap.end == end)
        #expect(stored.edges.count + Int(recorder.status.lostEdges) == 2000)
    }

    @Test mutating func aPatientSourceLosesNothing() throws {
        let gate = Gate()
        var plan = plan()
        plan.waitingEdgesMax = 1000
        let recorder = try Recorder(plan, clock: gate.pass)
        gate.close()
        Thread.detachNewThread {
            usleep(200_000)
            gate.open()
        }
        var all: [Edge] = []
        for _ in 0..<100 {
            var next = batch(100)
            all += next.edges
            try recorder.append(&next)
            #expect(recorder.status.waitingEdges <= 1000)
        }
        try recorder.finish(at: .zero)
        #expect(try content("a.syn").edges == all)
        #expect(recorder.status.lostEdges == 0)
    }

    // MARK: Files that vanish

    /// Hands over edges until the recorder fails.
    private mutating func failure(of recorder: Recorder) throws -> RecordingError? {
        for _ in 0..<200 {
            var next = batch(10)
            do {
                try recorder.append(&next)
            } catch {
                return error
            }
            usleep(10_000)
        }
        return nil
    }

    @Test mutating func aDeletedFileEndsTheRecordingAtOnce() throws {
        let recorder = try Recorder(plan())
        var next = batch(100)
        try recorder.append(&next)
        while recorder.status.progress.committedEdges < 100 { usleep(10_000) }
        unlink(folder.file("a.syn"))
        let error = try #require(try failure(of: recorder))
        #expect(error.cause == .vanished(path: folder.file("a.syn"), movedTo: nil))
        #expect(error.saved.path == nil)
        #expect(error.description.contains("deleted while it was being recorded"))
        #expect(error.description.contains("Nothing is saved"))
        #expect(throws: error) { try recorder.finish(at: .zero) }
    }

    @Test mutating func anotherFileInItsPlaceIsNoticed() throws {
        let recorder = try Recorder(plan())
        unlink(folder.file("a.syn"))
        _ = try folder.write("precious", to: "a.syn")
        let error = try #require(try failure(of: recorder))
        #expect(error.cause == .vanished(path: folder.file("a.syn"), movedTo: nil))
        #expect(try folder.bytes("a.syn") == Array("precious".utf8))
    }

    @Test(arguments: [true, false])
    mutating func aMovedFileHoldsEverythingUpToTheMove(withItsFolder: Bool) throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("here"), withIntermediateDirectories: false)
        let recorder = try Recorder(plan("here/a.syn"))
        var next = batch(100)
        try recorder.append(&next)
        while recorder.status.progress.committedEdges < 100 { usleep(10_000) }
        let target = withItsFolder ? "there/a.syn" : "b.syn"
        if withItsFolder {
            rename(folder.file("here"), folder.file("there"))
        } else {
            rename(folder.file("here/a.syn"), folder.file("b.syn"))
        }
        let error = try #require(try failure(of: recorder))
        guard case .vanished(folder.file("here/a.syn"), let moved?) = error.cause else {
            Issue.record("\(error)")
            return
        }
        #expect(moved.hasSuffix(target))
        #expect(error.saved.path == moved)
        let capture = try Capture(opening: folder.file(target))
        #expect(capture.edgeCount == error.saved.edgeCount)
        #expect(capture.edgeCount >= 100)
        #expect(try content(target).edges.last?.time == error.saved.end)
    }
}
