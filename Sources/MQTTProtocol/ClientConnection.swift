import Signals

extension MQTTClient {
    /// A transport that was asked for.
    struct Opening: Sendable {
        /// What is sent first.
        let connect: [UInt8]
        let purpose: Purpose
        let until: Timestamp
    }

    /// A CONNECT that is not answered yet.
    struct Greeting: Sendable {
        var reader: MQTTPacketReader
        let purpose: Purpose
        let until: Timestamp
    }

    /// What a connection is made for.
    enum Purpose: Sendable {
        /// To erase the session that the broker may have.
        case erasing
        /// To be used.
        case using
    }
}

/// A connection on which packets flow, with all that is gone with it.
struct ClientConnection: Sendable {
    var reader: MQTTPacketReader
    /// When the wait for the broker's next bytes began.
    var silentSince: Timestamp
    var nextPing: Timestamp
    /// Since when the owner does not read; nil while it does.
    var stoppedReading: Timestamp?
    /// What was sent of the oldest publication.
    var inFlight: InFlight?
    /// Subscriptions and cancellations that are not acknowledged, oldest first.
    var requests: [Request] = []
    var deliveries = DeliveryWindow()

    /// A publication on its way; the publication itself is the oldest of the client's queue.
    struct InFlight: Sendable {
        /// 0 for qos 0.
        let packetIdentifier: UInt16
        /// When it is written, the last time.
        var written: Timestamp
        /// When the wait for its acknowledgement began.
        var waitsSince: Timestamp
        var repetitions = 0
        /// When it is complete; nil while that is not known.
        var complete: Timestamp?
    }

    /// A subscription or the end of one, on its way.
    struct Request: Sendable {
        enum Kind: Sendable { case subscribe, unsubscribe }

        let kind: Kind
        let packetIdentifier: UInt16
        let filter: [UInt8]
        let tag: Int
        /// When the wait for its acknowledgement began.
        var waitsSince: Timestamp
    }

    /// A connection that has just been accepted.
    init(reader: MQTTPacketReader, isReading: Bool, pingInterval: Nanoseconds, at now: Timestamp) {
        self.reader = reader
        silentSince = now
        nextPing = now + pingInterval
        stoppedReading = isReading ? nil : now
    }

    /// Whether there is room for a message of qos 1, or none for more bytes.
    var canTakeMessage: Bool {
        deliveries.hasRoom || reader.byteCount > MQTTClient.waitingBytesMax
    }

    /// The next moment at which something is due. Without reading nothing can be late.
    func deadline(_ configuration: MQTTClientConfiguration) -> Timestamp {
        var first = nextPing
        if let complete = inFlight?.complete { first = min(first, complete) }
        guard stoppedReading == nil else { return first }
        first = min(first, silentSince + configuration.silenceMax)
        if let inFlight, inFlight.complete == nil {
            first = min(first, inFlight.waitsSince + configuration.responseTime)
        }
        // Requests are sent in order and wait equally long, so the oldest is due first.
        if let request = requests.first {
            first = min(first, request.waitsSince + configuration.responseTime)
        }
        return first
    }

    /// Lets the waits go on where they stood when reading stopped.
    mutating func resumeReading(at now: Timestamp) {
        guard let stopped = stoppedReading else { return }
        stoppedReading = nil
        silentSince = Self.shifted(silentSince, stopped: stopped, resumed: now)
        if let waitsSince = inFlight?.waitsSince {
            inFlight?.waitsSince = Self.shifted(waitsSince, stopped: stopped, resumed: now)
        }
        for index in requests.indices {
            requests[index].waitsSince = Self.shifted(
                requests[index].waitsSince, stopped: stopped, resumed: now)
        }
    }

    /// A wait that began while nothing was read has not begun before now.
    private static func shifted(
        _ start: Timestamp, stopped: Timestamp, resumed: Timestamp
    ) -> Timestamp {
        start <= stopped ? start + (resumed - stopped) : max(start, resumed)
    }
}
