public import MQTTProtocol
public import Signals

/// An MQTT 3.1.1 broker without input or output: connections are numbers, bytes go in and out, and
/// time is what its owner says.
///
///     broker.handle(.received(connection, bytes), at: now)
///     while let output = broker.nextOutput() { … }
///     wake it no later than broker.deadline
///
/// It does qos 0 and 1, retained messages, wills, wildcards, sessions that outlive their
/// connections, and clients that take over each other. Its choices, where the standard leaves any:
///
/// * A message that several filters of one client choose comes once, with the best of their qos.
/// * Messages of qos 0 for a client that is not there are dropped.
/// * Filters are granted qos 1 at most, and a will of qos 2 has qos 1. A PUBLISH of qos 2 closes
///   its connection, as there is no way to refuse it.
/// * Whatever breaks the standard closes the connection, and the will is published.
///
/// The same inputs give the same outputs: clients, filters and kept messages have the order in
/// which they came. Ref: MQTT 3.1.1.
public struct SimulatedBroker: StateMachine, Sendable {
    /// Everything that can influence the broker.
    public enum Input: Sendable {
        /// A client has opened a connection, to which the owner gives a number of its own.
        case connectionOpened(Int)
        /// A connection is gone: the network lost it, or its client closed it. Means nothing for
        /// one that the broker closed itself.
        case connectionClosed(Int)
        /// A client's bytes, in whatever pieces.
        case received(Int, [UInt8])
        /// A client that needs no connection here publishes a message. A qos of 2 counts as 1.
        case publish(
            topic: [UInt8], message: [UInt8], qos: MQTTQualityOfService, isRetained: Bool)
        /// Time has passed.
        case timer
    }

    /// Everything the broker can do.
    public enum Output: Equatable, Sendable {
        /// Send these bytes on a connection.
        case send(Int, [UInt8])
        /// Close a connection, after everything sent on it has left.
        case close(Int)
        /// A message was accepted: published by anybody, or the will of a client that is gone.
        case arrived(BrokerArrival)
        /// A subscriber has acknowledged a qos 1 message.
        case acknowledged(BrokerDelivery)
    }

    /// What the broker does with its clients, and how much it keeps; limits are applied.
    public let configuration: Configuration
    /// How many messages were dropped because too many waited for a client.
    public internal(set) var droppedMessages = 0

    /// In the order in which they were opened.
    var clients: [BrokerClient] = []
    /// In the order in which they began.
    var sessions: [BrokerSession] = []
    /// One for each topic, in the order in which their topics were first kept.
    var retained: [BrokerMessage] = []
    /// How many clients without a name were given one.
    var namelessClients = 0
    private var outputs = WorkList<Output>()

    /// A broker that knows nobody.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration.limited
    }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .connectionOpened(let connection):
            // A number that is given again says that its old connection is gone.
            leave(connection, at: now)
            clients.append(
                BrokerClient(
                    connection: connection, packetLengthMax: configuration.packetLengthMax,
                    at: now))
        case .connectionClosed(let connection): leave(connection, at: now)
        case .received(let connection, let bytes): receive(bytes, from: connection, at: now)
        case .publish(let topic, let message, let qos, let isRetained):
            accept(
                BrokerArrival(
                    topic: topic, message: message, qos: min(qos, .atLeastOnce),
                    isRetained: isRetained), at: now)
        case .timer: fireDeadlines(at: now)
        }
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst() }

    /// When the broker wants to be woken at the latest.
    public var deadline: Timestamp? {
        var first: Timestamp?
        for client in clients {
            if let deadline = client.deadline { first = min(first ?? deadline, deadline) }
        }
        guard let retryInterval = configuration.retryInterval else { return first }
        for session in sessions where session.connection != nil {
            for message in session.inFlight {
                let retry = message.sent + retryInterval
                first = min(first ?? retry, retry)
            }
        }
        return first
    }

    /// The broker was killed and started again. All connections are gone, which their owner closes,
    /// and no will is published. Kept messages and sessions are still there, or lost too.
    public mutating func restart(keepingSessions: Bool) {
        clients.removeAll()
        outputs.removeAll()
        guard keepingSessions else {
            sessions.removeAll()
            retained.removeAll()
            return
        }
        sessions.removeAll { $0.isClean }
        for index in sessions.indices { sessions[index].connection = nil }
    }

    mutating func append(_ output: Output) { outputs.append(output) }

    mutating func send(_ packet: MQTTPacket, to connection: Int) {
        if let bytes = try? packet.encoded() { append(.send(connection, bytes)) }
    }

    func clientIndex(of connection: Int) -> Int? {
        clients.firstIndex { $0.connection == connection }
    }

    func sessionIndex(of clientIdentifier: [UInt8]) -> Int? {
        sessions.firstIndex { $0.clientIdentifier == clientIdentifier }
    }

    func sessionIndex(on connection: Int) -> Int? {
        sessions.firstIndex { $0.connection == connection }
    }
}
