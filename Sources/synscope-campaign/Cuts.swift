import ArgumentParser
import Decoding
import Signals

/// Cuts captures at random edges: each part must decode from its next whole frame on.
struct Cuts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cut off the head or the tail at random edges; every whole frame must be found.")

    @Argument(help: "The captures (.syn).")
    var captures: [String]

    @Option(help: "Cuts per capture.")
    var count = 100

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    func run() throws {
        var failures = 0
        for path in captures {
            let capture = try WholeCapture(path: path)
            var random = SplitMix64(seed: seed)
            var missed = 0
            for number in 0..<count {
                let index = Int.random(in: 1..<capture.edges.count, using: &random)
                let problem =
                    number % 2 == 0
                    ? headProblem(capture, at: index) : tailProblem(capture, at: index)
                guard let problem else { continue }
                missed += 1
                print("\(path): cut at edge \(index): \(problem)")
            }
            failures += missed
            print("\(path): \(count) cuts, \(count - missed) decoded from the next frame on")
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private func headProblem(_ capture: WholeCapture, at index: Int) -> String? {
        var batch = EdgeBatch(levels: capture.initialLevels)
        for edge in capture.edges[..<index] { batch.levels[edge.channel] = edge.level }
        batch.edges = Array(capture.edges[index...])
        let events = WholeCapture.decode([batch], end: capture.end)
        let start = capture.edges[index].time
        return difference(
            capture.frames.filter { $0.start >= start },
            events.compactMap(\.frame).filter { $0.condition != .unfinished }, events,
            of: capture.frames)
    }

    private func tailProblem(_ capture: WholeCapture, at index: Int) -> String? {
        var batch = EdgeBatch(levels: capture.initialLevels)
        batch.edges = Array(capture.edges[..<index])
        let end = capture.edges[index - 1].time
        let events = WholeCapture.decode([batch], end: end)
        return difference(
            capture.frames.filter { $0.end <= end },
            events.compactMap(\.frame).filter { $0.condition != .unfinished }, events,
            of: capture.frames)
    }

    private func difference(
        _ expected: [Frame], _ found: [Frame], _ events: [LinkEvent], of frames: [Frame]
    ) -> String? {
        if let gap = events.lazy.compactMap(\.gap).first { return "a gap is claimed: \(gap)" }
        // A frame of a command that nobody knows, right behind the cut, is found and called
        // headless: nothing shows that it began there.
        let missing = expected.filter { frame in
            !found.contains { $0.end == frame.end && $0.text == frame.text }
        }
        let surplus = found.filter { frame in
            frame.condition == .whole
                && !frames.contains { $0.isSame(as: frame, startIsKnown: false) }
        }
        if missing.isEmpty, surplus.isEmpty { return nil }
        let text = { (frame: Frame) in
            "\(frame.start.nanoseconds) \(String(decoding: frame.text, as: UTF8.self))"
        }
        return "missing \(missing.map(text)), surplus \(surplus.map(text))"
    }
}
