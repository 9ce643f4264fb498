import Signals
import Testing

@Suite struct ChannelTests {
    @Test(arguments: [Int.min, -1, 32, 256, Int.max])
    func anIndexOutsideTheCaptureIsNoChannel(index: Int) {
        #expect(Channel(index: index) == nil)
    }

    @Test func everyIndexInsideIsAChannel() {
        for index in 0..<32 { #expect(Channel(index: index)?.index == UInt8(index)) }
    }

    @Test func maskingDropsTheUpperBits() {
        #expect(Channel(masking: 0xff).index == 31)
        #expect(Channel(masking: 34) == .sckout)
    }

    // Ref: Documentation/Protocol.md, Wires.
    @Test func theFiveWiresHaveTheirFixedPlaces() {
        #expect(Channel.wires.map(\.index) == [0, 1, 2, 3, 4])
        #expect(Channel.wires == [.reset, .stx, .sckout, .srx, .sckin])
        #expect(Channel.wires.allSatisfy { $0.isWire })
        #expect((5..<32).allSatisfy { !Channel(masking: $0).isWire })
    }

    @Test func eachEndDrivesItsOwnClockAndData() {
        #expect(LinkEnd.host.clock == .sckout)
        #expect(LinkEnd.host.data == .stx)
        #expect(LinkEnd.bridge.clock == .sckin)
        #expect(LinkEnd.bridge.data == .srx)
        #expect(LinkEnd.host.peer == .bridge)
        #expect(LinkEnd.bridge.peer == .host)
    }

    @Test func bothEndsNameTheSameWires() {
        #expect(WireNames.all.map(\.channel) == Channel.wires)
        #expect(WireNames.all.map { "\($0.host)" } == ["reset", "stx", "sckout", "srx", "sckin"])
        #expect(WireNames.all.map { "\($0.bridge)" } == ["reset", "mrx", "mckin", "mtx", "mckout"])
    }

    @Test func gapReasonsKeepTheirStoredNumbersAndNames() {
        #expect(GapReason.allCases.map(\.rawValue) == Array(1...10))
        #expect(
            GapReason.allCases.map { "\($0.name)" } == [
                "same-direction", "sequence", "overflow", "damaged", "clock-order", "data-window",
                "framing", "unknown-level", "level-read", "unwatched",
            ])
        #expect(JournalKind.note.rawValue == 1)
        #expect(JournalKind.marker.rawValue == 2)
    }
}
