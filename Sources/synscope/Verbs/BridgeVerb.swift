import ArgumentParser
import BridgeProtocol
import LinkProtocol
import LinkRuntime
import LinkSetup
import LivePorts
import NetworkServices
import Signals

#if Broker
import BrokerConnection
#endif

/// `synscope bridge`: the bridge's end of a live link.
struct BridgeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridge",
        abstract: "Run the bridge's end of a link: it gives a host MQTT.",
        discussion: """
            The bridge waits on its wires for a host, whose `init` tells it everything about the \
            network and the broker. It plays its own reset: while `reset` is low it drives nothing, \
            and on its release it starts anew. Ctrl-C, or SIGTERM, ends it and completes its capture.

            Examples:
              synscope wires create /dev/shm/wires
              synscope bridge --wires /dev/shm/wires
              synscope bridge --wires /dev/shm/wires --trace bridge.syn
              synscope bridge --gpio gpiochip0 --pinout raspberry-pi
              synscope bridge --wires /dev/shm/wires --simulated-broker
            A bridge that can freeze or die needs somebody who resets it:
              synscope wires supervise /dev/shm/wires -- \\
                synscope bridge --wires /dev/shm/wires --trace bridge-%n.syn

            The network is this computer's own. What a host calls the default network, and the one that \
            its `init` names, are `always` there, `never`, or follow an interface:
              synscope bridge --wires /dev/shm/wires --default-network never \\
                --specified-network interface:wlan0
            """)

    @OptionGroup var link: LiveOptions

    @OptionGroup var trace: TraceOptions

    @Option(
        help: """
            The number by which brokers know this bridge, in hexadecimal digits. (default: made of this \
            computer's machine-id and the wires, always the same)
            """)
    var deviceID: String?

    @Option(
        help: "The default network: always, never or interface:NAME.")
    var defaultNetwork = "always"

    @Option(help: "The network that `init` names: always, never or interface:NAME.")
    var specifiedNetwork = "always"

    @Option(
        help: """
            How long the bridge lets a network settle and a loss rest: short, or reference as an ESP8266 \
            does (5 s before it connects).
            """)
    var waits: Waits = .short

    @Flag(help: "Connect to a broker inside this program, whatever `init` says.")
    var simulatedBroker = false

    enum Waits: String, ExpressibleByArgument, CaseIterable { case short, reference }

    func validate() throws {
        if let deviceID, DeviceIdentity.bytes(hexadecimal: deviceID) == nil {
            throw ValidationError("--device-id: two hexadecimal digits a byte, 16 bytes at most")
        }
        _ = try networks()
    }

    func run() throws {
        let hardware = try link.settings().hardware
        let wires = hardware.wires.description
        var configuration = BridgeConfiguration()
        configuration.chipIdentifier =
            deviceID.flatMap { DeviceIdentity.bytes(hexadecimal: $0) }
            ?? DeviceIdentity.bytes(wires: wires)
        if waits == .short { configuration.waits = .short }
        configuration.link.characterSize = try hardware.characterSize()
        let log = try LiveLog(trace.detail)
        let run = EndRun()
        let time = SystemTime { failure in log.note(failure.description) }
        let bridge = LiveBridge(
            configuration: configuration, port: try link.open(hardware, as: .bridge),
            wires: wires, ports: try ports(time), trace: trace.plan,
            journal: log.listener,
            note: { text, time in log.note(text, at: time) },
            ended: { _ in run.end() })
        try bridge.start()
        log.note("bridge on \(wires): it waits for a host; Ctrl-C ends it")
        run.wait()
        defer { log.finish() }
        try trace.finish(path: bridge.tracePath, log: log) {
            try bridge.stop()
            return bridge.lostEdges
        }
    }

    private func ports(_ time: SystemTime) throws -> LiveBridge.Ports {
        let network = try SystemNetwork(networks())
        return LiveBridge.Ports(broker: try broker(), network: network, time: time)
    }

    private func networks() throws -> SystemNetwork.Plan {
        do throws(NetworkSourceError) {
            return .init(
                remembered: try NetworkSource(defaultNetwork),
                specified: try NetworkSource(specifiedNetwork))
        } catch {
            throw ValidationError(error.description)
        }
    }

    private func broker() throws -> any BrokerPort {
        if simulatedBroker { return try SimulatedBrokerPort() }
        #if Broker
        return NIOBrokerPort()
        #else
        throw BuildTrait.missing("Broker", for: "bridge (without --simulated-broker)")
        #endif
    }
}
