public import LivePorts

/// The networks of this machine: which one stands for the bridge's default network, and which for
/// those that a host names.
///
/// A bridge on a chip joins a Wi-Fi; here the system does, and the port looks whether it has. A
/// network that is an ``NetworkSource/interface(_:)`` is there as soon as the interface is up with
/// carrier and address, and lost when one of these goes. While it is not there the port waits and says
/// nothing, even when no such interface exists: a stick may be plugged in, and the bridge gives up by
/// itself in time (16 s). Only ``NetworkSource/never`` fails. After a loss nothing more is told until
/// the bridge asks anew, which it does.
///
/// A loss that ends before the thread has looked, a fraction of a millisecond, goes unnoticed.
public final class SystemNetwork: NetworkPort {
    /// Which network is what.
    public struct Plan: Hashable, Sendable {
        /// The default network, which the chip would remember.
        public var remembered: NetworkSource
        /// The network that a host names, unless ``named`` has it.
        public var specified: NetworkSource
        /// Networks by name, for those that differ.
        public var named: [String: NetworkSource]

        /// A plan; networks are always there unless it says otherwise.
        public init(
            remembered: NetworkSource = .always, specified: NetworkSource = .always,
            named: [String: NetworkSource] = [:]
        ) {
            self.remembered = remembered
            self.specified = specified
            self.named = named
        }

        /// What stands for a network. The password is not looked at: the system has its own.
        func source(of network: NetworkChoice) -> NetworkSource {
            switch network {
            case .remembered: remembered
            case .specified(let name, _): named[name] ?? specified
            }
        }

        var watchesInterfaces: Bool {
            ([remembered, specified] + named.values).contains {
                if case .interface = $0 { true } else { false }
            }
        }
    }

    /// Which network is what.
    public let plan: Plan
    private let association: Association
    private let watch: InterfaceWatch?

    /// Begins to watch the interfaces, if the plan has any.
    public init(_ plan: Plan) throws(NetworkFailure) {
        self.plan = plan
        association = Association()
        watch = plan.watchesInterfaces ? try InterfaceWatch(association) : nil
    }

    deinit { watch?.end() }

    /// Looks for a network. `events` hears of it in this call or on the port's own thread, one event
    /// after the other, and must not wait.
    public func associate(
        with network: NetworkChoice, events: @escaping @Sendable (NetworkChange) -> Void
    ) {
        association.begin(with: plan.source(of: network), events: events)
        watch?.look()
    }

    /// Leaves the network. When it returns no event is being told, unless it is called by one.
    public func dissociate() { association.end() }
}
