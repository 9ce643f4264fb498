public import LinkProtocol
import Measurements
public import Replay
import Signals

/// What came of a replay, as JSON. Documented in Documentation/Replay.md.
public enum ReplayObjects {
    /// One object for one capture and end.
    public static func object(
        _ result: EndReplay, capture: String, secrets: SecretBook?
    ) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("capture", .string(capture)), ("end", .string(result.end.name)),
        ]
        switch result {
        case .link(let link):
            members += [
                ("mode", "link"), ("verdict", name(result.verdict)), ("link", object(link)),
            ]
        case .sequence(let session, let link):
            members += [
                ("mode", "sequence"), ("verdict", name(result.verdict)),
                ("session", object(session, secrets)), ("link", object(link)),
            ]
        case .exact(let exact):
            members += [
                ("mode", "exact"), ("verdict", name(result.verdict)), ("exact", object(exact)),
            ]
        }
        return .object(members)
    }

    static func name(_ verdict: ReplayVerdict) -> JSONValue {
        switch verdict {
        case .same: "same"
        case .differs: "differs"
        case .couldNotTell: "could-not-tell"
        }
    }

    private static func object(
        _ result: SequenceReplayResult, _ secrets: SecretBook?
    ) -> JSONValue {
        [
            "verdict": name(result.verdict),
            "equalFrames": .integer(Int64(result.equalFrames)),
            "scheduledFrames": .integer(Int64(result.scheduledFrames)),
            "receivedFrames": .integer(Int64(result.receivedFrames)),
            "sessions": .integer(Int64(result.sessions)),
            "exemptions": .array(
                result.exemptions.map { exemption in
                    [
                        "rule": .string(exemption.rule.name.description),
                        "count": .integer(Int64(exemption.count)),
                    ]
                }),
            "inferred": .object(
                SequenceReplayResult.Inference.allCases.map { inference in
                    ("\(inference)", .integer(Int64(result.inferences[inference.rawValue])))
                }),
            "untold": result.untold.map { untold in
                [
                    "since": .integer(untold.since.nanoseconds),
                    "reason": .string(untold.reason),
                ]
            } ?? .null,
            "divergence": result.divergence.map { divergence in
                [
                    "kind": .string("\(divergence.kind)"),
                    "time": .integer(divergence.time.nanoseconds),
                    "session": .integer(Int64(divergence.session)),
                    "frame": .integer(Int64(divergence.number)),
                    "expected": frame(divergence.expected, result.end, secrets),
                    "found": frame(divergence.found, result.end, secrets),
                ]
            } ?? .null,
        ]
    }

    private static func object(_ result: ExactReplayResult) -> JSONValue {
        [
            "verdict": name(result.verdict),
            "equalEdges": .integer(result.comparedEdges),
            "equalOutputs": .integer(result.comparedRecords),
            "inputs": .integer(result.inputs),
            "foreignEdges": .integer(result.foreignEdges),
            "untold": result.untold.map { untold in
                [
                    "since": .integer(untold.since.nanoseconds),
                    "reason": .string(untold.reason),
                ]
            } ?? .null,
            "divergence": result.divergence.map { divergence in
                [
                    "time": .integer(divergence.time.nanoseconds),
                    "session": .integer(Int64(divergence.session)),
                    "bit": .integer(divergence.bit),
                    "frame": divergence.frame.map { .integer(Int64($0.number)) } ?? .null,
                ]
            } ?? .null,
        ]
    }

    private static func frame(
        _ text: [UInt8], _ end: LinkEnd, _ secrets: SecretBook?
    ) -> JSONValue {
        text.isEmpty
            ? .null : .string(ReadableBytes.escaped((secrets?.mask(text, from: end) ?? text)[...]))
    }
}
