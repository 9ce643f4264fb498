import Foundation
import Testing

/// A text in `Captures/` that a run has to repeat.
///
/// With `SYNSCOPE_BLESS=FOLDER` in the environment every text that was found is written below that
/// folder too. `Scripts/bless` uses it to show what would change, and to take it over.
enum Expectation {
    static func check(
        _ found: String, against name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if let folder = ProcessInfo.processInfo.environment["SYNSCOPE_BLESS"] {
            let file = URL(fileURLWithPath: folder).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try found.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = (try? CaptureFolder.text(name)) ?? ""
        guard found != expected else { return }
        Issue.record(
            "Captures/\(name): \(difference(expected, found)); Scripts/bless takes a wanted change",
            sourceLocation: sourceLocation)
    }

    /// The first line that differs.
    private static func difference(_ expected: String, _ found: String) -> String {
        let (expected, found) = (lines(expected), lines(found))
        let index =
            zip(expected, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(expected.count, found.count)
        func line(_ lines: [Substring]) -> String {
            index < lines.count ? "`\(lines[index])`" : "its end"
        }
        return "line \(index + 1): expected \(line(expected)), found \(line(found))"
    }

    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
