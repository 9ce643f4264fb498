public import BridgeProtocol
internal import CaptureStore
public import LivePorts
internal import Replay
public import Signals

/// A bridge that runs: one thread drives its machine, and its ports do what it wants of the world.
public final class LiveBridge: Sendable {
    /// What a bridge reaches the world through.
    public struct Ports: Sendable {
        /// Brokers.
        public var broker: any BrokerPort
        /// The network.
        public var network: any NetworkPort
        /// Time servers.
        public var time: any TimePort

        /// All of them.
        public init(
            broker: any BrokerPort, network: any NetworkPort, time: any TimePort
        ) {
            self.broker = broker
            self.network = network
            self.time = time
        }
    }

    private let configuration: BridgeConfiguration
    private let trace: TracePlan?
    private let wires: String
    private let duty: BridgeDuty
    private let end: LiveEnd<BridgeDuty>

    /// A bridge that waits to be started.
    ///
    /// - Parameters:
    ///   - wires: the wires in words, for the capture.
    ///   - trace: where the capture goes; nil for none.
    ///   - ended: called once when the link has ended, with why if that was not asked for.
    ///   - happening: hears what happens, on the link's thread: it must not wait.
    public init(
        configuration: BridgeConfiguration, port: any WirePort, wires: String = "", ports: Ports,
        trace: TracePlan? = nil,
        ended: @escaping @Sendable ((any Error)?) -> Void = { _ in },
        happening: @escaping @Sendable (Happening, Timestamp) -> Void
    ) {
        self.configuration = configuration
        self.trace = trace
        self.wires = wires
        let end = LiveEnd<BridgeDuty>(port: port, ended: ended)
        duty = BridgeDuty(ports: ports, lamps: port, happening: happening)
        self.end = end
        duty.connect { [weak end] mail in end?.post(.mail(mail)) ?? false }
    }

    /// What happens on a bridge.
    public enum Happening: Sendable {
        /// Its firmware starts, for the first time or after a reset.
        case booted
        /// It is held in reset.
        case reset
        /// What the machine does, but for levels and lamps.
        case output(BridgeMachine.Output)
        /// Why a transport was closed, in words.
        case transportClosed(String)
    }

    /// Starts the thread; the firmware starts if `reset` is released, and else when it is.
    public func start() throws {
        var metadata = CaptureMetadata.live(
            "the bridge's end of a live link", wires: wires, trace: trace)
        metadata.extra.append(
            .init(
                key: RecordedConfiguration.bridgeKey,
                value: String(decoding: configuration.text, as: UTF8.self)))
        let duty = duty
        try end.start(
            BridgeMachine(configuration: configuration), duty: duty, trace: trace,
            metadata: metadata,
            first: { levels in duty.input(ofReset: levels[.reset]).map { [$0] } ?? [] })
    }

    /// Takes the power away, gives the wires back and completes the capture; waits for that. Throws
    /// what had ended the link before, and what went wrong with the capture.
    public func stop() throws {
        end.post(.input(.powerOff))
        try end.stop()
    }

    /// Why the link has ended by itself.
    public var failure: (any Error)? { end.failure }
    /// Where the capture is.
    public var tracePath: String? { end.tracePath }
    /// Edges that the capture lacks; each stretch of them is a gap in it.
    public var lostEdges: Int64 { end.lostEdges }
}
