import ArgumentParser
import Glibc
import PinFileTransport
import Reporting

/// `synscope wires show`: the present levels.
struct WiresShowVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the levels of a file of wires, and who drives them.",
        discussion: """
            Examples:
              synscope wires show /dev/shm/link.wires
              synscope wires show --watch /dev/shm/link.wires
              synscope wires show --json /dev/shm/link.wires

            With --watch there is a line whenever something else is to be seen, until Ctrl-C: 0 or 1 for \
            a signal that stood still for a fifth of a second, ~ for one that moved. What it did in \
            between is for `synscope record --wires`.

            Programs of other projects may drive the wires and not be known here.
            """)

    @Argument(help: "The file of the wires.")
    var file: String

    @Flag(name: .shortAndLong, help: "Go on, with a line for each change.")
    var watch = false

    @Flag(help: "One JSON object; with --watch one on each line.")
    var json = false

    /// A line of --watch tells about so many looks, …
    private static let looksPerLine = 100
    /// … which are so far apart.
    private static let lookMicroseconds: UInt32 = 2_000

    func run() throws {
        let page = try open()
        guard watch else {
            let window = WireWindow(page)
            for row in json ? [window.object.line] : window.rows { try Console.print(row) }
            return
        }
        var shown: WireWindow?
        while !Interrupt.isRequested {
            var window = WireWindow(page)
            for _ in 0..<Self.looksPerLine where !Interrupt.isRequested {
                usleep(Self.lookMicroseconds)
                window.look(at: page)
            }
            guard window.appearance != shown else { continue }
            shown = window.appearance
            try Console.print(json ? window.object.line : window.line)
            try Console.flush()
        }
    }

    private func open() throws -> PinPage {
        do {
            return try PinPage(opening: file, for: .reading)
        } catch {
            throw Failure(.failed, error.description)
        }
    }
}
