import BridgeProtocol
import LinkRuntime
import LiveEdges
import LivePorts
import Signals
import Testing

/// A live bridge on wires that a test has written down.
@Suite struct LiveBridgeTests {
    /// A world in which nothing ever happens.
    private final class Nowhere: BrokerPort, NetworkPort, TimePort, BrokerTransport {
        func open(
            _ address: BrokerEndpoint, events: @escaping @Sendable (BrokerTransportEvent) -> Void
        ) -> any BrokerTransport { self }
        func send(_ bytes: [UInt8]) {}
        func setReading(_ isReading: Bool) {}
        func close() {}
        func associate(
            with network: NetworkChoice, events: @escaping @Sendable (NetworkChange) -> Void
        ) {}
        func dissociate() {}
        func queryInternet(
            onTheWayTo server: String, _ answer: @escaping @Sendable (Bool) -> Void
        ) {}
        func queryTime(of server: String, _ answer: @escaping @Sendable (Int64?) -> Void) {}
    }

    private static let held = LevelSet(bits: 0)
    private static let released = LevelSet.rest

    /// The inputs of a bridge on these looks, until there are so many.
    private func inputs(_ looks: [LevelSet], count: Int) throws -> [BridgeMachine.Input] {
        let heard = Monitor<[BridgeMachine.Input]>([])
        let nowhere = Nowhere()
        let port = ScriptedPort(.bridge, looks: looks)
        let bridge = LiveBridge(
            configuration: BridgeConfiguration(), port: port,
            ports: .init(broker: nowhere, network: nowhere, time: nowhere),
            journal: { record in
                guard record.kind == .bridgeInput,
                    let input = try? BridgeMachine.Input(record: record.payload)
                else { return }
                heard.change { inputs in
                    inputs.append(input)
                    return true
                }
            })
        try bridge.start()
        heard.wait(atMost: 10_000_000_000) { $0.count >= count }
        let inputs = heard.read { $0 }
        try bridge.stop()
        #expect(port.isClosed)
        return inputs
    }

    @Test func aBridgeWhoseResetIsReleasedStartsAtOnce() throws {
        #expect(try inputs([Self.released], count: 1).first == .boot)
    }

    @Test func aReleaseRightBehindTheFirstLookStartsTheBridgeAndIsNotUndone() throws {
        let inputs = try inputs([Self.held, Self.released], count: 2)
        #expect(Array(inputs.prefix(2)) == [.powerOff, .boot])
    }

    @Test func aPulseOfResetBetweenTwoLooksAtTheWiresLeavesTheBridgeRunning() throws {
        let inputs = try inputs([Self.released, Self.held, Self.released], count: 3)
        #expect(Array(inputs.prefix(3)) == [.boot, .powerOff, .boot])
    }

    @Test func anEndIsStartedOnce() throws {
        let nowhere = Nowhere()
        let bridge = LiveBridge(
            configuration: BridgeConfiguration(), port: ScriptedPort(.bridge, looks: [Self.held]),
            ports: .init(broker: nowhere, network: nowhere, time: nowhere))
        try bridge.start()
        #expect(throws: WireFailure.self) { try bridge.start() }
        try bridge.stop()
    }
}
