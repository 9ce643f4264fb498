/// The network that a bridge uses. It is asked from one thread and answers on any.
public protocol NetworkPort: AnyObject, Sendable {
    /// Looks for the network, and says what becomes of it; a later request supersedes it.
    ///
    /// - Parameters:
    ///   - network: which one.
    ///   - events: hears that it is there or cannot be had, and then of its loss.
    func associate(
        with network: NetworkChoice, events: @escaping @Sendable (NetworkChange) -> Void)
    /// Leaves the network; nothing more is told of it.
    func dissociate()
}

/// Which network is asked for.
public enum NetworkChoice: Hashable, Sendable {
    /// The default one, which the machine has anyway.
    case remembered
    /// The one that `init` names; the password is **secret**.
    case specified(name: String, password: String)
}

/// What becomes of a network.
public enum NetworkChange: Hashable, Sendable {
    /// It is there, with an address.
    case associated
    /// It cannot be had.
    case failed
    /// It was there, and is gone.
    case lost
}

/// Where a bridge asks for the time.
public protocol TimePort: AnyObject, Sendable {
    /// Whether there is an internet, as far as it is needed to reach a time server; returns at once, and
    /// answers on any thread.
    func queryInternet(onTheWayTo server: String, _ answer: @escaping @Sendable (Bool) -> Void)
    /// The time of a server: nanoseconds since 2000-01-01 00:00 UTC, true at the moment of the answer;
    /// nil: it cannot be had. Returns at once, and answers on any thread.
    func queryTime(of server: String, _ answer: @escaping @Sendable (Int64?) -> Void)
}
