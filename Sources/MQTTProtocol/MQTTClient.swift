public import Signals

/// An MQTT 3.1.1 client for qos 0 and 1, without a transport of its own.
///
///     idle -> opening -> greeting -> connected -> idle …
///                           |   ^
///                           v   |
///                          pausing
///
/// * *idle*: no connection is wanted. `.connect` leaves it.
/// * *opening*: `.openTransport` was said; `.transportOpened` or `.transportClosed` is due.
/// * *greeting*: CONNECT was sent; CONNACK is due.
/// * *pausing*: a clean connection has erased the broker's session and was closed; a moment later
///   the one that is used is opened.
/// * *connected*: packets flow.
///
/// Every `.connect` that finds the client idle ends in `.connected`, `.refused` or `.lost`, and
/// every `.connected` in `.lost`; after `.refused` and `.lost` the client is idle, and its owner
/// decides when to connect again. It then starts anew with a new transport: after `.closeTransport`
/// the owner says nothing more of the old one.
///
/// What was asked of the client outlives connections: publications that are not finished are sent
/// again, in order and under new packet identifiers; subscriptions are renewed before them. What
/// the broker sent does not: a qos 1 message that was not acknowledged comes again.
///
/// One publication is in flight at a time. A qos 1 message is acknowledged once its owner says
/// `.delivered`, and in the order of arrival, whatever the order of those inputs.
///
/// While its owner does not want to read, the client waits for nothing that only reading brings:
/// the response and silence deadlines stand still, and pings go on. Messages whose bytes were under
/// way are still passed on. A new transport reads until CONNACK has come, whatever was said.
/// Ref: Documentation/Protocol.md, Sessions and Publishing.
public struct MQTTClient: StateMachine, Sendable {
    /// Everything that can influence the client.
    public enum Input: Sendable {
        /// A connection is wanted, the first or another. Means nothing unless the client is idle.
        case connect
        /// The transport that was asked for is open.
        case transportOpened
        /// The transport was closed by the other end or the network, or cannot be opened.
        case transportClosed
        /// The broker's bytes, in whatever pieces.
        case received([UInt8])
        /// Send a message, now or as soon as that is possible. `tag` comes back with the outcome.
        case publish(
            topic: [UInt8], message: [UInt8], isRetained: Bool, qos: MQTTQualityOfService, tag: Int)
        /// Hold a subscription, and renew it at every reconnection. A filter that is held already
        /// changes its qos and its tag.
        case subscribe(filter: [UInt8], qos: MQTTQualityOfService, tag: Int)
        /// Hold a subscription no longer.
        case unsubscribe(filter: [UInt8], tag: Int)
        /// The message with this delivery number is where it should be. Numbers of earlier
        /// connections are ignored.
        case delivered(Int)
        /// Whether the owner can take more messages. It can at first.
        case setReading(Bool)
        /// End the connection, or the attempt at one, with a DISCONNECT where that is possible.
        case disconnect
        /// Time has passed.
        case timer
    }

    /// Everything the client can do.
    public enum Output: Equatable, Sendable {
        /// Open a transport to the broker, and say so or that it was closed.
        case openTransport
        /// Close the transport, after everything sent on it has left.
        case closeTransport
        /// Send these bytes on the transport.
        case send([UInt8])
        /// Read from the transport, or stop reading. A new transport reads.
        case setReading(Bool)
        /// Packets flow.
        case connected(sessionPresent: Bool)
        /// The broker does not want this client.
        case refused(MQTTReturnCode)
        /// There is no connection, or no longer.
        case lost(MQTTLoss)
        /// A publication is complete: qos 0 when it is written, qos 1 when it is acknowledged.
        case published(tag: Int)
        /// A publication was sent again: as a duplicate after the response time, or as new after a
        /// reconnection.
        case repeated(tag: Int, asDuplicate: Bool)
        /// The broker has answered a subscription, the first time or at a renewal; nil: it refuses.
        /// A refused subscription stays held.
        case subscribed(tag: Int, granted: MQTTQualityOfService?)
        /// The broker has acknowledged the end of a subscription.
        case unsubscribed(tag: Int)
        /// A message. One with a delivery number is acknowledged after `.delivered`.
        case message(MQTTMessage, delivery: Int?)
        /// Something came to nothing.
        case dropped(MQTTDrop)
    }

    /// The most qos 1 messages that can wait for `.delivered`.
    public static var deliveriesMax: Int { 1_024 }

    /// With so many, packets that have arrived wait as bytes, up to this many of them. An owner that
    /// reads on and on loses what comes then, until the broker sends it again.
    public static var waitingBytesMax: Int { 1 << 20 }

    /// Where the client is between no connection and a connection that is used. What a connection
    /// needs lies in its state, and is gone with it.
    enum State: Sendable {
        /// No connection is wanted.
        case idle
        /// The transport was asked for.
        case opening(Opening)
        /// CONNECT was sent.
        case greeting(Greeting)
        /// The broker's session is erased; nothing is open.
        case pausing(until: Timestamp)
        /// Packets flow.
        case connected(ClientConnection)
    }

    /// How the client connects, and how long it waits for what; limits are applied.
    public let configuration: MQTTClientConfiguration

    var state = State.idle
    /// A clean connection has erased the broker's session.
    var hasErasedSession = false
    /// The owner can take messages.
    var isReading = true
    /// Not complete, oldest first; the first may be in flight.
    var publications = PublicationQueue()
    var subscriptions = SubscriptionBook()
    /// The packet identifier used last.
    var lastIdentifier: UInt16 = 0
    /// The delivery number given last; over all connections, so that old numbers name nothing.
    var lastDelivery = 0
    /// As long as what the bytes of one input hold, and once for each thing that waits.
    var outputs = WorkList<Output>()

    /// A client that is idle.
    public init(configuration: MQTTClientConfiguration) {
        self.configuration = configuration.limited
    }

    /// Whether packets flow.
    public var isConnected: Bool { if case .connected = state { true } else { false } }

    /// Whether no connection is there or under way.
    public var isIdle: Bool { if case .idle = state { true } else { false } }

    /// The number of publications that are not complete.
    public var unfinishedPublications: Int { publications.count }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .connect: connect(at: now)
        case .transportOpened: greet(at: now)
        case .transportClosed: transportClosed()
        case .received(let bytes): receive(bytes, at: now)
        case .publish(let topic, let message, let isRetained, let qos, let tag):
            publish(
                MQTTPublish(topic: topic, message: message, qos: qos, isRetained: isRetained),
                tag: tag, at: now)
        case .subscribe(let filter, let qos, let tag):
            subscribe(MQTTSubscription(filter: filter, qos: qos), tag: tag, at: now)
        case .unsubscribe(let filter, let tag): unsubscribe(filter, tag: tag, at: now)
        case .delivered(let number): delivered(number, at: now)
        case .setReading(let isReading): setReading(isReading, at: now)
        case .disconnect: disconnect()
        case .timer: fireDeadlines(at: now)
        }
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst() }

    /// When the client wants to be woken at the latest.
    public var deadline: Timestamp? {
        switch state {
        case .idle: nil
        case .opening(let opening): opening.until
        case .greeting(let greeting): greeting.until
        case .pausing(let until): until
        case .connected(let connection): connection.deadline(configuration)
        }
    }
}
