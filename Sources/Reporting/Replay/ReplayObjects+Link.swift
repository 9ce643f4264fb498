import Measurements
import Replay
import Signals

extension ReplayObjects {
    /// The replay of a link.
    static func object(_ result: LinkReplayResult) -> JSONValue {
        [
            "verdict": name(result.verdict),
            "equalEdges": .integer(result.comparedEdges),
            "sentFrames": .integer(Int64(result.sentFrames)),
            "scheduledFrames": .integer(Int64(result.scheduledFrames)),
            "receivedFrames": .integer(Int64(result.receivedFrames)),
            "sessions": .integer(Int64(result.sessions)),
            "watchdogTimeout": result.watchdogTimeout.map { .integer($0.count) } ?? .null,
            "inferred": .object(
                LinkReplayResult.Inference.allCases.map { inference in
                    (
                        "\(inference)",
                        .integer(Int64(result.inferences[inference.rawValue]))
                    )
                }),
            "untold": .array(
                result.untold.map { untold in
                    [
                        "start": .integer(untold.start.nanoseconds),
                        "end": .integer(untold.end.nanoseconds),
                        "reason": .string(untold.reason),
                    ]
                }),
            "divergence": result.divergence.map { object($0) } ?? .null,
        ]
    }

    private static func object(_ divergence: LinkDivergence) -> JSONValue {
        [
            "time": .integer(divergence.time.nanoseconds),
            "session": .integer(Int64(divergence.session)),
            "bit": .integer(divergence.bit),
            "frame": divergence.frame.map { .integer(Int64($0.number)) } ?? .null,
            "character": divergence.frame.map { .integer(Int64($0.character)) } ?? .null,
            "bitInCharacter": divergence.frame.map { .integer(Int64($0.bitInCharacter)) } ?? .null,
            "expected": edge(divergence.expected),
            "found": edge(divergence.found),
        ]
    }

    private static func edge(_ edge: Edge?) -> JSONValue {
        guard let edge else { return .null }
        return [
            "channel": .string(edge.channel.wireName),
            "level": .integer(Int64(edge.level.rawValue)),
        ]
    }
}
