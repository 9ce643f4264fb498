internal import Signals

/// What somebody who watches the wires saw at a moment.
struct PinLook {
    /// The moment, by the monotonic clock. The wires were read just before it.
    var time: UInt64
    /// So long before it was the last look, in nanoseconds.
    var blindness: UInt64
    /// The levels of the five wires; ``afterLoss`` beside them.
    var bits: UInt32
    /// How often the clocks had toggled then.
    var toggles = ToggleCounts()

    /// Looks before this one could not be kept.
    static let afterLoss: UInt32 = 1 << 31

    /// The levels of the five wires.
    var levels: LevelSet { LevelSet(bits: bits & 0x1f) }
    /// Looks before this one could not be kept.
    var followsLoss: Bool { bits & Self.afterLoss != 0 }
    /// The moment of the last look.
    var previousTime: UInt64 { time &- blindness }
}
