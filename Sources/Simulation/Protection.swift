import BridgeProtocol
import HostProtocol
import LinkProtocol

/// What keeps messages safe, and can be switched off to see that something notices.
public enum Protection: String, Hashable, Sendable, CaseIterable {
    /// The host sends a publication with qos 1 again that was in flight at a crash of the bridge.
    case resend = "resend-after-crash"
    /// The bridge acknowledges a message when its frame has left the wire.
    case acknowledgeAfterFrame = "acknowledge-after-frame"
    /// The bridge does not read from the broker while its link is busy.
    case flowControl = "flow-control"
    /// Both ends renew subscriptions, each where the other cannot.
    case resubscription
    /// A bridge that was reset takes up the broker's session.
    case resume

    /// Switches it off.
    public func switchOff(in scenario: inout Scenario) {
        switch self {
        case .resend:
            scenario.host.rules.formUnion(ReferenceRules(.publicationLostInCrash))
        case .acknowledgeAfterFrame: scenario.bridge.protections.acknowledgesAfterFrame = false
        case .flowControl: scenario.bridge.protections.flowControl = false
        case .resubscription:
            scenario.bridge.protections.renewsSubscriptions = false
            scenario.host.trials.formUnion(.forgetsSubscriptions)
        case .resume: scenario.bridge.protections.resumes = false
        }
    }
}
