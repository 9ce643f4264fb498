public import Replay
import Signals

/// Replays as a JUnit report, which CI servers show as tests.
public struct ReplayJUnit: Sendable {
    /// One replay of one end of one capture.
    public struct Case: Sendable {
        /// The capture.
        public var capture: String
        /// The end's name.
        public var end: String
        /// The answer.
        public var verdict: ReplayVerdict
        /// What stands behind it.
        public var text: String

        /// A replay.
        public init(capture: String, end: String, verdict: ReplayVerdict, text: String) {
            self.capture = capture
            self.end = end
            self.verdict = verdict
            self.text = text
        }
    }

    private let cases: [Case]

    /// A report of some replays.
    public init(_ cases: [Case]) { self.cases = cases }

    /// The document. What could not be told is an error, what differs a failure.
    public var text: String {
        let failures = cases.count { $0.verdict == .differs }
        let errors = cases.count { $0.verdict == .couldNotTell }
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites>",
            "  <testsuite name=\"synscope replay\" tests=\"\(cases.count)\" "
                + "failures=\"\(failures)\" errors=\"\(errors)\">",
        ]
        for item in cases {
            let head =
                "    <testcase classname=\"\(Self.escaped(item.capture))\" "
                + "name=\"\(Self.escaped(item.end))\""
            switch item.verdict {
            case .same: lines.append(head + "/>")
            case .differs: lines += Self.body(head, "failure", "differs", item.text)
            case .couldNotTell: lines += Self.body(head, "error", "could not tell", item.text)
            }
        }
        lines += ["  </testsuite>", "</testsuites>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func body(
        _ head: String, _ element: String, _ message: String, _ text: String
    ) -> [String] {
        [
            head + ">",
            "      <\(element) message=\"\(message)\">\(escaped(text))</\(element)>",
            "    </testcase>",
        ]
    }

    /// XML has no form at all for most control characters.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
                escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
