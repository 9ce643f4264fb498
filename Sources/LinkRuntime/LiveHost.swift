internal import CaptureStore
public import HostProtocol
public import LivePorts
public import Signals

/// A host that runs: one thread drives its machine.
///
///     let host = LiveHost(configuration: configuration, port: port) { output, time in … }
///     try host.start()
///     host.send(.call(.memory, id: 1))
///     try host.stop()
public final class LiveHost: Sendable {
    private let configuration: HostConfiguration
    private let trace: TracePlan?
    private let wires: String
    private let duty: HostDuty
    private let journal: JournalListener?
    private let end: LiveEnd<HostDuty>

    /// A host that waits to be started.
    ///
    /// - Parameters:
    ///   - wires: the wires in words, for the capture.
    ///   - trace: where the capture goes; nil for none.
    ///   - journal: hears every record of the journal.
    ///   - ended: called once when the link has ended, with why if that was not asked for.
    ///   - output: hears everything that the machine does but for the levels that it drives, on the
    ///     link's thread: it must not wait.
    public init(
        configuration: HostConfiguration, port: any WirePort, wires: String = "",
        trace: TracePlan? = nil, journal: JournalListener? = nil,
        ended: @escaping @Sendable ((any Error)?) -> Void = { _ in },
        output: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void
    ) {
        self.configuration = configuration
        self.trace = trace
        self.wires = wires
        self.journal = journal
        duty = HostDuty(lamps: port, output: output)
        end = LiveEnd(port: port, ended: ended)
    }

    /// Starts the thread, and resets the bridge.
    public func start() throws {
        var metadata = CaptureMetadata.live(
            "the host's end of a live link", wires: wires, trace: trace)
        metadata.extra.append(
            .init(
                key: CaptureMetadata.MachineKey.host,
                value: String(decoding: configuration.text, as: UTF8.self)))
        try end.start(
            HostMachine(configuration: configuration), duty: duty, trace: trace,
            metadata: metadata, journal: journal, first: { _ in [.start] })
    }

    /// Gives the machine an input; false if it has ended, or far too many wait. Never waits.
    @discardableResult
    public func send(_ input: HostMachine.Input) -> Bool { end.post(.input(input)) }

    /// Shows the application's lamp, where there is one.
    public func showLamp(_ level: Level) { end.post(.mail(.lamp(level))) }

    /// Refuses what has not returned, gives the wires back and completes the capture; waits for that.
    /// Throws what had ended the link before, and what went wrong with the capture.
    public func stop() throws {
        end.post(.input(.stop))
        try end.stop()
    }

    /// Why the link has ended by itself.
    public var failure: (any Error)? { end.failure }
    /// Where the capture is.
    public var tracePath: String? { end.tracePath }
    /// Edges that the capture lacks; each stretch of them is a gap in it.
    public var lostEdges: Int64 { end.lostEdges }
}

/// A host's world is its application.
final class HostDuty: EndDuty, Sendable {
    typealias Machine = HostMachine

    enum Mail: Sendable {
        case lamp(Level)
    }

    private let lamps: any WirePort
    private let output: @Sendable (HostMachine.Output, Timestamp) -> Void

    init(
        lamps: any WirePort,
        output: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void
    ) {
        self.lamps = lamps
        self.output = output
    }

    /// A lamp is no input; one that cannot be shown is no reason to end a link.
    func input(of mail: Mail) -> HostMachine.Input? {
        if case .lamp(let level) = mail { try? lamps.show(.application, level) }
        return nil
    }

    /// The host drives `reset` itself.
    func input(ofReset level: Level) -> HostMachine.Input? { nil }

    func perform(
        _ output: HostMachine.Output, of machine: borrowing HostMachine, at now: Timestamp
    ) { self.output(output, now) }

    func end() {}
}
