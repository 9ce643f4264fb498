public import LinkProtocol
public import Signals

// The law of this file: everything that an application can ask of a host is a case here.

/// What an application asks for.
public enum HostCall: Equatable, Sendable {
    /// Publish; returns when the bridge has reported it done.
    case publish(topic: [UInt8], message: [UInt8], isRetained: Bool, qos: QualityOfService)
    /// Subscribe to a topic filter; returns at once, and is renewed at every start of the bridge.
    case subscribe(filter: [UInt8], qos: QualityOfService)
    /// Forget a subscription: its messages are no longer given out, and it is not renewed. The
    /// link has no word for it, so the broker goes on sending until the bridge starts anew.
    case unsubscribe(filter: [UInt8])
    /// The time; asked for again after `pause` as long as the bridge does not know it.
    ///
    /// In seconds since 1970-01-01 00:00 UTC, or with `countsFrom2000` since 2000-01-01.
    case time(pause: Nanoseconds, countsFrom2000: Bool)
    /// The free and the allocated memory of the bridge.
    case memory
    /// A command of the application's own, separators included; returns when it has left the wire.
    case command([UInt8])
    /// Reset the bridge although nothing is wrong.
    case restart
}

/// What became of a call.
public enum HostResult: Equatable, Sendable {
    /// It is done.
    case done
    /// A publication with qos 0 was sent once, and the bridge crashed before it answered.
    case unconfirmed
    /// The time, in seconds since the epoch that was asked for.
    case time(Int64)
    /// The bridge's memory, in bytes.
    case memory(free: Int64, allocated: Int64)
    /// Nothing was done, and why.
    case refused(HostRefusal)
}

/// Why a call is refused.
public enum HostRefusal: Hashable, Sendable {
    /// The link cannot carry it.
    case unsendable(UnsendableMessage)
    /// A publication's topic must not hold the wildcards `+` and `#`.
    case wildcardInTopic
    /// The topic filter is none: a wildcard is not a whole level, or `#` is not the last.
    case malformedFilter
    /// Its frame would be longer than this.
    case tooLong(limit: Int)
    /// As many wait as may wait.
    case queueFull(limit: Int)
    /// There is no such subscription.
    case notSubscribed
    /// The host was stopped, or is not started.
    case stopped

    /// The refusal without its details, as records have it.
    public var kind: HostOutputRecord.Refusal {
        switch self {
        case .unsendable: .unsendable
        case .wildcardInTopic: .wildcardInTopic
        case .malformedFilter: .malformedFilter
        case .tooLong: .tooLong
        case .queueFull: .queueFull
        case .notSubscribed: .notSubscribed
        case .stopped: .stopped
        }
    }

    /// The refusal in words.
    public var words: StaticString { kind.words }
}

/// What an application says to a status that has to be answered.
///
/// The raw values stand in captures: never renumber.
public enum StatusAnswer: UInt8, Hashable, Sendable, CaseIterable {
    /// SPECNET: use the network of `init`. A fatal status: go on with the reset.
    case proceed = 0
    /// Reset the bridge.
    case reset = 1
}
