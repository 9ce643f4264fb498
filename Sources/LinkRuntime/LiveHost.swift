public import HostProtocol
public import LivePorts
public import Signals

/// A host that runs: one thread drives its machine.
public final class LiveHost: Sendable {
    /// A host that waits to be started.
    public init(
        configuration: HostConfiguration, port: any WirePort, wires: String = "",
        trace: TracePlan? = nil,
        ended: @escaping @Sendable ((any Error)?) -> Void = { _ in },
        output: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void
    ) {}

    /// Starts the thread, and resets the bridge.
    public func start() throws {}

    /// Gives the machine an input; false if it has ended, or far too many wait. Never waits.
    @discardableResult
    public func send(_ input: HostMachine.Input) -> Bool { false }

    /// Refuses what has not returned, gives the wires back and completes the capture; waits for that.
    public func stop() throws {}

    /// Why the link has ended by itself.
    public var failure: (any Error)? { nil }
}
