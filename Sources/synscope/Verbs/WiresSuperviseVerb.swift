import ArgumentParser
import PinFileTransport

/// `synscope wires supervise`: the reset circuit of a bridge that is a command.
struct WiresSuperviseVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Run a bridge on a file of wires, and let the host's reset kill and restart it.",
        discussion: """
            While reset is 0 the command is killed (SIGKILL, with all that it has started) and srx and \
            sckin are 0; when reset rises it starts anew. If reset is 1 at the beginning it starts at \
            once. A command that ends by itself stays down until the next reset.

            In the words of the command %n is the number of the start: 1, 2, ..., so that each life can \
            have a file of its own:
              synscope wires supervise /dev/shm/link.wires -- python3 bridge.py /dev/shm/link.wires
              synscope wires supervise --verbose /dev/shm/link.wires -- \\
                ./bridge --log bridge-%n.log

            The command has no standard input. Ctrl-C or SIGTERM ends it (SIGTERM, after 5 s SIGKILL) \
            and this program.
            """)

    @Argument(help: "The file of the wires.")
    var file: String

    @Argument(parsing: .postTerminator, help: "The command and its arguments, behind --.")
    var command: [String] = []

    @Flag(name: .shortAndLong, help: "Tell of each start and each reset on standard error.")
    var verbose = false

    func validate() throws {
        if command.isEmpty {
            throw ValidationError(
                "name the command behind --: synscope wires supervise FILE -- COMMAND ...")
        }
    }

    func run() throws {
        do {
            let page = try PinPage(opening: file)
            try page.claim(.circuit)
            var circuit = ResetCircuit(page, words: command, tellsAll: verbose)
            try circuit.run()
        } catch let error as PinFileError {
            throw Failure(.failed, error.description)
        }
    }
}
