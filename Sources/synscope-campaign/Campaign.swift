import ArgumentParser

/// Campaigns that take too long for the unit tests.
@main
struct Campaign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synscope-campaign",
        abstract: "Damage captures and kill recorders in many ways, and see what is left.",
        subcommands: [MissingEdges.self, Cuts.self, Damage.self, RecordKill.self])
}
