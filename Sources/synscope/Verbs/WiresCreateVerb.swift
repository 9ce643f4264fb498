import ArgumentParser
import PinFileTransport

/// `synscope wires create`: a file of wires at rest.
struct WiresCreateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a file of wires at rest: reset is 1, all else 0.",
        discussion: """
            Everybody who may write to the file can be an end, as the umask says:
              synscope wires create /dev/shm/link.wires
              synscope wires create --force /dev/shm/link.wires

            With --force the new file takes the place of an old one, unless an end is running on that. \
            On a disk the wires work as well, but stand still whenever the file is written out.
            """)

    @Argument(help: "The file to make.")
    var file: String

    @Flag(name: .shortAndLong, help: "Replace the file if it exists.")
    var force = false

    func run() throws {
        do {
            try PinPage.create(file, replacing: force)
        } catch {
            throw Failure(.failed, error.description)
        }
    }
}
