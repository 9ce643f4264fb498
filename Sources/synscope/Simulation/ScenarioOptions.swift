import ArgumentParser
import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals
import Simulation

/// What decides a simulated world.
struct ScenarioOptions: ParsableArguments {
    @Option(help: "What decides everything that is left to chance: 0 and up.")
    var seed: UInt64 = 1

    @Option(help: "How long the world lasts, such as 90s, 10m or 24h.")
    var duration: TimeArgument = TimeArgument(seconds: 60)

    @Option(
        help: """
            The boards: hardware (Pyboard and ESP8266, 118 characters/s), lab (as in this \
            project's captures of the reference) or fast (microseconds a bit).
            """)
    var preset = PresetArgument(.lab)

    @Option(
        help: ArgumentHelp(
            """
            Something that goes wrong, and when: \(Fault.names.joined(separator: ", ")). \
            \(Fault.namesWithLength.joined(separator: ", ")) can be told how long they last, as in \
            wifi-outage:5s@20s. May be given several times.
            """, valueName: "NAME@TIME"))
    var fault: [FaultArgument] = []

    @Flag(
        help: """
            Everything by the seed: configuration, and faults for two minutes; the world ends when \
            all has recovered.
            """)
    var random = false

    @Option(
        help: """
            What the application and other clients do: mixed, light (little), boot (as in the \
            capture a_boot), questions (memory and time) or short (short publications).
            """)
    var traffic = TrafficArgument(.mixed)

    @Option(help: "How both ends behave: current, or reference (with its known faults).")
    var dialect = DialectArgument(.current)

    @Flag(help: "The broker keeps the session of a bridge that is gone (clean_session 0).")
    var persistent = false

    @Flag(help: "The host sets a last will.")
    var will = false

    @Option(
        help: """
            Publish and send messages up to this moment, and end the world as soon as all has come \
            through; --duration is the longest that it may take then.
            """)
    var busyUntil: TimeArgument?

    @Option(help: "How long the host's watchdog waits for a toggle.")
    var watchdog: TimeArgument?

    @Option(help: "The pause between two publications in the mean; 0 for none.")
    var publishPause: TimeArgument?

    @Option(
        help: ArgumentHelp(
            """
            Switch off what keeps messages safe, to see that it is noticed: \
            \(Protection.allCases.map(\.rawValue).joined(separator: ", ")).
            """, valueName: "PROTECTION"))
    var without: [ProtectionArgument] = []

    /// The scenario that the options describe.
    var scenario: Scenario {
        get throws {
            if random {
                guard !describesWorld else {
                    throw ValidationError(
                        "--random leaves the whole world to the seed; only --without goes with it")
                }
                return randomScenario
            }
            guard duration.nanoseconds > 0 else {
                throw ValidationError("--duration must be longer than nothing")
            }
            var scenario = Scenario(
                seed: seed, duration: Nanoseconds(duration.nanoseconds), preset: preset.preset)
            scenario.host.rules = ReferenceRules(dialect.dialect)
            scenario.bridge.rules = ReferenceRules(dialect.dialect)
            scenario.host.initialisation.cleanSession = !persistent
            if dialect.dialect == .reference { scenario.host.initialisation.readsEscapes = false }
            if will {
                scenario.host.will = Publication(
                    topic: Array("state/host".utf8), message: Array("gone".utf8),
                    retain: .digitOne, qos: .atLeastOnce)
            }
            scenario.application = ApplicationPlan(
                traffic.traffic, until: .zero + scenario.duration)
            if let busyUntil {
                scenario.application.end = min(busyUntil.timestamp, scenario.application.end)
                scenario.endsWhenQuiet = true
            }
            if let watchdog {
                guard watchdog.nanoseconds > 0 else {
                    throw ValidationError("--watchdog must be longer than nothing")
                }
                scenario.host.link.watchdogTimeout = Nanoseconds(watchdog.nanoseconds)
            }
            if let publishPause {
                scenario.application.publicationPause =
                    publishPause.nanoseconds > 0 ? Nanoseconds(publishPause.nanoseconds) : nil
            }
            if let late = fault.first(where: { $0.time >= .zero + scenario.duration }) {
                throw ValidationError(
                    "--fault \(late.text) lies behind the end of the world, \(duration.words); "
                        + "give a longer --duration")
            }
            scenario.faults = fault.map { Fault(at: $0.time, $0.kind) }.sorted {
                $0.time < $1.time
            }
            scenario.keepsLedger = scenario.duration <= .seconds(86_400)
            for protection in without { protection.protection.switchOff(in: &scenario) }
            return scenario
        }
    }

