#if GPIO
import CaptureStore
import Decoding
import GPIOTransport
import Signals

/// The GPIO chips of this machine, for `devices`.
struct GPIODeviceList {
    /// A chip, or why it could not be looked at.
    private struct Entry {
        var path: String
        var chip: GPIOChip?
        var refusal: GPIOError?
    }

    private let entries: [Entry]

    /// Looks at all chips.
    init() {
        entries = GPIOChip.paths.map { path in
            do throws(GPIOError) {
                return Entry(path: path, chip: try GPIOChip(path: path))
            } catch {
                return Entry(path: path, refusal: error)
            }
        }
    }

    /// Chips and lines, a line of text each.
    ///
    /// - Parameter showsAllLines: also those without a name and a consumer.
    func text(showsAllLines: Bool) -> [String] {
        if entries.isEmpty { return ["  none (no /dev/gpiochip*)"] }
        return entries.flatMap { entry -> [String] in
            guard let chip = entry.chip else {
                return ["  \(entry.refusal.map { "\($0)" } ?? entry.path)"]
            }
            let shown = chip.lines.filter {
                showsAllLines || !$0.name.isEmpty || $0.isUsed
            }
            let hidden = chip.lines.count - shown.count
            let width = shown.map(\.name.count).max() ?? 0
            let head =
                "  \(chip.name)  \(chip.label), \(chip.lines.count) lines  (\(chip.path))"
            let lines = shown.map { line in
                let number = String(line.offset)
                let name = line.name.isEmpty ? "-" : line.name
                return "    " + String(repeating: " ", count: max(0, 3 - number.count)) + number
                    + "  " + name + String(repeating: " ", count: max(0, width - name.count))
                    + (line.isOutput ? "  output" : "  input ") + Self.use(of: line)
            }
            return [head] + lines
                + (hidden > 0 ? ["    and \(hidden) without a name (--all)"] : [])
        }
    }

    private static func use(of line: GPIOLine) -> String {
        guard line.isUsed else { return "" }
        return line.consumer.isEmpty ? "  in use" : "  in use by \(line.consumer)"
    }

    /// The same for programs.
    var object: JSONNode {
        .array(
            entries.map { entry in
                guard let chip = entry.chip else {
                    return .object([
                        .text("path", entry.path),
                        .text("error", entry.refusal.map { "\($0)" } ?? ""),
                    ])
                }
                return .object([
                    .text("path", chip.path), .text("name", chip.name),
                    .text("label", chip.label),
                    .init(name: "lines", value: .array(chip.lines.map(Self.object))),
                ])
            })
    }

    private static func object(_ line: GPIOLine) -> JSONNode {
        .object([
            .count("offset", line.offset), .text("name", line.name),
            .text("direction", line.isOutput ? "output" : "input"), .flag("used", line.isUsed),
            .text("consumer", line.consumer),
        ])
    }

    /// Whether one chip has all lines of a pinout, by their names.
    func has(_ pinout: Pinout) -> Bool {
        let signals = pinout.map.items.compactMap(\.signal)
        return entries.contains { entry in
            guard let chip = entry.chip else { return false }
            return signals.allSatisfy { signal in chip.lines.contains { $0.name == signal } }
        }
    }
}
#endif
