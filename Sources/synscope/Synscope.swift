import ArgumentParser
import CaptureStore
import Signals

/// The command and its verbs.
struct Synscope: ParsableCommand {
    /// The version that `--version` prints and captures carry.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "synscope",
        abstract: "Record/replay logic analyzer and timing tool for the SynCom link.",
        discussion: """
            SynCom is the five-wire, self-clocked link by which a board without Wi-Fi (the host) \
            talks to an ESP8266 (the bridge) that gives it MQTT. synscope reads captures of those \
            wires: it shows the conversation, measures how fast the link is and where the time \
            goes, and replays a capture against its own implementation of the link.

            Start here:
              synscope demo
              synscope import trace.vcd -o trace.syn
              synscope decode trace.syn
              synscope report trace.syn
              synscope replay trace.syn
              synscope simulate --seed 7 --fault crash@20s -o crash.syn

            Results go to standard output, everything else to standard error. Exit status: 0 \
            yes or done, 1 differs or a gate failed, 2 could not tell or failed.
            """,
        version: version,
        subcommands: [
            DemoVerb.self, SimulateVerb.self, RecordVerb.self, DevicesVerb.self, ImportVerb.self,
            ExportVerb.self,
            InfoVerb.self, DecodeVerb.self, ReportVerb.self, ReplayVerb.self, AnnotateVerb.self,
            ScrubVerb.self, DoctorVerb.self, HostVerb.self, BridgeVerb.self, WiresVerb.self,
        ])
}

@main
enum Main {
    static func main() {
        Interrupt.install()
        do {
            if let mistypedVerb { throw mistypedVerb }
            var command = try Synscope.parseAsRoot()
            try command.run()
            try Console.flush()
        } catch let failure as Failure {
            try? Console.flush()
            if let message = failure.message { Console.complain(message) }
            ExitStatus.leave(failure.status)
        } catch let error as CaptureError {
            try? Console.flush()
            Console.complain(error.description)
            ExitStatus.leave(.failed)
        } catch {
            try? Console.flush()
            leave(parserError: error)
        }
    }

    /// A first word that is no verb, and looks like one.
    private static var mistypedVerb: Failure? {
        let known =
            Synscope.configuration.subcommands.compactMap { $0.configuration.commandName } + [
                "help"
            ]
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"),
            !known.contains(word)
        else { return nil }
        let near = NearNames.of(word, among: known).first
        return Failure(
            .failed,
            "there is no verb \(word)" + (near.map { "; did you mean \($0)?" } ?? ";")
                + " The verbs are \(known.joined(separator: ", "))")
    }

    /// Help and version are results; a wrong call is told with the usage and fails as all else.
    private static func leave(parserError error: any Error) -> Never {
        let text = Synscope.fullMessage(for: error)
        guard Synscope.exitCode(for: error) != .success else {
            try? Console.print(text)
            try? Console.flush()
            ExitStatus.leave(.same)
        }
        Console.complain(text, prefix: "")
        ExitStatus.leave(.failed)
    }
}
