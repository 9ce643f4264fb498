import ArgumentParser
import CaptureStore
import Decoding
import Signals

/// What a recording waits for, and how much it stores around it.
struct TriggerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Record only around the moment at which this happens; may be given several times.",
            discussion: """
                On wires, also joined by &: rising:WIRE, falling:WIRE, edge:WIRE, WIRE=0, WIRE=1, \
                reset. On what is said, also joined: text:TEXT, regex:PATTERN, type:NAME, \
                status:NAME, watchdog, error. Alone: latency>TIME.
                """,
            valueName: "condition"))
    var trigger: [String] = []

    @Option(
        help: """
            How long before the trigger the capture begins. (default: 2s; 15s with watchdog or error, \
            which fire only after the silence)
            """)
    var pre: TimeArgument?

    @Option(help: "How long after the trigger it ends. (default: 5s)")
    var post: TimeArgument?

    @Flag(
        name: .customLong("repeat"),
        help: "Wait for the next trigger then: a file for each, trace-0001.syn and so on.")
    var repeats = false

    @Option(help: "End after so many triggers; implies --repeat.")
    var count: Int?

    private static let before = Nanoseconds.seconds(2)
    /// Longer than the silence by which a watchdog is known.
    private static let beforeSilence = Nanoseconds.seconds(15)
    private static let after = Nanoseconds.seconds(5)

    var isUsed: Bool { !trigger.isEmpty }

    func validate() throws {
        _ = try triggers()
        for (name, time) in [("pre", pre), ("post", post)] {
            if let time, time.nanoseconds < 0 { throw ValidationError("--\(name) is not below 0") }
        }
        if let count, count < 1 { throw ValidationError("--count is above 0") }
        guard !isUsed else { return }
        for (name, isGiven) in [
            ("pre", pre != nil), ("post", post != nil), ("repeat", repeats),
            ("count", count != nil),
        ] where isGiven {
            throw ValidationError("--\(name) needs a --trigger")
        }
    }

    /// What the triggers say.
    func triggers() throws -> [Trigger] {
        try trigger.map { text in
            do throws(TriggerSyntaxError) {
                return try Trigger(text)
            } catch {
                throw ValidationError(Self.complaint(error))
            }
        }
    }

    private static func complaint(_ error: TriggerSyntaxError) -> String {
        let near = error.found.isEmpty ? nil : NearNames.of(error.found, among: error.known).first
        var shown = error
        if let near {
            shown.problem += "; did you mean \(near)?"
            shown.known = []
        }
        let lines = shown.description.split(separator: "\n", omittingEmptySubsequences: false)
        return
            (["--trigger cannot be read:"] + lines.map { "  " + $0 } + [
                "Examples: --trigger falling:reset, --trigger 'rising:sckout & sckin=0',",
                "  --trigger 'text:pending 4', --trigger 'type:publish & regex:qos=[12]',",
                "  --trigger status:BROKER_FAIL, --trigger 'latency>200ms', --trigger error",
            ]).joined(separator: "\n")
    }

    /// The plan for files of a recording.
    func plan(_ files: RecordingPlan) throws -> TriggerPlan {
        let usual =
            try triggers().contains(where: \.mayFollowSilence) ? Self.beforeSilence : Self.before
        var plan = TriggerPlan(
            files: files, before: pre.map { Nanoseconds($0.nanoseconds) } ?? usual,
            after: post.map { Nanoseconds($0.nanoseconds) } ?? Self.after)
        plan.filesMax = filesMax
        return plan
    }

    /// The most files; nil for any number.
    private var filesMax: Int? { count ?? (repeats ? nil : 1) }

    /// Whether files are numbered.
    var isSeries: Bool { isUsed && filesMax != 1 }
}
