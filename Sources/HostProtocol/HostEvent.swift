public import LinkProtocol

// The law of this file: what went wrong, or was done about it, is told here and not acted on.

/// Something worth telling that is no result of a call.
public enum HostEvent: Equatable, Sendable {
    /// The link is synchronised.
    case synchronised
    /// The link's session ended, and why.
    case linkFailed(LinkFailure)
    /// The bridge said what is no message.
    case malformed(MalformedMessage)
    /// The bridge said something that was not due: the answer to nothing, or garbage that happens
    /// to be a message.
    case undue(frame: [UInt8])
    /// The bridge did not say its next word of the start in time.
    case startTimedOut
    /// The bridge did not answer a request in time while the network was up.
    case answerTimedOut
    /// A publication was in flight when the session ended, and will be sent again.
    case publicationKept(id: Int)
    /// A publication was sent again.
    case publicationRepeated(id: Int)
    /// Subscriptions were sent again after a restart.
    case subscriptionsRenewed(count: Int)
    /// The link refused a frame.
    case sendRefused(SendRefusal)
    /// The bridge's frame was longer than is kept.
    case frameTooLong(droppedCharacters: Int)
    /// The configuration, or the will, holds what the link cannot carry: the host has given up, and
    /// waits to be stopped.
    case configurationUnsendable(UnsendableMessage)
}
