import ArgumentParser

/// Campaigns over whole captures that take too long for the unit tests.
@main
struct Campaign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synscope-campaign",
        abstract: "Damage captures in many ways and see what the decoder says.",
        subcommands: [MissingEdges.self, Cuts.self, Damage.self])
}
