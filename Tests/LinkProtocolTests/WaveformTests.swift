import LinkTesting
import Signals
import Testing

/// The drawings that other tests stand on.
@Suite struct WaveformTests {
    static let drawing = """
        reset   ---__-----
        stx     __------__
        sckout  __----__--
        srx     _______-__
        sckin   _______-_-
        """

    @Test func aDrawingBecomesEdgesAndTheEdgesTheSameDrawing() {
        let step = Nanoseconds.microseconds(10)
        let waveform = Waveform(Self.drawing)
        let batch = waveform.edges(step: step)
        let channels: [Channel] = [.reset, .stx, .sckout, .srx, .sckin]
        #expect(
            Waveform(of: batch, channels: channels, from: .zero, step: step, columns: 10)
                == waveform)
    }

    @Test func whatChangesInOneColumnDoesSoInTheOrderOfTheHandshake() {
        let edges = Waveform(Self.drawing).edges(step: .microseconds(1)).edges
        #expect(
            edges.map { "\($0.channel.index)\($0.level == .high ? "-" : "_")" } == [
                "1-", "2-", "0_", "0-", "2_", "3-", "4-", "1_", "3_", "2-", "4_", "4-",
            ])
        #expect(
            edges.prefix(3).map(\.time.nanoseconds) == [2_000, 2_001, 3_000])
    }

    @Test func rowsThatNameNoWireAreLegends() {
        let waveform = Waveform(
            """
            reset  -- _-
                   ^
            a  the host pulls reset
            """)
        #expect(waveform.rows.count == 1)
        #expect(waveform.description == "reset   --_-")
    }
}
