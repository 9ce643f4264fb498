import ArgumentParser
import CaptureStore
import Decoding
import Foundation
import Signals

/// Takes 1 to 3 neighbouring edges out of value change dumps: each loss must be told as a gap.
struct MissingEdges: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take neighbouring edges out of dumps; every loss must be told, where it is.",
        discussion: """
            The dump keeps the levels of its other lines, as a recorder that lost edges would. \
            A loss counts as told when a gap contains it. Every frame must come out but those \
            that touch the loss, and the first one behind it in each direction.
            """)

    @Argument(help: "The captures (.syn).")
    var captures: [String]

    @Option(help: "Losses per capture.")
    var count = 100

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    @Option(help: "Only this edge, to look at one loss.")
    var edge: Int?

    @Option(help: "With --edge, how many edges.")
    var length = 1

    func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("synscope-campaign-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var failures = 0
        for path in captures {
            let capture = try WholeCapture(path: path)
            var random = SplitMix64(seed: seed)
            var bad = 0
            var several = 0
            var lostFrames = 0
            let trials = edge == nil ? count : 1
            for _ in 0..<trials {
                let length = edge == nil ? Int.random(in: 1...3, using: &random) : length
                let index =
                    edge ?? Int.random(in: 1..<(capture.edges.count - length), using: &random)
                let loss = Loss(
                    indices: index..<(index + length), capture: capture, isVerbose: edge != nil)
                let outcome = try loss.outcome(folder: folder.path)
                if outcome.gaps > 1 { several += 1 }
                lostFrames += outcome.lostFrames
                guard let problem = outcome.problem else { continue }
                bad += 1
                print("\(path): --edge \(index) --length \(length): \(problem)")
            }
            failures += bad
            print(
                "\(path): \(trials) losses, \(trials - bad) told and decoded, \(several) told as "
                    + "more than one gap, \(lostFrames) frames lost in all")
        }
        if failures > 0 { throw ExitCode(1) }
    }
}

/// Some neighbouring edges that are missing from a capture.
struct Loss {
    let indices: Range<Int>
    let capture: WholeCapture
    let isVerbose: Bool

    struct Outcome {
        var gaps: Int
        var lostFrames: Int
        var problem: String?
    }

    func outcome(folder: String) throws -> Outcome {
        let path = folder + "/loss.vcd"
        try write(to: path)
        var reader = try VCDReader(path: path)
        var batches: [EdgeBatch] = []
        var batch = EdgeBatch(levels: reader.initialLevels)
        while try reader.read(into: &batch) { batches.append(batch) }
        let events = WholeCapture.decode(batches, end: capture.end)
        let gaps = events.compactMap(\.gap)
        let start = capture.edges[indices.lowerBound].time
        let end = capture.edges[indices.upperBound - 1].time
        let lost = lostFrames(events.compactMap(\.frame))
        var outcome = Outcome(gaps: gaps.count, lostFrames: lost.count)
        let found = gaps.filter { $0.start <= start && $0.end >= end }
        if isVerbose {
            for gap in gaps { print(gap) }
            for frame in lost { print("lost frame at \(frame.start.nanoseconds)") }
        }
        if gaps.isEmpty {
            outcome.problem = "no gap is told"
        } else if found.isEmpty {
            outcome.problem = "the gap is elsewhere: \(gaps), the loss \(start) to \(end)"
        } else if let frame = lost.first(where: { !isNear($0, lost: lost) }) {
            outcome.problem =
                "frame at \(frame.start.nanoseconds) is lost: "
                + String(decoding: frame.text, as: UTF8.self)
        } else if let frame = surplusFrame(events.compactMap(\.frame), besides: gaps) {
            outcome.problem =
                "a frame that never was, at \(frame.start.nanoseconds): "
                + String(decoding: frame.text, as: UTF8.self)
        }
        return outcome
    }

    private func lostFrames(_ found: [Frame]) -> [Frame] {
        capture.frames.filter { frame in
            !found.contains { $0.isSame(as: frame, startIsKnown: false) }
        }
    }

    /// Whole frames that the undamaged capture does not have. One that ends inside a gap is told to
    /// be doubtful: when it ended, the loss could not be known yet.
    private func surplusFrame(_ found: [Frame], besides gaps: [Gap]) -> Frame? {
        let truth = capture.frames
        return found.first { frame in
            frame.condition == .whole
                && !gaps.contains { $0.start < frame.end && frame.end <= $0.end }
                && !truth.contains { $0.isSame(as: frame, startIsKnown: false) }
        }
    }

    /// A frame may be lost if the loss touches it, or if it is the first in its direction behind.
    private func isNear(_ frame: Frame, lost: [Frame]) -> Bool {
        let start = capture.edges[indices.lowerBound].time
        let end = capture.edges[indices.upperBound - 1].time
        if frame.start <= end, frame.end >= start { return true }
        let next = capture.frames.first { $0.from == frame.from && $0.start > end }
        return next.map { frame.isSame(as: $0) } ?? false
    }

    private func write(to path: String) throws {
        var text = "$timescale 1 ns $end\n$scope module link $end\n"
        let names = ["reset", "stx", "sckout", "srx", "sckin"]
        let identifiers = ["!", "\"", "#", "$", "%"]
        for (name, identifier) in zip(names, identifiers) {
            text += "$var wire 1 \(identifier) \(name) $end\n"
        }
        text += "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n"
        for (channel, identifier) in zip(Channel.wires, identifiers) {
            text += "\(capture.initialLevels[channel].rawValue)\(identifier)\n"
        }
        text += "$end\n"
        for (index, edge) in capture.edges.enumerated() where !indices.contains(index) {
            text += "#\(edge.time.nanoseconds)\n"
            text += "\(edge.level.rawValue)\(identifiers[Int(edge.channel.index)])\n"
        }
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}
