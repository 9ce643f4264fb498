import Signals

/// Which wire may move next on a running link.
///
/// Between two toggles of a clock the other end's clock toggles once, and before it toggles its
/// data may change once. So there are four states, and each allows one or two wires to move.
/// Ref: Documentation/Protocol.md, Bits.
enum HandshakeRule {
    /// Whose toggle is due, and whether its data has changed already.
    typealias State = UInt8

    static let hostTurn: State = 0
    static let hostTurnDataChanged: State = 1
    static let bridgeTurn: State = 2
    static let bridgeTurnDataChanged: State = 3

    /// No wire may bring the link here: the edge breaks the rules.
    static let broken: State = 0xff

    /// The state after one more edge of a wire.
    ///
    /// A packed table: four states by four wires, two bits each, and a mask of what is allowed.
    @inline(__always)
    static func next(_ state: State, _ channel: UInt8) -> State {
        // Bit state * 8 + channel of `allowed`.
        let place = UInt32(state) << 3 | UInt32(channel & 7)
        guard allowed >> place & 1 != 0 else { return broken }
        switch channel {
        case 1: return hostTurnDataChanged
        case 2: return bridgeTurn
        case 3: return bridgeTurnDataChanged
        default: return hostTurn
        }
    }

    /// hostTurn: stx, sckout. hostTurnDataChanged: sckout. bridgeTurn: srx, sckin.
    /// bridgeTurnDataChanged: sckin.
    private static let allowed: UInt32 =
        (0b0000_0110) | (0b0000_0100) << 8 | (0b0001_1000) << 16 | (0b0001_0000) << 24

    /// Whether the bridge is the end that has to toggle.
    static func isBridgesTurn(_ state: State) -> Bool { state >= bridgeTurn }
}
