import ArgumentParser
import CaptureStore
import Decoding
import Glibc
import HostProtocol
import LinkProtocol
import Measurements
import Replay
import Reporting
import Signals
import Simulation

/// `synscope demo`: what all of this is about, on a real capture.
struct DemoVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Decode, measure and replay a real capture, then a simulated link: no hardware.")

    @Option(help: "The folder with the project's captures.")
    var captures: String?

    private static let conversation = "d_crash.syn"
    private static let speed = "a_boot.syn"

    func run() throws {
        let folder = try captures ?? Self.findCaptures()
        let crash = "\(folder)/\(Self.conversation)"
        let boot = "\(folder)/\(Self.speed)"
        try introduce(crash)
        try converse(crash)
        try measure(boot)
        let isSame = try replay([crash, boot])
        let isSimulatedSame = try simulate()
        let program = CommandLine.arguments.first ?? "synscope"
        try Console.print(
            """

            Next:
              the crash alone
                \(program) decode \(crash) --from 9 --to 19
              what it cost
                \(program) report \(crash)
              all figures of the other capture
                \(program) report \(boot)
              the wires, for GTKWave or PulseView
                \(program) export \(crash) -o crash.vcd
              the simulated world again, with another seed
                \(program) simulate --seed 8 --fault crash@30s -o crash.syn
              your own trace, with the names of its signals behind the wires'
                \(program) import your.vcd -o your.syn \\
                    --map reset=D0,stx=D1,sckout=D2,srx=D3,sckin=D4
            """)
        if !isSame || !isSimulatedSame { throw Failure(.differs) }
    }

    private func introduce(_ path: String) throws {
        let capture = try Capture(opening: path)
        let source = TextWidth.wrap(capture.metadata.source ?? "", width: Console.width)
        try Console.print(
            """
            SynCom joins a board without Wi-Fi (the host) to an ESP8266 (the bridge) by five
            wires. Each end toggles its clock only after the other's has toggled. The host
            sends commands such as publish, the bridge answers and delivers messages. If the
            bridge's clock stands still for too long, the host's watchdog resets it.

            == A real conversation, with a crash of the bridge: \(Self.conversation) ==
            \(source.joined(separator: "\n"))
            \(CountText.grouped(capture.edgeCount)) edges of five wires, \
            \(TimeText.seconds(capture.end.nanoseconds, digits: 2)) s

            """)
    }

    private func converse(_ path: String) throws {
        let capture = try Capture(opening: path)
        let link = try LinkOptions.parse([])
        let secrets = try SecretSearch(link: link).bookForMasking(of: capture)
        let writer = ConversationWriter(format: .text, secrets: secrets)
        try Console.print(
            """
            dir: H>B host to bridge, B>H bridge to host; ms: how long it was on the wires. SYNC: both
            ends have found each other's bits; DEFNET: tries its network; RUNNING: ready; PUBOK: done.

            """)
        for line in writer.header { try Console.print(line) }
        // Of the journal only what nobody sees on the wires: what went wrong, and when.
        let journal = JournalSource(of: capture) { event in
            switch event.content {
            case .fault, .faultEnded: true
            default: false
            }
        }
        try CapturePass(capture: capture, title: "decoding").decode(
            link.decoderConfiguration, with: journal
        ) { item in
            let lines =
                switch item {
                case .event(let event): writer.lines(for: event)
                case .journal(let event, let session): writer.lines(for: event, session: session)
                }
            for line in lines { try Console.print(line) }
        }
    }

    private func measure(_ path: String) throws {
        try Console.print("\n== How fast was it? \(Self.speed), 41 publications ==\n")
        let link = try LinkOptions.parse([])
        let reported = try ReportPass(path: path, link: link).reportedCapture()
        try TextOutput.write(
            ReportText.render([reported], isBrief: true, width: Console.width), to: nil,
            replacing: false)
    }

    private func replay(_ paths: [String]) throws -> Bool {
        try Console.print(
            """

            == Does today's code still behave as in the captures? ==
            Each end is played by our own machine: what the other end said is fed to it,
            and it must say every recorded frame, and make every recorded edge.

            """)
        let link = try LinkOptions.parse([])
        var isSame = true
        for path in paths {
            try Console.print(path.lastPathComponent)
            let replay = CaptureReplay(
                path: path, ends: LinkEnd.allCases, mode: .auto, dialect: nil, withoutRules: [],
                trial: .none, link: link, showsProgress: true)
            let (capture, link) = try replay.open()
            for result in try replay.results(capture, link) {
                try Console.print("  " + ReplayText.headline(result))
                isSame = isSame && result.verdict == .same
            }
        }
        return isSame
    }

    /// A world with an outage and a crash: recorded, decoded, measured, replayed.
    private func simulate() throws -> Bool {
        try Console.print(
            """

            == A simulated link, with a Wi-Fi outage and a crash of the bridge ==
            Both ends, their wires, Wi-Fi, a broker and an application in virtual time; the
            capture holds every edge, every call and every byte to and from the broker.

            """)
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path + "/simulated.syn"
        var scenario = Scenario(seed: 7, duration: .seconds(60), preset: .lab)
        scenario.host.initialisation.cleanSession = false
        scenario.application.publicationPause = .seconds(5)
        scenario.application.outsidePause = .seconds(9)
        scenario.application.questionPause = nil
        scenario.application.burstOnceIn = 0
        scenario.faults = [
            Fault(at: .zero + .seconds(12), .wifiOutage(.seconds(6))),
            Fault(at: .zero + .seconds(32), .crash),
        ]
        scenario.keepsLedger = true
        let pass = SimulationPass(scenario: scenario, commandLine: "(the demo's)")
        let outcome = try pass.run(into: path, replacing: true)
        try converse(path)
        let violations = outcome.world.violations()
        try Console.print("")
        for line in WorldText.lines(outcome.world) { try Console.print(line) }
        try Console.print(violations.isEmpty ? WorldText.allHeld : "LOST:")
        for violation in violations { try Console.print("  " + violation) }
        try Console.print("")
        let link = try LinkOptions.parse([])
        let reported = try ReportPass(path: path, link: link).reportedCapture()
        try TextOutput.write(
            ReportText.render(
                [reported], only: ["Watchdog", "Outages", "Interruptions"], width: Console.width),
            to: nil, replacing: false)
        try Console.print("")
        var isSame = violations.isEmpty
        let replay = CaptureReplay(
            path: path, ends: LinkEnd.allCases, mode: .exact, dialect: nil, withoutRules: [],
            trial: .none, link: link, showsProgress: true)
        let (capture, resolved) = try replay.open()
        for result in try replay.results(capture, resolved) {
            try Console.print(ReplayText.headline(result))
            isSame = isSame && result.verdict == .same
        }
        return isSame
    }

    /// The captures lie beside the sources; the command is built below them.
    private static func findCaptures() throws -> String {
        var candidates = ["Captures"]
        if let program = realpath("/proc/self/exe", nil) {
            defer { free(program) }
            var parts = String(cString: program).split(separator: "/")
            while !parts.isEmpty {
                parts.removeLast()
                candidates.append("/" + parts.joined(separator: "/") + "/Captures")
            }
        }
        for candidate in candidates where access("\(candidate)/\(conversation)", R_OK) == 0 {
            return candidate
        }
        throw Failure(
            .failed,
            "the project's captures are not here: name their folder, "
                + "synscope demo --captures FOLDER")
    }
}
