public import LinkProtocol
public import MQTTProtocol

/// Something worth telling that no wire shows.
public enum BridgeEvent: Hashable, Sendable {
    /// The host's pattern was found.
    case synchronised
    /// A frame of the host is no message; the host was told so with UNKNOWN.
    case malformedFrame(MalformedMessage)
    /// A frame of the host was longer than what is kept of one; the host was told so with UNKNOWN.
    case truncatedFrame(droppedCharacters: Int)
    /// A frame of the host did not fit the queue of commands; the host was told so with UNKNOWN.
    case commandsFull(limit: Int)
    /// The parameters of TLS are no dictionary of constants, or hold a key that means nothing here;
    /// the host was told so with UNKNOWN.
    case tlsParametersRefused
    /// A command that MQTT cannot carry; the host was told so with UNKNOWN.
    case commandUnsendable
    /// The broker is connected.
    case connected(sessionPresent: Bool)
    /// The broker does not want this client.
    case connectionRefused(MQTTReturnCode)
    /// There is no connection to the broker, or no longer.
    case connectionLost(ConnectionLoss)
    /// A publication is complete.
    case published(qos: QualityOfService)
    /// A publication was sent again: as a duplicate, or as new after a reconnection.
    case publicationRepeated(asDuplicate: Bool)
    /// The broker has answered a subscription; nil: it refuses.
    case subscribed(filter: [UInt8], granted: MQTTQualityOfService?)
    /// A message of the broker did not get to the host. The topic is empty where the message was not
    /// kept; the length is that of its content, or then of its packet.
    case messageDropped(topic: [UInt8], length: Int, MessageDropReason)
    /// The broker acknowledged what was not sent.
    case acknowledgementUnexpected(packetIdentifier: UInt16)
    /// A message came again while its first delivery was under way.
    case messageRepeated(packetIdentifier: UInt16)
    /// A message came while too many deliveries were under way; the broker will send it again.
    case messagePutOff(packetIdentifier: UInt16)
    /// The link did not send a frame.
    case sendRefused(SendRefusal)
    /// A frame of the bridge's own was dropped, because the host takes none.
    case frameDropped(limit: Int)
    /// A question found no answer in time.
    case unanswered(BridgeQuery)
}

/// Why a message of the broker did not get to the host.
///
/// The raw values stand in captures: never renumber.
public enum MessageDropReason: UInt8, Hashable, Sendable, CaseIterable {
    /// It has bytes that the link cannot carry, and the host reads no escapes.
    case unsendableBytes = 0
    /// It is longer than the link's queue, or than the longest packet.
    case tooLong = 1
    /// Too many messages wait for the host.
    case queueFull = 2
    /// The task that passes messages on has died, as the reference's does.
    case taskDead = 3

    /// The reason in words.
    public var name: StaticString {
        switch self {
        case .unsendableBytes: "bytes that the link cannot carry"
        case .tooLong: "too long"
        case .queueFull: "too many messages wait"
        case .taskDead: "the task is dead"
        }
    }
}

/// What a bridge asks of its surroundings for a command.
///
/// The raw values stand in captures: never renumber.
public enum BridgeQuery: UInt8, Hashable, Sendable, CaseIterable {
    /// Whether there is an internet.
    case internet = 0
    /// What time it is.
    case time = 1
    /// How much memory there is.
    case memory = 2
}

/// Why there is no connection to the broker, without what else the client knows about it.
///
/// The raw values stand in captures: never renumber.
public enum ConnectionLoss: UInt8, Hashable, Sendable, CaseIterable {
    /// Closed by the other end or the network, or never opened.
    case closedByPeer = 0
    /// The transport did not open in time.
    case transportNotOpened = 1
    /// No CONNACK in time.
    case noConnectAcknowledgement = 2
    /// Nothing received for four ping intervals.
    case silence = 3
    /// The broker's bytes are not MQTT 3.1.1.
    case fault = 4
    /// No acknowledgement of a publication or subscription in time.
    case notAcknowledged = 5
    /// A message of qos 2.
    case qualityOfServiceTwo = 6
    /// Ended by the bridge itself.
    case disconnected = 7
    /// A configuration that cannot be sent.
    case unsendable = 8

    /// The reason of a client's loss.
    public init(_ loss: MQTTLoss) {
        switch loss {
        case .closedByPeer: self = .closedByPeer
        case .transportNotOpened: self = .transportNotOpened
        case .noConnectAcknowledgement: self = .noConnectAcknowledgement
        case .silence: self = .silence
        case .fault: self = .fault
        case .notAcknowledged: self = .notAcknowledged
        case .qualityOfServiceTwo: self = .qualityOfServiceTwo
        case .disconnected: self = .disconnected
        case .unsendable: self = .unsendable
        }
    }

    /// The reason in words.
    public var name: StaticString {
        switch self {
        case .closedByPeer: "closed by the peer"
        case .transportNotOpened: "the transport did not open in time"
        case .noConnectAcknowledgement: "no CONNACK in time"
        case .silence: "nothing received for four ping intervals"
        case .fault: "the broker's bytes are not MQTT 3.1.1"
        case .notAcknowledged: "no acknowledgement in time"
        case .qualityOfServiceTwo: "a message of qos 2"
        case .disconnected: "disconnected by the bridge"
        case .unsendable: "a configuration that cannot be sent"
        }
    }
}
