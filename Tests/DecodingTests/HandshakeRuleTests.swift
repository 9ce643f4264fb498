import Signals
import Testing

@testable import Decoding

@Suite struct HandshakeRuleTests {
    /// Every state by every channel; what is not listed breaks the handshake.
    @Test func theTableAllowsWhatTheProtocolAllowsAndNothingElse() {
        typealias Rule = HandshakeRule
        let allowed: [[UInt8]: Rule.State] = [
            [Rule.hostTurn, Channel.stx.index]: Rule.hostTurnDataChanged,
            [Rule.hostTurn, Channel.sckout.index]: Rule.bridgeTurn,
            [Rule.hostTurnDataChanged, Channel.sckout.index]: Rule.bridgeTurn,
            [Rule.bridgeTurn, Channel.srx.index]: Rule.bridgeTurnDataChanged,
            [Rule.bridgeTurn, Channel.sckin.index]: Rule.hostTurn,
            [Rule.bridgeTurnDataChanged, Channel.sckin.index]: Rule.hostTurn,
        ]
        for state in UInt8(0)...3 {
            for channel in UInt8(0)...4 {
                #expect(
                    Rule.next(state, channel) == allowed[[state, channel]] ?? Rule.broken,
                    "state \(state), channel \(channel)")
            }
        }
    }

    @Test func eachStateIsOneEndsTurn() {
        typealias Rule = HandshakeRule
        #expect(
            [Rule.hostTurn, Rule.hostTurnDataChanged, Rule.bridgeTurn, Rule.bridgeTurnDataChanged]
                .map { Rule.isBridgesTurn($0) } == [false, false, true, true])
    }
}
