import ArgumentParser
import CaptureStore

/// Where a new file goes.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "The file to write.")
    var output: String

    @Flag(help: "Replace the file if it exists.")
    var force = false
}

/// Writes a report or a picture: to a file if one is named, else to standard output.
enum TextOutput {
    static func write(_ text: String, to path: String?, replacing: Bool) throws {
        guard let path, path != "-" else {
            try Console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            return
        }
        let file = try OutputFile(path: path, replacing: replacing)
        try file.write(Array(text.utf8))
        try file.finish()
    }
}
