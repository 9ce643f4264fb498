import CaptureStore
import Foundation
import Signals
import Simulation
import Testing

/// The captures of simulated worlds: one for each fault, and each can be made again from nothing but
/// its own description.
@Suite struct SimulatedCaptureTests {
    /// A capture in a folder of sources is small.
    private static let byteCountMax = 150_000

    @Test func everyFaultHasACapture() {
        #expect(CaptureFolder.simulated.sorted() == Fault.names.sorted())
    }

    @Test(arguments: CaptureFolder.simulated)
    func conversationIsAsExpected(name: String) throws {
        let outcome = try run(["decode", "\(name).syn"])
        try Expectation.check(outcome.output, against: "simulated/\(name).decode.txt")
    }

    @Test(arguments: CaptureFolder.simulated)
    func bothEndsReplayExactly(name: String) throws {
        let outcome = try run(["replay", "\(name).syn"])
        try Expectation.check(outcome.output, against: "simulated/\(name).replay.txt")
        #expect(outcome.output.contains("replay host    identical (exact"))
        #expect(outcome.output.contains("replay bridge  identical (exact"))
    }

    @Test(arguments: CaptureFolder.simulated)
    func captureIsSmall(name: String) throws {
        let file = CaptureFolder.url.appending(path: "simulated/\(name).syn")
        let size = try #require(try file.resourceValues(forKeys: [.fileSizeKey]).fileSize)
        #expect(size < Self.byteCountMax)
    }

    /// A capture says by which command it was made; the command makes it again.
    @Test(arguments: CaptureFolder.simulated)
    func theSameCommandMakesTheSameCapture(name: String) throws {
        let scratch = try ScratchFolder()
        let path = CaptureFolder.path("simulated/\(name).syn")
        let source = try #require(try Capture(opening: path).metadata.source)
        let command = "simulation: synscope "
        try #require(source.hasPrefix(command))
        let words = source.dropFirst(command.count).split(separator: " ").map(String.init)
        #expect(words.joined(separator: " ").contains("--fault \(name)"))
        let made = try Command.synscope(words + ["-o", scratch.path("again.syn")], in: scratch.url)
        #expect(made.status == 0, "\(made.complaint)")
        #expect(made.output.hasSuffix("nothing is stuck\n"))

        let (before, after) = (
            try Capture(opening: path), try Capture(opening: scratch.path("again.syn"))
        )
        #expect(try Edges.all(of: path) == Edges.all(of: after.path))
        #expect(try Self.records(of: before) == Self.records(of: after))
        #expect(before.end == after.end)
        // The configurations of both machines.
        #expect(before.metadata.extra.map(\.key) == after.metadata.extra.map(\.key))
        #expect(before.metadata.extra.map(\.value) == after.metadata.extra.map(\.value))
    }

    private static func records(of capture: Capture) throws -> [JournalRecord] {
        var source = capture.recordSource()
        var records: [JournalRecord] = []
        while let record = try source.next() { records.append(record) }
        #expect(records.count > 100)
        return records
    }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        let outcome = try Command.synscope(
            arguments, in: CaptureFolder.url.appending(path: "simulated"))
        #expect(outcome.status == 0)
        #expect(outcome.complaint == "")
        return outcome
    }
}
