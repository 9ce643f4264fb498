import ArgumentParser

/// Drives the simulated chips of the GPIO lab. Ref: Documentation/GPIOLab.md.
@main
struct Lab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synscope-lab",
        abstract: "Connect and drive the simulated GPIO chips of the lab.",
        discussion: """
            Runs inside the lab, as root: see Scripts/gpio-lab/run. What is lost or added on \
            purpose goes into a log, to be compared with what a recorder tells.
            """,
        subcommands: [CableVerb.self, PlayVerb.self] + hardwareVerbs)

    #if GPIO
    private static let hardwareVerbs: [any ParsableCommand.Type] = [PingPongVerb.self]
    #else
    private static let hardwareVerbs: [any ParsableCommand.Type] = []
    #endif
}
