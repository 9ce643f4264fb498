import Decoding
import LinkProtocol
import LinkTesting
import Replay
import Signals

/// A recording, and what came of replaying both ends from it.
struct Replayed {
    var host: LinkReplayResult
    var bridge: LinkReplayResult

    subscript(end: LinkEnd) -> LinkReplayResult { end == .host ? host : bridge }

    var verdicts: [ReplayVerdict] { [host.verdict, bridge.verdict] }
}

/// Replays both ends. The capture ends with its last edge unless a later end is given; batches of
/// different lengths must not matter.
func replay(
    _ batches: [EdgeBatch], end: Timestamp? = nil, size: CharacterSize = .seven,
    machineSize: CharacterSize? = nil
) -> Replayed {
    let end = end ?? batches.lastTime
    var configuration = WireDecoder.Configuration()
    configuration.characterSize = size
    var decoder = LinkDecoder(configuration: configuration)
    var schedule = LinkSchedule()
    for batch in batches {
        decoder.decode(batch)
        for event in decoder.takeEvents() { schedule.handle(event) }
    }
    decoder.finish(at: end)
    for event in decoder.takeEvents() { schedule.handle(event) }
    let results = LinkEnd.allCases.map { linkEnd in
        var replay = LinkReplay(
            end: linkEnd, schedule: schedule, characterSize: machineSize ?? size)
        for batch in batches { replay.feed(batch) }
        return replay.finish(at: end)
    }
    return Replayed(host: results[0], bridge: results[1])
}

func replay(
    _ batch: EdgeBatch, end: Timestamp? = nil, size: CharacterSize = .seven,
    machineSize: CharacterSize? = nil
) -> Replayed {
    replay([batch], end: end, size: size, machineSize: machineSize)
}

extension LinkReplayResult {
    /// How often each conclusion was drawn, those drawn only.
    var conclusions: [String: Int] {
        var conclusions: [String: Int] = [:]
        for inference in Inference.allCases where inferences[inference.rawValue] > 0 {
            conclusions["\(inference)"] = inferences[inference.rawValue]
        }
        return conclusions
    }

    /// The divergence in one line, for the message of a failed expectation.
    var story: String {
        guard let divergence else { return "\(verdict) \(untold)" }
        return "\(divergence.kind) at \(divergence.time.nanoseconds) session \(divergence.session)"
            + " bit \(divergence.bit) expected \(String(describing: divergence.expected))"
            + " found \(String(describing: divergence.found))"
    }
}

/// A start with a few messages each way, some of them back to back.
func conversation(
    _ configuration: LinkConfiguration = Pair.quick, world: Pair.World = Pair.World()
) -> Pair {
    let pair = Pair.synchronised(configuration, world: world)
    converse(on: pair)
    return pair
}

func converse(on pair: Pair) {
    pair.send("t|5", from: .bridge)
    pair.send("t|9", from: .bridge)
    _ = pair.settle()
    pair.send("p|out/a|hello|1|0", from: .host)
    pair.send("s|cmd/in|1", from: .host)
    pair.run(for: .milliseconds(4))
    pair.send("t|4", from: .bridge)
    pair.send("u|cmd/in|some payload|False", from: .bridge)
    _ = pair.settle()
    pair.send("i", from: .host)
    pair.run(for: .milliseconds(5))
}
