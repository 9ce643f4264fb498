import ArgumentParser
import CaptureStore
import Measurements
import Reporting
import Signals

/// `synscope report`: how fast, and where the time goes.
struct ReportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Measure throughput, latencies, start-up and watchdog of a capture.",
        discussion: """
              synscope report trace.syn
              synscope report trace.syn -o report.md
              synscope report before.syn after.syn --format json
              synscope report trace.syn --fail-if 'publish.qos1.p90>200ms' \\
                  --fail-if 'gaps.count>0' --fail-if 'bitRate<2kbit/s'
              synscope report --list-metrics publish

            A gate that trips ends with exit status 1; a gate whose metric the capture does not \
            support (too few values for a percentile, say) ends with 2. The number wants a unit: a \
            time ns, us, ms or s, a rate char/s, or bit/s or kbit/s, a share %; a count has none.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Argument(help: "The captures (.syn); with --list-metrics, parts of names to list.")
    var captures: [String] = []

    @Option(
        help: """
            text, markdown or json (schema in Documentation/ReportSchema.md). (default: what the \
            ending of --output says, .md or .json, else text)
            """)
    var format: Format?

    @Flag(help: "The same as --format json.")
    var json = false

    @Flag(help: "Text only: leave out charts and the sections for a closer look.")
    var brief = false

    @Option(name: [.short, .customLong("output")], help: "Write to this file.")
    var output: String?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Option(
        help: """
            A gate: METRIC, one of > >= < <= == !=, and a number with its unit: a time in ns, us, \
            ms or s, a rate in char/s, or bit/s or kbit/s, a share in %; a count has none.
            """)
    var failIf: [String] = []

    @Flag(
        help: """
            Name the metrics that --fail-if knows, with their units; all, or those whose names \
            contain a word, such as publish.
            """)
    var listMetrics = false

    @OptionGroup var link: LinkOptions

    func validate() throws {
        if captures.isEmpty, !listMetrics { throw ValidationError("name a capture (.syn)") }
        if json, let format, format != .json {
            throw ValidationError("--json and --format \(format) exclude each other")
        }
        if brief, resolvedFormat != .text {
            throw ValidationError("--brief is for text, and the format is \(resolvedFormat)")
        }
    }

    /// The format: as told, or by the ending of the file that is written.
    private var resolvedFormat: Format {
        if json { return .json }
        if let format { return format }
        let ending = output.flatMap { $0.lowercased().split(separator: ".").last } ?? ""
        switch ending {
        case "json": return .json
        case "md", "markdown": return .markdown
        default: return .text
        }
    }

    func run() throws {
        if listMetrics {
            let lines = MetricText.list(containing: captures)
            guard !lines.isEmpty else {
                throw Failure(
                    .failed,
                    "no metric has \(captures.joined(separator: " or ")) in its name; "
                        + "--list-metrics alone names all of them")
            }
            for line in lines { try Console.print(line) }
            return
        }
        if let output { try OutputGuard.check(output, isNone: captures) }
        let gates = try failIf.map { text in
            do throws(GateError) { return try Gate(parsing: text) } catch {
                throw Failure(.failed, "--fail-if: \(error)")
            }
        }
        let reported = try captures.map { try ReportPass(path: $0, link: link).reportedCapture() }
        let text =
            switch resolvedFormat {
            case .text:
                ReportText.render(
                    reported, isBrief: brief,
                    width: output == nil ? Console.width : TextWidth.standard)
            case .markdown: ReportMarkdown.render(reported)
            case .json: ReportJSON.render(reported)
            }
        try TextOutput.write(text, to: output, replacing: force)
        try judge(gates, reported)
    }

    private func judge(_ gates: [Gate], _ captures: [ReportedCapture]) throws {
        var hasTripped = false
        var isUnclear = false
        for capture in captures {
            for gate in gates {
                switch gate.judge(capture.report) {
                case .passed: break
                case .tripped:
                    hasTripped = true
                    let found =
                        capture.report.metric(named: gate.metric).map { MetricText.value(of: $0) }
                        ?? ""
                    Console.note("\(capture.heading.name): gate failed: \(gate.text): \(found)")
                case .cannotTell(let reason):
                    isUnclear = true
                    Console.note(
                        "\(capture.heading.name): cannot tell whether \(gate.text): \(reason)")
                }
            }
        }
        if hasTripped { throw Failure(.differs) }
        if isUnclear { throw Failure(.failed) }
    }
}
