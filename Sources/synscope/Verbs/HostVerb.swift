import ArgumentParser
import HostProtocol
import LinkRuntime
import LinkSetup
import LiveEdges
import Reporting
import Signals

/// `synscope host`: the host's end of a live link.
struct HostVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Run the host's end of a link, for an application in any language.",
        discussion: """
            The host resets its bridge, tells it network and broker, and then does what the application \
            asks for: with --control - one JSON object per line on standard input, and events as JSON \
            lines on standard output (Documentation/Control.md). It outlives crashes of the bridge: \
            subscriptions are renewed, publications with qos 1 are sent again.

            Everything simulated, to try it out: type these lines, wait for the message, then quit.
              synscope host --control -
                {"op":"subscribe","id":1,"topic":"a/#","qos":1}
                {"op":"publish","id":2,"topic":"a/b","message":"hello","qos":1}
                {"op":"quit"}
            On wires in shared memory, or on GPIO lines, with a file of settings:
              synscope host --wires /dev/shm/wires --config net.toml --control - --trace host.syn
              synscope host --wires /dev/shm/wires --set broker=192.168.0.10 \\
                --set ssid=any --set password=any --control -
              synscope host --gpio gpiochip0 --pinout raspberry-pi --config net.toml --control -
            Without --control it runs the link, and tells what happens, until Ctrl-C.

            Settings come from files, then SYNSCOPE_… in the environment, then options; later ones \
            override earlier ones. Documentation/Configuration.md has them all.
            """)

    @OptionGroup var link: LiveOptions

    @OptionGroup var trace: TraceOptions

    @Option(help: "Take requests from standard input and write events to standard output: -")
    var control: String?

    func validate() throws {
        if let control, control != "-" {
            throw ValidationError(
                "--control \(control): only - is known, standard input and output")
        }
    }

    func run() throws {
        let settings = try settings()
        try trace.prepare(link)
        let log = try LiveLog(trace.detail)
        defer { log.finish() }
        let wires = settings.hardware.wires.description
        if control == nil {
            try runAlone(settings, wires: wires, log: log)
        } else {
            try serve(settings, wires: wires, log: log)
        }
    }

    /// Simulated wires need no other settings.
    private func settings() throws -> LinkSettings {
        let settings = try link.settings()
        guard settings.hardware.wires == .simulated else { return settings }
        return try link.settings(over: .simulated)
    }

    private func runAlone(_ settings: LinkSettings, wires: String, log: LiveLog) throws {
        let run = EndRun()
        let host = LiveHost(
            configuration: try configuration(settings),
            port: try link.open(settings.hardware, as: .host), wires: wires, trace: trace.plan,
            journal: log.listener, ended: { _ in run.end() }, output: { _, _ in })
        try host.start()
        log.note("host on \(wires): it resets its bridge and starts; Ctrl-C ends it")
        run.wait()
        try trace.finish(path: host.tracePath, log: log) {
            try host.stop()
            return host.lostEdges
        }
    }

    private func serve(_ settings: LinkSettings, wires: String, log: LiveLog) throws {
        let session = ControlSession(input: 0, output: 1) { count in
            log.note("waits for requests that have not returned (\(count)); Ctrl-C ends it now")
        }
        let host = session.makeLink(
            configuration: try configuration(settings),
            port: try link.open(settings.hardware, as: .host), wires: wires, trace: trace.plan,
            journal: log.listener)
        log.note("host on \(wires): it resets its bridge and starts; requests are lines of JSON")
        let watch = DetachedThread.start {
            EndRun().wait()
            session.requestEnd()
        }
        guard watch == 0 else { throw Failure(.failed, "no thread can be started for Ctrl-C") }
        let end = Monitor<Result<ControlSession.End, any Error>?>(nil)
        Task.detached {
            let result: Result<ControlSession.End, any Error>
            do {
                result = .success(try await session.run(host))
            } catch {
                result = .failure(error)
            }
            end.change {
                $0 = result; return true
            }
        }
        end.wait { $0 != nil }
        try trace.finish(path: host.tracePath, log: log) {
            if case .linkEnded(let words) = try end.read({ $0 })?.get() {
                throw Failure(.failed, words)
            }
            return host.lostEdges
        }
    }

    private func configuration(_ settings: LinkSettings) throws -> HostConfiguration {
        do throws(SettingsFault) {
            return try settings.hostConfiguration()
        } catch {
            throw Failure(.failed, error.description)
        }
    }
}
