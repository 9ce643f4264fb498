import Decoding
import Signals
import Testing

/// Edges by a letter: `s` and `r` are data of host and bridge, `h` and `b` their clocks.
@Suite struct RecordPlacesTests {
    private func edges(_ letters: String) -> [Edge] {
        let channels: [Character: Channel] = [
            "s": .stx, "h": .sckout, "r": .srx, "b": .sckin,
        ]
        return letters.compactMap { letter in
            channels[letter].map { Edge(time: .zero, channel: $0, level: .high) }
        }
    }

    private func places(_ before: [Int64], old: String, new: String) -> [Int64] {
        var places = RecordPlaces(edgesBefore: before)
        places.passOld(edges(old))
        places.passNew(edges(new))
        places.finish()
        return places.places
    }

    @Test func nothingMovesWhereNothingChanged() {
        let before: [Int64] = [0, 0, 1, 2, 3, 3, 5, 6, 7]
        #expect(places(before, old: "shrbshb", new: "shrbshb") == [0, 0, 1, 2, 3, 3, 5, 6, 7])
    }

    @Test func aRecordStaysBehindTheClockEdgeBeforeIt() {
        #expect(places([1, 2, 3], old: "hbh", new: "shbsh") == [2, 3, 5])
        #expect(places([2, 3, 5], old: "shbsh", new: "hbh") == [1, 2, 3])
    }

    @Test func aRecordBetweenDataAndClockStaysThereIfThereIsData() {
        #expect(places([1], old: "shb", new: "shb") == [1])
        #expect(places([1], old: "shb", new: "hb") == [0])
    }

    @Test func edgesComeInPieces() {
        var places = RecordPlaces(edgesBefore: [2, 4, 4])
        places.passOld(edges("hb"))
        places.passNew(edges("sh"))
        places.passOld(edges("hb"))
        places.passNew(edges("bhsb"))
        places.finish()
        #expect(places.places == [3, 6, 6])
    }
}
