internal import LiveEdges
public import LivePorts
internal import Signals
internal import Simulation

/// The simulated broker as one that a live bridge can connect to, to try a program without a network.
///
/// One thread of its own has the broker; everything comes to it as an order, in order.
public final class SimulatedBrokerPort: BrokerPort {
    private enum Order: Sendable {
        case open(Int, @Sendable (BrokerTransportEvent) -> Void)
        case send(Int, [UInt8])
        case setReading(Int, Bool)
        case close(Int)
    }

    private struct Orders {
        var waiting: [Order] = []
        var connections = 0
        var isOver = false
    }

    private let orders = Monitor(Orders())

    /// A broker that knows nobody.
    public init() throws(WireFailure) {
        let orders = orders
        guard DetachedThread.start({ Self.run(orders) }) == 0 else {
            throw WireFailure("no thread can be started for the simulated broker")
        }
    }

    deinit {
        orders.change { orders in
            orders.isOver = true
            return true
        }
    }

    /// The most packets that wait for a bridge which does not read.
    private static let unreadMax = 4_096

    /// Opens a transport, which is always there at once.
    public func open(
        _ address: BrokerEndpoint, events: @escaping @Sendable (BrokerTransportEvent) -> Void
    ) -> any BrokerTransport {
        var number = 0
        orders.change { orders in
            orders.connections += 1
            number = orders.connections
            orders.waiting.append(.open(number, events))
            return true
        }
        return Transport(number: number, port: self)
    }

    private func order(_ order: Order) {
        orders.change { orders in
            orders.waiting.append(order)
            return true
        }
    }

    private final class Transport: BrokerTransport {
        private let number: Int
        private let port: SimulatedBrokerPort

        init(number: Int, port: SimulatedBrokerPort) {
            self.number = number
            self.port = port
        }

        func send(_ bytes: [UInt8]) { port.order(.send(number, bytes)) }
        func setReading(_ isReading: Bool) { port.order(.setReading(number, isReading)) }
        func close() { port.order(.close(number)) }
    }

    /// The other end of a transport, as the broker's thread knows it.
    private struct Connection {
        let events: @Sendable (BrokerTransportEvent) -> Void
        var isReading = true
        /// What the broker has sent and the bridge does not read.
        var unread: [[UInt8]] = []
    }

    /// The thread: until nobody can order any more.
    private static func run(_ orders: Monitor<Orders>) {
        var broker = SimulatedBroker()
        var connections: [Int: Connection] = [:]
        let start = MonotonicClock.nanoseconds()
        var isOver = false
        while !isOver {
            var taken: [Order] = []
            let now = MonotonicClock.nanoseconds() - start
            let wait = broker.deadline.map { deadline in
                UInt64(max(0, deadline.nanoseconds - Int64(now)))
            }
            orders.wait(atMost: wait ?? .max) { orders in
                isOver = orders.isOver
                guard !orders.waiting.isEmpty || isOver else { return false }
                swap(&taken, &orders.waiting)
                return true
            }
            let time = Timestamp(nanoseconds: Int64(MonotonicClock.nanoseconds() - start))
            if let deadline = broker.deadline, deadline <= time { broker.handle(.timer, at: time) }
            deliver(&broker, &connections, at: time)
            for order in taken {
                follow(order, &broker, &connections, at: time)
                deliver(&broker, &connections, at: time)
            }
        }
    }

    private static func follow(
        _ order: Order, _ broker: inout SimulatedBroker, _ connections: inout [Int: Connection],
        at time: Timestamp
    ) {
        switch order {
        case .open(let number, let events):
            connections[number] = Connection(events: events)
            broker.handle(.connectionOpened(number), at: time)
            events(.opened)
        case .send(let number, let bytes):
            if connections[number] != nil { broker.handle(.received(number, bytes), at: time) }
        case .setReading(let number, let isReading):
            guard var connection = connections[number] else { return }
            connection.isReading = isReading
            if isReading {
                for bytes in connection.unread { connection.events(.received(bytes)) }
                connection.unread.removeAll()
            }
            connections[number] = connection
        case .close(let number):
            if connections.removeValue(forKey: number) != nil {
                broker.handle(.connectionClosed(number), at: time)
            }
        }
    }

    private static func deliver(
        _ broker: inout SimulatedBroker, _ connections: inout [Int: Connection],
        at time: Timestamp
    ) {
        while let output = broker.nextOutput() {
            switch output {
            case .send(let number, let bytes):
                if connections[number]?.isReading == false {
                    connections[number]?.unread.append(bytes)
                    if connections[number]?.unread.count ?? 0 > unreadMax {
                        broker.handle(.connectionClosed(number), at: time)
                        connections.removeValue(forKey: number)?.events(
                            .closed(because: "too much was not read"))
                    }
                } else {
                    connections[number]?.events(.received(bytes))
                }
            case .close(let number):
                connections.removeValue(forKey: number)?.events(
                    .closed(because: "closed by the broker"))
            case .arrived, .acknowledged: break
            }
        }
    }
}
