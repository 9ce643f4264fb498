// The law of this file: each known fault of the reference has one name, and this is the whole list.

public import Signals

/// A fault of the reference that this project does not have.
///
/// A machine imitates a fault while the rule is in its ``ReferenceRules``, and says so each time. The
/// raw values stand in captures: never renumber. Ref: Documentation/Protocol.md, Reference differences.
public enum ReferenceRule: UInt8, Hashable, Sendable, CaseIterable {
    /// The bridge takes every retain field that is not empty for yes; so the host writes `0`.
    case retainAnyNonempty = 0
    /// The bridge ignores surplus fields and reads sloppy numbers.
    case lenientFields = 1
    /// The bridge takes whatever string is next for the answer to SPECNET.
    case networkAnswerAny = 2
    /// The bridge runs ssl_params as program code.
    case tlsParametersEvaluated = 3
    /// The first connection after a boot of the bridge is always clean.
    case rebootErasesQueue = 4
    /// The bridge acknowledges a qos 1 message before the host has it.
    case acknowledgedBeforeDelivery = 5
    /// The bridge puts bytes outside 1 to 126 on the link.
    case unsendableBytes = 6
    /// A task of the bridge dies while the link toggles on.
    case taskDiesAlone = 7
    /// The time is about 2 s old when the bridge sends it.
    case timeLate = 8
    /// The host compares incoming topics literally.
    case wildcardsUnmatched = 9
    /// The host reports a publication that was in flight at a crash as done.
    case publicationLostInCrash = 10
    /// With a will, the host sends pending publications between `w` and `init`.
    case publishBeforeInit = 11
    /// The host sends a pending publication right after `init`.
    case publishBeforeRunning = 12
    /// The host sends a subscription twice that was made before the link was ready.
    case subscribedTwice = 13
    /// The host keeps the flag of WIFI_UP over a crash.
    case readyOutlivesCrash = 14
    /// The host resets at once on a second SPECNET.
    case secondNetworkRefused = 15
    /// The host waits for ever for a PUBOK that stays out.
    case lostPublicationAwaited = 16
    /// The host gives up silently when a bridge boots too slowly.
    case slowBootAwaited = 17
    /// The host trusts whatever follows a pattern found by chance.
    case falseSynchronisation = 18

    /// The rule's name in files, options and reports.
    public var name: StaticString {
        switch self {
        case .retainAnyNonempty: "retain-any-nonempty"
        case .lenientFields: "lenient-fields"
        case .networkAnswerAny: "network-answer-any"
        case .tlsParametersEvaluated: "tls-parameters-evaluated"
        case .rebootErasesQueue: "reboot-erases-queue"
        case .acknowledgedBeforeDelivery: "acknowledged-before-delivery"
        case .unsendableBytes: "unsendable-bytes"
        case .taskDiesAlone: "task-dies-alone"
        case .timeLate: "time-late"
        case .wildcardsUnmatched: "wildcards-unmatched"
        case .publicationLostInCrash: "publication-lost-in-crash"
        case .publishBeforeInit: "publish-before-init"
        case .publishBeforeRunning: "publish-before-running"
        case .subscribedTwice: "subscribed-twice"
        case .readyOutlivesCrash: "ready-outlives-crash"
        case .secondNetworkRefused: "second-network-refused"
        case .lostPublicationAwaited: "lost-publication-awaited"
        case .slowBootAwaited: "slow-boot-awaited"
        case .falseSynchronisation: "false-synchronisation"
        }
    }

    /// The end of the reference that has the fault.
    public var end: LinkEnd {
        switch self {
        case .retainAnyNonempty, .lenientFields, .networkAnswerAny, .tlsParametersEvaluated,
            .rebootErasesQueue, .acknowledgedBeforeDelivery, .unsendableBytes, .taskDiesAlone,
            .timeLate:
            .bridge
        case .wildcardsUnmatched, .publicationLostInCrash, .publishBeforeInit,
            .publishBeforeRunning, .subscribedTwice, .readyOutlivesCrash, .secondNetworkRefused,
            .lostPublicationAwaited, .slowBootAwaited, .falseSynchronisation:
            .host
        }
    }
}

/// Which faults of the reference a machine imitates.
public struct ReferenceRules: OptionSet, Hashable, Sendable {
    /// Bit n is the rule with the raw value n.
    public var rawValue: UInt32

    /// Rules from a bit mask; bits without a rule are kept and mean nothing.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The one rule.
    public init(_ rule: ReferenceRule) { rawValue = 1 << UInt32(rule.rawValue) }

    /// The rules of a dialect: none in the current one, all in the reference's.
    public init(_ dialect: Dialect) {
        rawValue = 0
        guard dialect == .reference else { return }
        for rule in ReferenceRule.allCases { rawValue |= 1 << UInt32(rule.rawValue) }
    }

    /// Whether a fault is imitated.
    @inlinable public func contains(_ rule: ReferenceRule) -> Bool {
        rawValue & 1 << UInt32(rule.rawValue) != 0
    }

    /// These rules without one.
    public func without(_ rule: ReferenceRule) -> ReferenceRules {
        ReferenceRules(rawValue: rawValue & ~(1 << UInt32(rule.rawValue)))
    }
}
