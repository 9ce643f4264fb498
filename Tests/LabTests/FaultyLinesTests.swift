import Foundation
import Signals
import Testing

@testable import synscope_lab

@Suite struct FaultyLinesTests {
    private let stx = RecordedLine("host:stx")
    private let sckout = RecordedLine("host:sckout")
    private let log: FaultLog
    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("lab-\(UUID().uuidString).jsonl").path

    init() throws { log = try FaultLog(path: path, keepsUsual: true) }

    /// Toggles these lines, 0 for stx and 1 for sckout, and returns the kinds that were logged.
    private func toggle(
        _ wires: [Int], losing numbers: [ClosedRange<Int>] = [],
        manner: FaultyLines<RecordedLine>.Manner = .held, glitchEvery: Int? = nil, width: Int64 = 0
    ) throws -> [String] {
        var lines = FaultyLines(
            outputs: [stx, sckout], levels: [.low, .low],
            plan: FaultPlan(losses: .numbers(numbers), glitchEvery: glitchEvery), manner: manner,
            glitchWidthNanoseconds: width, log: log, clock: CountingClock())
        var levels = [Level.low, .low]
        for wire in wires {
            levels[wire] = levels[wire].toggled
            try lines.pass(line: wire, to: levels[wire])
        }
        try log.flush()
        defer { unlink(path) }
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            return "\(object?["edge"] ?? "?") \(object?["what"] ?? "?")"
        }
    }

    @Test func everyEdgeMovesItsLine() throws {
        let told = try toggle([0, 1, 0, 1])
        #expect(stx.moves == [.event(.high), .event(.low)])
        #expect(sckout.moves == [.event(.high), .event(.low)])
        #expect(told == ["1 passed", "2 passed", "3 passed", "4 passed"])
    }

    @Test func onlyLinesThatAreElsewhereMoveToTheFirstLevels() throws {
        var lines = FaultyLines(
            outputs: [stx, sckout], levels: [.high, .low], plan: FaultPlan(losses: .every(1)),
            log: log, clock: CountingClock())
        try lines.begin(at: [.high, .high])
        #expect(stx.moves.isEmpty)
        #expect(sckout.moves == [.event(.high)])
        #expect(log.counts == [.initial: 1])
        #expect(lines.edgeCount == 0)
    }

    // Source  _-_-
    // Target  ___-   the kernel sees neither the lost edge nor the next one
    @Test func aHeldEdgeSwallowsTheNextOneOfItsLine() throws {
        let told = try toggle([0, 1, 0, 0], losing: [1...1])
        #expect(stx.moves == [.event(.high)])
        #expect(told == ["1 held", "2 passed", "3 swallowed", "4 passed"])
        #expect(log.counts == [.held: 1, .swallowed: 1, .passed: 2])
    }

    @Test func aPairThatIsHeldLeavesTheLineWhereItWas() throws {
        let told = try toggle([0, 0, 0], losing: [1...2])
        #expect(stx.moves == [.event(.high)])
        #expect(told == ["1 held", "2 held", "3 passed"])
    }

    @Test func aSilentEdgeMovesTheLineWithoutAnEvent() throws {
        let told = try toggle([0, 0, 0], losing: [2...2], manner: .silent)
        #expect(stx.moves == [.event(.high), .silent(.low), .event(.high)])
        #expect(told == ["1 passed", "2 silent", "3 passed"])
    }

    @Test func aGlitchIsAPulseBehindAnEdge() throws {
        let told = try toggle([0, 1], glitchEvery: 2, width: 500)
        #expect(stx.moves == [.event(.high)])
        #expect(sckout.moves == [.event(.high), .event(.low), .event(.high)])
        #expect(told == ["1 passed", "2 passed", "2 glitch", "2 glitch"])
    }

    @Test func aRecordSaysWhatAnObserverCannotSee() {
        let record = FaultRecord(
            kind: .held, timeNanoseconds: 12_345, edge: 7, line: "host:a\"\\\n", level: .high,
            captureTime: Timestamp(nanoseconds: -5))
        #expect(
            record.json
                == #"{"what":"held","time_ns":12345,"edge":7,"line":"host:a\"\\\u000a","level":1,"#
                + #""capture_ns":-5}"#)
        let unseen: [FaultRecord.Kind] = [.held, .silent, .swallowed, .merged]
        #expect(unseen.filter(\.isUnseen) == unseen)
        #expect(!FaultRecord.Kind.passed.isUnseen && !FaultRecord.Kind.glitch.isUnseen)
    }

    @Test func edgesThatPassedAreCountedAndNotWrittenUnlessAskedFor() throws {
        let path = path + ".few"
        defer { unlink(path) }
        let log = try FaultLog(path: path)
        for kind in [FaultRecord.Kind.passed, .held] {
            try log.append(
                FaultRecord(kind: kind, timeNanoseconds: 1, edge: 1, line: "a:b", level: .low))
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == #"{"what":"held","time_ns":1,"edge":1,"line":"a:b","level":0}"# + "\n")
        #expect(log.summary == "1 passed, 1 held")
    }
}
