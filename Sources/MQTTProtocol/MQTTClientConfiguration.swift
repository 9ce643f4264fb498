public import Signals

/// How a client connects, and how long it waits for what.
///
/// Times are not negative; what is, counts as zero, and what is beyond ``spanMax`` as that.
public struct MQTTClientConfiguration: Hashable, Sendable {
    /// The client's name at the broker, UTF-8.
    public var clientIdentifier: [UInt8]
    /// The user's name; empty: none, and then no password either.
    public var user: [UInt8] = []
    /// The user's password, **secret**; empty: none.
    public var password: [UInt8] = []
    /// The longest time between two packets of the client, in seconds; 0: no limit.
    public var keepAliveSeconds: UInt16 = 60
    /// The time between two pings where it is shorter than by keepalive, in seconds; 0: by
    /// keepalive.
    public var pingIntervalSeconds: UInt32 = 0
    /// What the broker publishes when the client is gone.
    public var will: MQTTWill?
    /// Whether every connection is clean: the broker keeps nothing between two of them.
    public var cleanSession = true
    /// With `cleanSession` false: take up the session that the broker has, rather than erase it by
    /// a clean connection first.
    public var resumes = false
    /// How long an acknowledgement is waited for before the publication is repeated, and how long
    /// those of subscriptions are waited for at all.
    public var responseTime = Nanoseconds.seconds(10)
    /// How often a publication is repeated before the connection is torn down.
    public var republicationsMax = 4
    /// How long the transport may take to open, and then how long CONNACK may take to come.
    public var connectTimeout = Nanoseconds.seconds(10)
    /// The pause between the clean connection that erases a session and the one that is used.
    public var cleanPause = Nanoseconds.seconds(2)
    /// The longest packet that is kept or sent, in bytes with its fixed header.
    public var packetLengthMax = 65_536
    /// The most subscriptions held, and the most cancellations under way; at most 16,384.
    public var subscriptionsMax = 64
    /// The most publications unfinished, the one in flight included; at most 16,384.
    public var publicationsMax = 64
    /// What the reference adds to the time of its publications.
    public var pacing = Pacing()
    /// Whether subscriptions are renewed at a reconnection. Only tests say no, to see that
    /// something notices.
    public var renewsSubscriptions = true

    /// The longest time that any of these can be: 36 years.
    public static var spanMax: Nanoseconds { Nanoseconds(1 << 60) }

    /// The standard configuration under a client's name.
    public init(clientIdentifier: [UInt8]) { self.clientIdentifier = clientIdentifier }

    /// The time between two pings.
    ///
    /// Ref: Documentation/Protocol.md, Sessions.
    public var pingInterval: Nanoseconds {
        let byKeepAlive =
            keepAliveSeconds == 0
            ? Nanoseconds.seconds(20) : .milliseconds(250 * Int64(keepAliveSeconds))
        if pingIntervalSeconds == 0 { return byKeepAlive }
        return min(byKeepAlive, .seconds(Int64(pingIntervalSeconds)))
    }

    /// The connection is lost when nothing was received for this long.
    public var silenceMax: Nanoseconds { Nanoseconds(4 * pingInterval.count) }

    /// Delays of the reference, which ours does without.
    public struct Pacing: Hashable, Sendable {
        /// How often an acknowledgement is looked for: at the write and at every multiple of this
        /// after it; zero: at once.
        public var acknowledgementPoll = Nanoseconds.zero
        /// How long a publication takes to be written, counted from its `.send`; a qos 0
        /// publication is complete then.
        public var writeDelay = Nanoseconds.zero

        /// No delays, or those given.
        public init(
            acknowledgementPoll: Nanoseconds = .zero, writeDelay: Nanoseconds = .zero
        ) {
            self.acknowledgementPoll = acknowledgementPoll
            self.writeDelay = writeDelay
        }
    }
}

extension MQTTClientConfiguration {
    /// The same within its limits, so that no time or count of it can overflow.
    var limited: MQTTClientConfiguration {
        var limited = self
        limited.responseTime = Self.limited(responseTime)
        limited.connectTimeout = Self.limited(connectTimeout)
        limited.cleanPause = Self.limited(cleanPause)
        limited.pacing.acknowledgementPoll = Self.limited(pacing.acknowledgementPoll)
        limited.pacing.writeDelay = Self.limited(pacing.writeDelay)
        limited.republicationsMax = max(0, republicationsMax)
        limited.packetLengthMax = max(MQTTPacketReader.packetLengthMaxMin, packetLengthMax)
        limited.subscriptionsMax = min(max(1, subscriptionsMax), Self.countMax)
        limited.publicationsMax = min(max(1, publicationsMax), Self.countMax)
        return limited
    }

    /// What a connection says of the client.
    func connect(cleanSession: Bool) -> MQTTConnect {
        MQTTConnect(
            clientIdentifier: clientIdentifier, cleanSession: cleanSession,
            keepAliveSeconds: keepAliveSeconds, will: will, user: user.isEmpty ? nil : user,
            password: user.isEmpty || password.isEmpty ? nil : password)
    }

    /// Far below the number of packet identifiers, so that one is always free.
    private static var countMax: Int { 16_384 }

    private static func limited(_ span: Nanoseconds) -> Nanoseconds {
        min(max(.zero, span), spanMax)
    }
}
