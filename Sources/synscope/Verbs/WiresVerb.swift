import ArgumentParser

/// `synscope wires`: wires in shared memory.
struct WiresVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wires",
        abstract: "Join two ends on this machine by a file in shared memory instead of pins.",
        discussion: """
            A file of 4096 bytes stands for the five wires and some lamps: one byte each, 0 or 1. Any \
            program in any language can be an end; Documentation/Protocol.md has the layout. The file \
            belongs into a memory file system, such as /dev/shm.

            A whole link, each line in a terminal of its own:
              synscope wires create /dev/shm/link.wires
              synscope wires supervise /dev/shm/link.wires -- COMMAND-OF-THE-BRIDGE
              synscope record --wires /dev/shm/link.wires -o trace.syn
              COMMAND-OF-THE-HOST
            """,
        subcommands: [WiresCreateVerb.self, WiresShowVerb.self, WiresSuperviseVerb.self])
}
