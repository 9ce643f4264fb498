import ArgumentParser
import CaptureStore
import Glibc
import LinkSetup
import LivePorts
import Signals

/// Where a live end's wires are, and what it is told: files of settings, the environment, options.
struct LiveOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: """
            A file of settings, in TOML or JSON (Documentation/Configuration.md); may be given several \
            times, later ones override earlier ones.
            """)
    var files: [String] = []

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A setting, which overrides files and environment.", valueName: "key=value"))
    var assignments: [String] = []

    @Option(help: "The wires are this pin file (see synscope wires).")
    var wires: String?

    @Option(help: "The wires are lines of this GPIO chip: gpiochip0, its label or path, or auto.")
    var gpio: String?

    @Option(help: "Which GPIO lines the wires are: a pinout (see synscope devices --help).")
    var pinout: String?

    func validate() throws {
        if wires != nil, gpio != nil { throw ValidationError("--wires or --gpio, not both") }
        for assignment in assignments where !assignment.contains("=") {
            throw ValidationError("--set \(assignment): say --set key=value")
        }
    }

    /// The files that are read, and the wires.
    var inputs: [String] { files + (wires.map { [$0] } ?? []) }

    /// The settings; later sources override earlier ones.
    ///
    /// - Parameter base: what holds where nothing is said.
    func settings(over base: LinkSettings = LinkSettings()) throws -> LinkSettings {
        var options: [String: String] = [:]
        for assignment in assignments {
            let parts = assignment.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            options[String(parts[0])] = String(parts[1])
        }
        if let wires { options["wires"] = "file:\(wires)" }
        if let gpio { options["wires"] = gpio == "auto" ? "gpio" : "gpio:\(gpio)" }
        if let pinout { options["pinout"] = pinout }
        do throws(SettingsFault) {
            var settings = base
            for file in files { try settings.apply(file: file) }
            try settings.apply(environment: LinkSettings.environment)
            try settings.apply(options: options)
            return settings
        } catch {
            throw Failure(.failed, error.description)
        }
    }

    /// A pin file that somebody cuts off is no memory any more: the kernel ends whoever looks at it.
    private static func explainCutFile() {
        signal(SIGBUS) { _ in
            let words: StaticString = "synscope: the pin file was cut off; make it anew\n"
            _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
            _exit(ExitStatus.failed.rawValue)
        }
    }

    /// Takes the wires of an end.
    func open(_ hardware: HardwareSettings, as end: LinkEnd) throws -> any WirePort {
        if case .file = hardware.wires { Self.explainCutFile() }
        do {
            return try LiveWires.open(hardware, as: end) { name in
                let map = try Pinout(name).map
                return Dictionary(
                    uniqueKeysWithValues: map.items.compactMap { item in
                        item.signal.map { (item.wire, $0) }
                    })
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.failed, "\(error)")
        }
    }
}
