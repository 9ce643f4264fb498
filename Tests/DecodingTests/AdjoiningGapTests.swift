import LinkProtocol
import Signals
import Testing

@testable import Decoding

/// A gap that the source tells behind one that the decoder found itself.
@Suite struct AdjoiningGapTests {
    /// A decoder in good order that has just found that rounds are missing up to a moment.
    private static func decoder(lossUntil end: Int64) -> WireDecoder {
        var decoder = WireDecoder()
        decoder.mode = .running
        decoder.emit(gap(1_000, end, .framing))
        return decoder
    }

    private static func gap(_ start: Int64, _ end: Int64, _ reason: GapReason) -> Gap {
        Gap(
            start: Timestamp(nanoseconds: start), end: Timestamp(nanoseconds: end), reason: reason)
    }

    @Test func aGapThatBeginsWhereTheFoundOneEndedIsAnotherLoss() {
        var decoder = Self.decoder(lossUntil: 2_000)
        decoder.handle(Self.gap(2_000, 3_000, .unwatched))
        #expect(decoder.mode == .disordered)
    }

    @Test func aGapThatBeganBeforeTheFoundOneEndedIsTheSameLoss() {
        var decoder = Self.decoder(lossUntil: 2_000)
        decoder.handle(Self.gap(1_500, 3_000, .unwatched))
        #expect(decoder.mode == .running)
    }
}