    /// An option was given that a random world would not heed.
    private var describesWorld: Bool {
        !fault.isEmpty || persistent || will || publishPause != nil || busyUntil != nil
            || watchdog != nil || preset.preset != .lab || traffic.traffic != .mixed
            || dialect.dialect != .current || duration.nanoseconds != 60_000_000_000
    }

    private var randomScenario: Scenario {
        var scenario = Scenario.random(seed: seed)
        for protection in without { protection.protection.switchOff(in: &scenario) }
        return scenario
    }

    /// The options, as they are typed; what is as by default is left out.
    var commandLine: String {
        var words = ["--seed", "\(seed)"]
        if random {
            words.append("--random")
        } else {
            words += ["--duration", duration.words]
            if preset.preset != .lab { words += ["--preset", preset.preset.rawValue] }
            if traffic.traffic != .mixed { words += ["--traffic", traffic.traffic.rawValue] }
            for fault in fault { words += ["--fault", fault.text] }
            if dialect.dialect != .current { words += ["--dialect", "reference"] }
            if persistent { words.append("--persistent") }
            if will { words.append("--will") }
            if let busyUntil {
                words += ["--busy-until", busyUntil.words]
            }
            if let watchdog { words += ["--watchdog", watchdog.words] }
            if let publishPause {
                words += ["--publish-pause", publishPause.words]
            }
        }
        for protection in without { words += ["--without", protection.protection.rawValue] }
        return words.joined(separator: " ")
    }
}

/// A fault on the command line: `crash@20s`, or `freeze:2s@20s`.
struct FaultArgument: ExpressibleByArgument {
    let text: String
    let kind: Fault.Kind
    let time: Timestamp

    init?(argument: String) {
        let parts = argument.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, let time = TimeArgument(argument: String(parts[1])),
            time.nanoseconds >= 0
        else { return nil }
        let words = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        var length: Nanoseconds?
        if words.count == 2 {
            guard let time = TimeArgument(argument: words[1]), time.nanoseconds > 0 else {
                return nil
            }
            length = Nanoseconds(time.nanoseconds)
        }
        guard let kind = Fault.kind(named: words.first ?? "", lasting: length) else { return nil }
        text = argument
        self.kind = kind
        self.time = time.timestamp
    }
}

/// A preset on the command line.
struct PresetArgument: ExpressibleByArgument {
    let preset: Preset

    init(_ preset: Preset) { self.preset = preset }

    init?(argument: String) {
        guard let preset = Preset(rawValue: argument) else { return nil }
        self.preset = preset
    }

    static var allValueStrings: [String] { Preset.allCases.map(\.rawValue) }
    var defaultValueDescription: String { preset.rawValue }
}

/// A plan of the application on the command line.
struct TrafficArgument: ExpressibleByArgument {
    let traffic: Traffic

    init(_ traffic: Traffic) { self.traffic = traffic }

    init?(argument: String) {
        guard let traffic = Traffic(rawValue: argument) else { return nil }
        self.traffic = traffic
    }

    static var allValueStrings: [String] { Traffic.allCases.map(\.rawValue) }
    var defaultValueDescription: String { traffic.rawValue }
}

/// A protection on the command line.
struct ProtectionArgument: ExpressibleByArgument {
    let protection: Protection

    init?(argument: String) {
        guard let protection = Protection(rawValue: argument) else { return nil }
        self.protection = protection
    }

    static var allValueStrings: [String] { Protection.allCases.map(\.rawValue) }
}
