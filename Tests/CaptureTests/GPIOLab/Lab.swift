#if GPIO
import Foundation
import Glibc
import Testing

/// The lab of Scripts/gpio-lab, in which there are GPIO chips on any machine.
enum Lab {
    /// Whether its tests run: they do, unless somebody asked to go without.
    static let isWanted = getenv("SYNSCOPE_WITHOUT_GPIO_LAB") == nil

    /// The libgpiod that a `synscope` was built with.
    enum Library: String, CaseIterable, CustomTestStringConvertible {
        /// Debian 12's.
        case one = "libgpiod 1.6"
        /// The other interface, which Scripts/test builds a `synscope` of its own with.
        case two = "libgpiod 2.x"

        var testDescription: String { rawValue }

        var executable: String {
            switch self {
            case .one: Command.executable
            case .two: Lab.root.appending(path: ".build-gpiod2/debug/synscope").path
            }
        }

        /// The `synscope-lab` that was built with it.
        var laboratory: String {
            get throws {
                let path = URL(fileURLWithPath: executable).deletingLastPathComponent()
                    .appending(path: "synscope-lab").path
                guard access(path, X_OK) == 0 else {
                    throw Missing(what: "\(path): run Scripts/test, which builds it")
                }
                return path
            }
        }
    }

    /// What a script in the lab left.
    struct Outcome {
        var status: Int32?
        var output: String
        var complaint: String
    }

    static let root = CaptureFolder.url.deletingLastPathComponent()

    /// Runs a script in the lab, in a folder: `synscope` and `synscope-lab` are commands there, and
    /// so is `chip` for the chips, which are called host and bridge.
    static func run(
        _ script: String, with library: Library, in folder: ScratchFolder, options: [String] = []
    ) throws -> Outcome {
        let executable = library.executable
        guard access(executable, X_OK) == 0 else {
            throw Missing(what: "\(executable): run Scripts/test, which builds it")
        }
        let tool = try Library.one.laboratory
        let commands = """
            set -u
            synscope() { "\(executable)" "$@"; }
            synscope-lab() { "\(tool)" "$@"; }
            chip() { "$GPIO_LAB/chip" "$@"; }
            # A recorder under the shell's own number, for signals.
            # On the guest's only processor the recorder must come before the player, which has to catch
            # up after every pause of the machine: libgpiod 1.6 keeps only 16 edges of a line.
            record() { chrt --fifo 9 "\(executable)" record "$@" & recorder=$!; }
            connect() {
                "\(tool)" cable "$@" >connected &
                cable=$!
                while ! grep -q connected connected; do sleep 0.1; done
            }
            captures="\(CaptureFolder.url.path)"

            """
        let words =
            ["--timeout", "300"] + options + ["--", "bash", "-c", commands + script]
        let outcome = try Command.run(
            root.appending(path: "Scripts/gpio-lab/run").path, words, in: folder.url)
        if outcome.status == 125 {
            throw Missing(
                what: "the lab does not run: \(outcome.complaint)Build it with "
                    + "Scripts/gpio-lab/build, or set SYNSCOPE_WITHOUT_GPIO_LAB to go without")
        }
        return Outcome(
            status: outcome.status, output: outcome.output, complaint: outcome.complaint)
    }

    /// A gap as `decode` tells it: stored, or found by the link's rules.
    struct GapLine: Decodable {
        var start: Int64
        var end: Int64
        var reason: String
    }

    /// The gaps of a capture.
    static func gaps(of name: String, in folder: ScratchFolder) throws -> [GapLine] {
        let outcome = try Command.synscope(
            ["decode", name, "--type", "gap", "--format", "ndjson"], in: folder.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(GapLine.self, from: Data($0.utf8))
        }
    }

    /// Something that the tests need is not there.
    struct Missing: Error, CustomStringConvertible {
        var what: String
        var description: String { what }
    }
}
#endif
