import Decoding
import LinkTesting
import Signals
import Testing

@Suite struct WiringCheckTests {
    /// What is found when a drawing is repeated so often that its clocks count as clocks.
    private func findings(
        _ drawing: String, times: Int = 40, silence: Nanoseconds = .zero
    ) -> [WiringCheck.Finding] {
        let batch = Waveform(drawing).edges(step: .microseconds(100))
        var check = WiringCheck(start: .zero, levels: batch.levels)
        var shift = Nanoseconds.zero
        for _ in 0..<times {
            var lap = batch
            for index in lap.edges.indices { lap.edges[index].time = lap.edges[index].time + shift }
            check.take(lap)
            shift = shift + .milliseconds(10)
        }
        return check.findings(at: Timestamp.zero + shift + silence)
    }

    @Test func alinkInGoodOrderIsLeftInPeace() {
        #expect(
            findings(
                """
                stx     __--____----_____
                sckout  _--__--__--__--__
                srx     _______----______
                sckin   __--__--__--__--_
                """) == [])
        // It says nothing, and only the clocks go.
        #expect(findings("sckout _--__--__\nsckin  __--__--_") == [])
    }

    @Test func exchangedWiresAreNamed() {
        #expect(
            findings("sckout _--__--__\nsrx    __--__--_")
                == [.exchanged(clock: .sckin, isSilent: true, movesLikeClock: .srx)])
        #expect(
            findings(
                """
                sckin   __--____----_____
                sckout  _--__--__--__--__
                srx     __--__--__--__--_
                """) == [.exchanged(clock: .sckin, isSilent: false, movesLikeClock: .srx)])
        #expect(
            findings("stx    _--__--__\nsckin  __--__--_")
                == [.exchanged(clock: .sckout, isSilent: true, movesLikeClock: .stx)])
        #expect(
            findings("reset  _--__--__\nsckin  __--__--_")
                == [.exchanged(clock: .sckout, isSilent: true, movesLikeClock: .reset)])
        #expect(findings("stx    _--__--__\nsrx    __--__--_") == [.clocksAreData])
    }

    @Test func aWireThatIsCutOffIsNamed() {
        #expect(
            findings("sckout _--__--__\nstx    __----___")
                == [.neverMoves(.sckin, although: .sckout)])
        #expect(findings("sckin  _--__--__") == [.neverMoves(.sckout, although: .sckin)])
        // A host that has just begun waits for its bridge.
        #expect(findings("sckout _-______", times: 1) == [])
    }

    @Test func aLinkWithoutPowerIsTold() {
        #expect(findings("sckout ____", silence: .seconds(4)) == [])
        #expect(
            findings("sckout ____", times: 0, silence: .seconds(6)) == [.nothingMoves(.seconds(6))])
        #expect(
            findings("sckout _--__--__\nsckin  __--__--", silence: .seconds(7)).count == 1)
    }

    @Test func aBridgeThatIsHeldInResetIsTold() {
        #expect(
            findings("reset  ____\nsckout ____", times: 0, silence: .seconds(5)) == [
                .nothingMoves(.seconds(5)), .resetIsLow(.seconds(5)),
            ])
        #expect(findings("reset  --__\nsckout ____", times: 1, silence: .seconds(1)) == [])
    }
}
