public import BridgeProtocol
internal import CaptureStore
public import LivePorts
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
    private let journal: JournalListener?
    private let end: LiveEnd<BridgeDuty>

    /// A bridge that waits to be started.
    ///
    /// - Parameters:
    ///   - wires: the wires in words, for the capture.
    ///   - trace: where the capture goes; nil for none.
    ///   - journal: hears every record of the journal.
    ///   - note: hears, in words without secrets, what no record says: why a transport was closed. It is
    ///     called on the link's thread, and must not wait.
    ///   - ended: called once when the link has ended, with why if that was not asked for.
    public init(
        configuration: BridgeConfiguration, port: any WirePort, wires: String = "", ports: Ports,
        trace: TracePlan? = nil, journal: JournalListener? = nil,
        note: @escaping @Sendable (String, Timestamp) -> Void = { _, _ in },
        ended: @escaping @Sendable ((any Error)?) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.trace = trace
        self.wires = wires
        self.journal = journal
        let end = LiveEnd<BridgeDuty>(port: port, ended: ended)
        duty = BridgeDuty(ports: ports, lamps: port, note: note)
        self.end = end
        duty.connect { [weak end] mail in end?.post(.mail(mail)) ?? false }
    }

    /// Starts the thread; the firmware starts if `reset` is released, and else when it is.
    public func start() throws {
        var metadata = CaptureMetadata.live(
            "the bridge's end of a live link", wires: wires, trace: trace)
        metadata.extra.append(
            .init(
                key: CaptureMetadata.MachineKey.bridge,
                value: String(decoding: configuration.text, as: UTF8.self)))
        let duty = duty
        try end.start(
            BridgeMachine(configuration: configuration), duty: duty, trace: trace,
            metadata: metadata, journal: journal,
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
