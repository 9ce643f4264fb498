import CaptureStore
import Reporting

/// The text that a replay is expected to print.
struct ExpectedText {
    private let path: String
    private let lines: [String]

    /// Reads it; a file that is not there expects nothing yet.
    init(path: String) throws {
        self.path = path
        let text = try SmallFile.text(path, missingIsEmpty: true)
        guard !text.utf8.contains(0), !text.contains("\u{fffd}") else {
            throw Failure(.failed, "\(path) is no text; is the manifest's line right?")
        }
        lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }

    /// What changes, line by line: `-` for what was expected, `+` for what is there now.
    func changes(to found: [String]) -> [String] {
        let difference = found.difference(from: lines)
        if difference.isEmpty { return [] }
        var removed: [Int: String] = [:]
        var inserted: [Int: String] = [:]
        for change in difference {
            switch change {
            case .remove(let offset, let line, _): removed[offset] = line
            case .insert(let offset, let line, _): inserted[offset] = line
            }
        }
        var changes: [String] = []
        var (old, new) = (0, 0)
        while old < lines.count || new < found.count {
            if let line = removed[old] {
                changes.append("  - " + line)
                old += 1
            } else if let line = inserted[new] {
                changes.append("  + " + line)
                new += 1
            } else {
                old += 1
                new += 1
            }
        }
        return changes
    }

    /// Expects this from now on.
    func replace(by found: [String]) throws {
        try TextOutput.write(found.joined(separator: "\n") + "\n", to: path, replacing: true)
    }
}
