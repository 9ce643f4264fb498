// The law of this file: each kind of fault that can be put in has one name and one number, and this is
// the whole list. The numbers stand in captures: never renumber, and add new ones at the end.

/// What can go wrong in a machine's surroundings, without its measure.
public enum FaultName: Int, Hashable, Sendable, CaseIterable {
    /// The bridge stands still.
    case freeze = 0
    /// The bridge's program dies.
    case crash = 1
    /// The bridge's next boots take long.
    case slowBoot = 2
    /// The network is out of range.
    case wifiOutage = 3
    /// The broker is down.
    case brokerDown = 4
    /// The broker is restarted, and knows what it knew.
    case brokerRestart = 5
    /// The broker is restarted, and has forgotten its sessions.
    case brokerForgets = 6
    /// The connection to the broker breaks.
    case connectionLoss = 7
    /// The connection to the broker stands still.
    case delay = 8
    /// Bytes arrive twice.
    case repeatedBytes = 9
    /// A wire has the wrong level.
    case glitch = 10
    /// An end does not notice an edge.
    case missedEdge = 11

    /// The name in options, files and reports.
    public var name: StaticString {
        switch self {
        case .freeze: "freeze"
        case .crash: "crash"
        case .slowBoot: "slow-boot"
        case .wifiOutage: "wifi-outage"
        case .brokerDown: "broker-down"
        case .brokerRestart: "broker-restart"
        case .brokerForgets: "broker-forgets"
        case .connectionLoss: "connection-loss"
        case .delay: "delay"
        case .repeatedBytes: "repeated-bytes"
        case .glitch: "glitch"
        case .missedEdge: "missed-edge"
        }
    }

    /// Whether it lasts, and can be told how long.
    public var lasts: Bool {
        switch self {
        case .freeze, .slowBoot, .wifiOutage, .brokerDown, .delay, .glitch: true
        case .crash, .brokerRestart, .brokerForgets, .connectionLoss, .repeatedBytes, .missedEdge:
            false
        }
    }
}
