#if Sigrok
import Foundation
import Signals
import Testing

@testable import SigrokTransport

/// Session files: what is written is read again, and what is malformed is refused.
@Suite final class SigrokFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "synscope-sigrok-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let channels = [
        SigrokFileWriter.FileChannel(.reset, name: "reset"),
        SigrokFileWriter.FileChannel(.stx, name: "stx"),
    ]

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func edge(_ time: Int64, _ channel: Channel, _ level: Level) -> Edge {
        Edge(time: Timestamp(nanoseconds: time), channel: channel, level: level)
    }

    private func read(_ path: String) throws -> (levels: LevelSet, edges: [Edge], end: Timestamp) {
        let file = try SigrokFile(path: path)
        var source = try SigrokFileSource(
            file,
            wires: [
                SigrokWire(.reset, signal: "reset"), SigrokWire(.stx, signal: "stx"),
            ])
        var batch = EdgeBatch()
        var edges: [Edge] = []
        while try source.read(into: &batch) { edges += batch.edges }
        return (source.initialLevels, edges, source.end)
    }

    @Test(arguments: [1_000, 1_000_000, 24_000_000] as [UInt64])
    func whatIsWrittenIsReadAgain(rate: UInt64) throws {
        let clock = try #require(SampleClock(rate: rate))
        // A pattern across the border between two packets.
        var edges: [Edge] = []
        var levels = LevelSet.rest
        for place in 0..<200 as Range<UInt64> {
            let sample = 1 + place * 45_000 + place % 7
            let channel = place % 3 == 0 ? Channel.reset : .stx
            levels.toggle(channel)
            edges.append(
                Edge(time: clock.time(of: sample), channel: channel, level: levels[channel]))
        }
        let writer = try SigrokFileWriter(
            path: path("a.sr"), channels: Self.channels, levels: .rest, start: .zero,
            clock: clock)
        var batch = EdgeBatch()
        batch.edges = edges
        try writer.append(batch)
        let end = clock.time(of: 9_500_000)
        try writer.finish(at: end)
        #expect(writer.mergedEdges == 0)
        #expect(writer.sampleCount == 9_500_000)
        let file = try SigrokFile(path: path("a.sr"))
        #expect(file.sampleRate == rate)
        #expect(file.channelNames == ["reset", "stx"])
        #expect(file.sampleCount == 9_500_000)
        let found = try read(path("a.sr"))
        #expect(found.levels == .rest)
        #expect(found.edges == edges)
        #expect(found.end == end)
    }

    @Test func edgesOfOneSampleMergeAndAreCounted() throws {
        let clock = try #require(SampleClock(rate: 1_000_000))
        let writer = try SigrokFileWriter(
            path: path("a.sr"), channels: Self.channels, levels: .rest, start: .zero,
            clock: clock)
        var batch = EdgeBatch()
        batch.edges = [
            edge(1_500, .stx, .high), edge(2_100, .reset, .low), edge(2_200, .stx, .low),
            edge(2_900, .stx, .high), edge(5_000, .reset, .high),
        ]
        try writer.append(batch)
        try writer.finish(at: Timestamp(nanoseconds: 5_000))
        #expect(writer.mergedEdges == 2)
        let found = try read(path("a.sr"))
        #expect(
            found.edges == [
                edge(2_000, .stx, .high), edge(3_000, .reset, .low),
                edge(5_000, .reset, .high),
            ])
    }

    @Test func whatAGapChangesIsNoEdge() throws {
        let clock = try #require(SampleClock(rate: 1_000_000))
        let writer = try SigrokFileWriter(
            path: path("a.sr"), channels: Self.channels, levels: .rest, start: .zero,
            clock: clock)
        var first = EdgeBatch()
        first.edges = [edge(1_500, .stx, .high), edge(1_600, .stx, .low), edge(2_500, .stx, .high)]
        try writer.append(first)
        // Both wires move in the gap; one edge behind it is in a sample with that.
        var levels = LevelSet.rest
        levels.toggle(.reset)
        var second = EdgeBatch(levels: levels)
        second.gap = Gap(
            start: Timestamp(nanoseconds: 2_500), end: Timestamp(nanoseconds: 8_000),
            reason: .overflow)
        second.edges = [edge(8_000, .stx, .high), edge(10_000, .reset, levels[.reset].toggled)]
        try writer.append(second)
        try writer.finish(at: Timestamp(nanoseconds: 12_000))
        // The first two cancel each other, and the gap hides the one behind it.
        #expect(writer.mergedEdges == 3)
        #expect(writer.changes == 2)
    }

    @Test func tooManySamplesAreRefusedBeforehand() throws {
        let clock = try #require(SampleClock(rate: 1_000_000))
        let day = Timestamp(nanoseconds: 86_400_000_000_000)
        #expect(throws: SigrokError.self) {
            _ = try SigrokFileWriter.sampleCount(from: .zero, to: day, clock: clock)
        }
        let hour = Timestamp(nanoseconds: 3_600_000_000_000)
        #expect(
            try SigrokFileWriter.sampleCount(from: .zero, to: hour, clock: clock)
                == 3_600_000_000)
    }

    // MARK: Malformed files

    @Test func quotedTextIsShort() {
        #expect("logic-2".quoted == "`logic-2`")
        let long = String(repeating: "x", count: 10_000)
        #expect(long.quoted == "`\(String(repeating: "x", count: 60))…`")
    }

    private func whole() throws -> [UInt8] {
        let clock = try #require(SampleClock(rate: 1_000_000))
        let writer = try SigrokFileWriter(
            path: path("whole.sr"), channels: Self.channels, levels: .rest, start: .zero,
            clock: clock)
        var batch = EdgeBatch()
        var levels = LevelSet.rest
        for number in 1..<500 as Range<Int64> {
            levels.toggle(.stx)
            batch.edges.append(edge(number * number * 1_000, .stx, levels[.stx]))
        }
        try writer.append(batch)
        try writer.finish(at: Timestamp(nanoseconds: 260_000_000))
        return Array(try Data(contentsOf: URL(fileURLWithPath: path("whole.sr"))))
    }

    private func readAll(_ bytes: [UInt8]) throws -> [Edge] {
        try Data(bytes).write(to: URL(fileURLWithPath: path("t.sr")))
        return try read(path("t.sr")).edges
    }

    @Test func everyCutIsToldAndNothingElseIsRead() throws {
        let bytes = try whole()
        let edges = try readAll(bytes)
        #expect(edges.count == 499)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: SigrokError.self, "\(length) bytes") {
                _ = try readAll(Array(bytes[..<length]))
            }
        }
    }

    @Test func noDamagedByteGivesOtherEdges() throws {
        let bytes = try whole()
        let edges = try readAll(bytes)
        for place in stride(from: 0, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
            do {
                #expect(try readAll(damaged) == edges, "byte \(place)")
            } catch let error as SigrokError {
                #expect(error.description.hasPrefix(path("t.sr")), "byte \(place)")
            }
        }
    }
}
#endif
