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
              synscope report trace.syn --format markdown -o report.md
              synscope report before.syn after.syn --format json
              synscope report trace.syn --fail-if 'publish.qos1.p90>200ms' --fail-if 'gaps.count>0'

            A gate that trips ends with exit status 1; a gate whose metric the capture does not \
            support (too few values for a percentile, say) ends with 2. --list-metrics names all \
            metrics.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Argument(help: "The captures (.syn).")
    var captures: [String] = []

    @Option(help: "text, markdown or json (schema in Documentation/ReportSchema.md).")
    var format: Format = .text

    @Flag(help: "The same as --format json.")
    var json = false

    @Flag(help: "Text only: leave out charts and the sections for a closer look.")
    var brief = false

    @Option(name: [.short, .customLong("output")], help: "Write to this file.")
    var output: String?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Option(help: "A gate: METRIC, one of > >= < <= == !=, a number and its unit.")
    var failIf: [String] = []

    @Flag(help: "Name every metric that --fail-if knows, with its unit.")
    var listMetrics = false

    @OptionGroup var link: LinkOptions

    func validate() throws {
        if captures.isEmpty, !listMetrics { throw ValidationError("name a capture (.syn)") }
    }

    func run() throws {
        if listMetrics {
            for line in MetricText.list { try Console.print(line) }
            return
        }
        let gates = try failIf.map { text in
            do throws(GateError) { return try Gate(parsing: text) } catch {
                throw Failure(.failed, "--fail-if: \(error)")
            }
        }
        let reported = try captures.map { try ReportPass(path: $0, link: link).reportedCapture() }
        let text =
            switch json ? .json : format {
            case .text: ReportText.render(reported, isBrief: brief)
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
