// The law of this file: everything that two correct peers may spell differently is spelled here.

/// A way of writing messages.
///
/// Both can be read by either end.
///
/// Ref: Documentation/Protocol.md, Reference differences.
public enum Dialect: UInt8, Hashable, Sendable, CaseIterable {
    /// What this stack writes: right on its own bridge and on the reference's.
    case current
    /// What the reference writes, byte for byte.
    case reference
}

/// A host's retain flag, with the spelling that it had on the wire.
///
/// The spelling is kept so that a message which was read can be written again byte for byte.
public enum Retain: UInt8, Hashable, Sendable, CaseIterable {
    /// An empty field: not retained.
    case empty
    /// `0`: not retained, although the reference's bridge retains it.
    case digitZero
    /// `1`: retained.
    case digitOne
    /// `False`: not retained, although the reference's bridge retains it.
    case wordFalse
    /// `True`: retained.
    case wordTrue

    /// Whether the broker shall keep the message.
    @inlinable public var isSet: Bool { self == .digitOne || self == .wordTrue }

    /// The flag as this stack writes it.
    @inlinable public init(_ isSet: Bool) { self = isSet ? .digitOne : .empty }

    /// The flag as a dialect writes it in a command (the reference: words in a will, else digits).
    @inlinable public init(_ isSet: Bool, in command: Command, dialect: Dialect) {
        switch (dialect, command) {
        case (.current, _): self.init(isSet)
        case (.reference, .will): self = isSet ? .wordTrue : .wordFalse
        case (.reference, _): self = isSet ? .digitOne : .digitZero
        }
    }

    /// The flag that a field spells; nil when it spells none.
    public init?(_ field: ArraySlice<UInt8>) {
        for spelling in [Retain.empty, .digitZero, .digitOne, .wordFalse, .wordTrue]
        where field.equals(spelling.letters) {
            self = spelling
            return
        }
        return nil
    }

    /// The characters of the field.
    public var letters: StaticString {
        switch self {
        case .empty: ""
        case .digitZero: "0"
        case .digitOne: "1"
        case .wordFalse: "False"
        case .wordTrue: "True"
        }
    }
}

/// How sure a delivery is.
///
/// The link knows 0 and 1; the number of MQTT's 2 is an error. The raw values are those of the wire,
/// and stand in captures: never renumber.
public enum QualityOfService: UInt8, Hashable, Sendable, CaseIterable {
    /// 0: sent once, unacknowledged.
    case atMostOnce = 0
    /// 1: repeated until acknowledged.
    case atLeastOnce = 1
}
