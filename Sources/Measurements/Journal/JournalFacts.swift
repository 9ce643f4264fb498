/// What of a journal a capture has.
public struct JournalFacts: Equatable, Sendable {
    /// The inputs and outputs of the host's machine.
    public var hasHost = false
    /// Those of the bridge's machine, its packets among them.
    public var hasBridge = false
    /// What happens around them: faults, arrivals at the broker.
    public var hasSurroundings = false
    /// Faults that were put in.
    public var faultCount: Int64 = 0
    /// Records that could not be read.
    public var damagedCount: Int64 = 0

    /// Whether there is a journal of a machine.
    public var isThere: Bool { hasHost || hasBridge || hasSurroundings }

    /// No journal.
    public init() {}
}
