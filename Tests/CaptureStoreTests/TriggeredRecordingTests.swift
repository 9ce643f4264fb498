import CaptureStore
import Foundation
import Signals
import Testing

@Suite struct TriggeredRecordingTests {
    private let folder: TemporaryFolder
    private let edges: [Edge]

    init() throws {
        folder = try TemporaryFolder()
        var generator = EdgeGenerator(seed: 5)
        edges = generator.link(20_000)
    }

    private func plan(
        before: Nanoseconds = .milliseconds(300), after: Nanoseconds = .milliseconds(500),
        filesMax: Int? = 1
    ) -> TriggerPlan {
        let files = RecordingPlan(
            path: folder.file("a.syn"), metadata: CaptureMetadata(),
            channels: CaptureChannel.wires())
        var plan = TriggerPlan(files: files, before: before, after: after)
        plan.filesMax = filesMax
        return plan
    }

    private func recording(_ plan: TriggerPlan) -> TriggeredRecording {
        TriggeredRecording(plan) { _, _ in RecordingFacts(secrets: .notSeen) }
    }

    /// Feeds all edges in pieces, and fires at moments as soon as they have passed.
    private func record(
        _ plan: TriggerPlan, firing moments: [Timestamp], pieces: Int = 100, delay: Int = 0
    ) throws -> [TriggeredFile] {
        var recording = recording(plan)
        var files: [TriggeredFile] = []
        var levels = LevelSet.rest
        var open = moments[...]
        for start in stride(from: 0, to: edges.count, by: pieces) {
            var batch = EdgeBatch(levels: levels)
            batch.edges = Array(edges[start..<min(start + pieces, edges.count)])
            for edge in batch.edges { levels[edge.channel] = edge.level }
            recording.append(batch)
            let known = edges[max(0, min(start + pieces, edges.count) - 1 - delay)].time
            while let moment = open.first, moment <= known {
                try recording.fire("a trigger", at: moment)
                open.removeFirst()
            }
            try recording.advance(to: known)
            files += recording.takeFiles()
        }
        try recording.finish(at: try #require(edges.last).time)
        return files + recording.takeFiles()
    }

    /// What a file around a moment must hold.
    private func expected(around moment: Timestamp, _ plan: TriggerPlan) -> [Edge] {
        edges.filter { $0.time >= moment - plan.before && $0.time <= moment + plan.after }
            .map {
                Edge(
                    time: Timestamp(nanoseconds: ($0.time - moment).count), channel: $0.channel,
                    level: $0.level)
            }
    }

    private func content(_ name: String) throws -> (capture: Capture, content: Content) {
        let capture = try Capture(opening: folder.file(name))
        var source = try capture.edges()
        return (capture, try Content(of: &source))
    }

    @Test(arguments: [1, 7, 100, 5_000, 20_000])
    func aFileHoldsExactlyWhatLiesAroundItsTrigger(pieces: Int) throws {
        let plan = plan()
        let moment = edges[10_000].time
        let files = try record(plan, firing: [moment], pieces: pieces)
        try #require(files.count == 1)
        #expect(files[0].shortened == nil && files[0].furtherTriggers == 0)
        let (capture, content) = try content("a.syn")
        #expect(content.edges == expected(around: moment, plan))
        #expect(content.edges.contains { $0.time == .zero })
        #expect(capture.isFinished)
        #expect(capture.observationStart == Timestamp.zero - plan.before)
        #expect(capture.end == Timestamp.zero + plan.after)
        #expect(capture.metadata.secrets == .notSeen)
        let extra = capture.metadata.extra.map { "\($0.key)=\($0.value)" }
        #expect(
            extra == [
                "trigger=a trigger", "trigger_ns=\(moment.nanoseconds)", "trigger_number=1",
            ])
        let records = try capture.records()
        #expect(records.map(\.kind) == [.marker])
        #expect(records.first?.time == .zero)
        #expect(
            records.first?.edgesBefore
                == Int64(content.edges.count { $0.time <= .zero }))
        // Levels and edges fit: the writer would have refused them otherwise.
        #expect(content.edges.first.map { capture.initialLevels[$0.channel] != $0.level } == true)
    }

    @Test func aTriggerThatBecomesKnownLateHasItsPastAllTheSame() throws {
        let plan = plan()
        let moment = edges[10_000].time
        let files = try record(plan, firing: [moment], delay: 3_000)
        #expect(files.count == 1)
        #expect(try content("a.syn").content.edges == expected(around: moment, plan))
    }

    @Test func eachTriggerHasAFileAndThoseInItAreCounted() throws {
        let plan = plan(filesMax: nil)
        let moments = [2_000, 2_001, 2_500, 9_000, 15_000].map { edges[$0].time }
        let files = try record(plan, firing: moments)
        let begun = [moments[0], moments[3], moments[4]]
        #expect(files.map(\.time) == begun)
        #expect(files.map(\.furtherTriggers) == [2, 0, 0])
        #expect(try folder.names == ["a-0001.syn", "a-0002.syn", "a-0003.syn"])
        for (index, moment) in begun.enumerated() {
            let (capture, content) = try content("a-000\(index + 1).syn")
            #expect(content.edges == expected(around: moment, plan))
            let markers = try capture.records()
            #expect(markers.count == 1 + files[index].furtherTriggers)
            #expect(markers.map(\.edgesBefore) == markers.map(\.edgesBefore).sorted())
        }
    }

    @Test func itEndsAfterSoManyFiles() throws {
        let files = try record(
            plan(filesMax: 2), firing: [2_000, 9_000, 15_000].map { edges[$0].time })
        #expect(files.count == 2)
        #expect(try folder.names == ["a-0001.syn", "a-0002.syn"])
    }

    @Test func aTriggerAtTheBeginningSaysThatItsPastIsShort() throws {
        let plan = plan()
        let files = try record(plan, firing: [edges[3].time])
        #expect(files.map(\.shortened) == [.recordingBegan])
        let (capture, content) = try content("a.syn")
        #expect(content.edges == expected(around: edges[3].time, plan))
        #expect(capture.observationStart == Timestamp(nanoseconds: -edges[3].time.nanoseconds))
    }

    @Test func tooManyEdgesShortenThePastAndAreTold() throws {
        var plan = plan(before: .seconds(3))
        plan.keptEdgesMax = 5_000
        let moment = edges[15_000].time
        let files = try record(plan, firing: [moment])
        #expect(files.map(\.shortened) == [.tooManyEdges])
        let (capture, content) = try content("a.syn")
        let start = capture.observationStart
        #expect(start > Timestamp.zero - .seconds(3) && start < .zero)
        #expect(content.edges == expected(around: moment, plan).filter { $0.time >= start })
        #expect(capture.metadata.extra.contains { $0.key == "trigger_shortened" })
    }

    @Test func aGapInTheWindowIsThere() throws {
        let plan = plan()
        var recording = recording(plan)
        var first = EdgeBatch()
        first.edges = Array(edges[..<1_000])
        recording.append(first)
        var levels = LevelSet.rest
        for edge in edges[..<1_100] { levels[edge.channel] = edge.level }
        var second = EdgeBatch(levels: levels)
        second.edges = Array(edges[1_100..<9_000])
        second.gap = Gap(
            start: edges[999].time, end: edges[1_100].time, reason: .overflow)
        recording.append(second)
        let moment = edges[1_105].time
        try recording.fire("x", at: moment)
        try recording.advance(to: edges[8_999].time)
        let (capture, content) = try content("a.syn")
        let kept = expected(around: moment, plan).filter { edge in
            let time = edge.time + (moment - Timestamp.zero)
            return time <= edges[999].time || time >= edges[1_100].time
        }
        #expect(content.edges == kept)
        #expect(capture.gaps.map(\.start) == [edges[999].time - (moment - Timestamp.zero)])
    }

    @Test func noFileIsMadeAndNoPlaceIsLeftInDoubt() throws {
        try plan().checkPlace()
        #expect(try folder.names == [])
        _ = try folder.write("x", to: "a.syn")
        #expect(throws: CaptureError.self) { try plan().checkPlace() }
        try plan(filesMax: nil).checkPlace()
        _ = try folder.write("x", to: "a-0003.syn")
        #expect(throws: CaptureError.self) { try plan(filesMax: nil).checkPlace() }
        var nowhere = plan()
        nowhere.files.path = folder.file("none/a.syn")
        #expect(throws: CaptureError.self) { try nowhere.checkPlace() }
    }

    @Test func aWriterIsSeenUntilItEnds() throws {
        let recorder = try Recorder(plan().files)
        let probe = try WriterProbe(folder.file("a.syn"))
        #expect(probe.hasWriter)
        try recorder.finish(at: .zero)
        #expect(!probe.hasWriter)
    }

    @Test func whatIsBeingRecordedIsNotReplaced() throws {
        var files = plan().files
        let recorder = try Recorder(files)
        files.replacing = true
        let path = files.path
        let refused = CaptureError.beingRecorded(path: path, process: getpid())
        #expect(throws: refused) { try Recorder(files) }
        #expect(throws: refused) {
            try CaptureWriter(
                creating: path, metadata: files.metadata, channels: files.channels,
                replacing: true)
        }
        #expect("\(refused)".contains("kill -INT \(getpid())"))
        try recorder.finish(at: .zero)
        #expect(try Capture(opening: path).isFinished)
        try Recorder(files).finish(at: .zero)
    }
}
