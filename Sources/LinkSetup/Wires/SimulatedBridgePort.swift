public import BridgeProtocol
internal import LinkRuntime
public import LivePorts
internal import NetworkServices
internal import PinFileTransport
public import Signals

/// The host's wires to a bridge inside this program, which is connected to a simulated broker: for
/// trying an application without any hardware or network.
///
/// The bridge is the real one, on a thread of its own, on wires in memory. Only its broker is made up;
/// the network is always there, and the time is this computer's.
public final class SimulatedBridgePort: WirePort {
    private let wires: PinFilePort
    private let bridge: LiveBridge

    /// Starts a bridge that waits for its host.
    public init(_ configuration: BridgeConfiguration) throws {
        let page = try PinPage()
        wires = try PinFilePort(.host, on: page)
        bridge = LiveBridge(
            configuration: configuration, port: try PinFilePort(.bridge, on: page),
            ports: .init(
                broker: try SimulatedBrokerPort(), network: AlwaysNetwork(), time: ClockTime()))
        try bridge.start()
    }

    /// The end whose wires this port drives.
    public var end: LinkEnd { .host }
    /// The levels of the bridge's wires.
    public func read() throws(WireFailure) -> LevelSet { try wires.read() }
    /// Drives one of the host's wires.
    public func drive(_ channel: Channel, _ level: Level) throws(WireFailure) {
        try wires.drive(channel, level)
    }
    /// Drives two of them.
    public func drive(_ first: Drive, _ second: Drive) throws(WireFailure) {
        try wires.drive(first, second)
    }
    /// Shows a lamp that nobody sees.
    public func show(_ lamp: WireLamp, _ level: Level) throws(WireFailure) {
        try wires.show(lamp, level)
    }
    /// Waits for the bridge.
    public func wait(
        whileAt seen: LevelSet, until deadline: UInt64?
    ) throws(WireFailure) -> Bool {
        try wires.wait(whileAt: seen, until: deadline)
    }
    /// Ends a wait.
    public func wake() { wires.wake() }

    /// Gives the wires back, and ends the bridge.
    public func close() {
        wires.close()
        // It has no capture that could fail, and wires in memory do not.
        try? bridge.stop()
    }
}
