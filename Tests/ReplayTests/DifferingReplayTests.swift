import Decoding
import LinkProtocol
import LinkTesting
import Replay
import Signals
import Testing

/// A machine that does what the schedule says, against a capture that shows something else.
///
/// The schedule comes from the recording as it was; the edges that the machine is compared with
/// have been changed in one place. That stands for a machine whose behaviour has changed.
@Suite struct DifferingReplayTests {
    private let recording = conversation().recording

    private func result(of end: LinkEnd, against edited: EdgeBatch) -> LinkReplayResult {
        var decoder = LinkDecoder()
        var schedule = LinkSchedule()
        let batch = recording
        let last = recording.edges.last?.time ?? .zero
        decoder.decode(batch)
        decoder.finish(at: last)
        for event in decoder.takeEvents() { schedule.handle(event) }
        var replay = LinkReplay(end: end, schedule: schedule)
        replay.feed(edited)
        return replay.finish(at: last)
    }

    /// The place among all edges of an end's clock edge that announces one of its bits.
    private func clockEdge(ofBit bit: Int, from end: LinkEnd) -> Int {
        recording.edges.indices.filter { recording.edges[$0].channel == end.clock }[bit]
    }

    private func bits(of end: LinkEnd) -> [UInt8] {
        var data: Level = .low
        var bits: [UInt8] = []
        for edge in recording.edges {
            if edge.channel == end.data { data = edge.level }
            if edge.channel == end.clock { bits.append(data.rawValue) }
        }
        return bits
    }

    /// The recording with an end's data edges drawn anew from other bits.
    private func recording(with bits: [UInt8], of end: LinkEnd) -> EdgeBatch {
        var edited = recording
        edited.edges = []
        var data: Level = .low
        var bit = 0
        for edge in recording.edges where edge.channel != end.data {
            if edge.channel == end.clock {
                let level = Level(bit: bits[bit])
                if level != data {
                    edited.edges.append(
                        Edge(time: edge.time - Nanoseconds(50), channel: end.data, level: level))
                    data = level
                }
                bit += 1
            }
            edited.edges.append(edge)
        }
        return edited
    }

    @Test func drawnAnewFromItsOwnBitsTheRecordingIsTheSame() {
        for end in LinkEnd.allCases {
            let edited = recording(with: bits(of: end), of: end)
            #expect(edited.edges.count == recording.edges.count)
            #expect(result(of: end, against: edited).verdict == .same)
        }
    }

    @Test(arguments: LinkEnd.allCases)
    func aFlippedBitDiffersAtThatBitAndIsSeenInThePictures(end: LinkEnd) throws {
        let original = bits(of: end)
        // From the last bit of the pattern on: a host without a pattern has no conversation.
        for bit in stride(from: 10, to: original.count - 20, by: 7) {
            var flipped = original
            flipped[bit] ^= 1
            let result = result(of: end, against: recording(with: flipped, of: end))
            let divergence = try #require(result.divergence, "bit \(bit)")
            #expect(result.verdict == .differs)
            #expect(divergence.bit == Int64(bit))
            #expect(divergence.session == 1)
            let shown = bit - Int(divergence.firstShownBit)
            try #require(divergence.expectedBits.indices.contains(shown))
            try #require(divergence.foundBits.indices.contains(shown))
            #expect(divergence.expectedBits[..<shown] == divergence.foundBits[..<shown])
            #expect(divergence.expectedBits[shown] == flipped[bit])
            #expect(divergence.foundBits[shown] == original[bit])
            let first = Int(divergence.firstShownBit)
            let last = first + divergence.expectedBits.count
            #expect(divergence.expectedBits == Array(flipped[first..<last]), "bit \(bit)")
            #expect(divergence.foundBits.count == divergence.expectedBits.count)
            #expect(divergence.foundBits == Array(original[first..<last]), "bit \(bit)")
            #expect(shown >= 7)
            #expect(last - bit >= 6)
        }
    }

    @Test(arguments: LinkEnd.allCases)
    func aSurplusDataEdgeIsExpectedAndTheMachinesClockIsFound(end: LinkEnd) throws {
        let bit = try #require(
            (10..<200).first {
                recording.edges[clockEdge(ofBit: $0, from: end) - 1].channel != end.data
                    && bits(of: end)[$0] == 0
            })
        let place = clockEdge(ofBit: bit, from: end)
        var edited = recording
        let surplus = Edge(
            time: edited.edges[place].time - Nanoseconds(1), channel: end.data, level: .high)
        edited.edges.insert(surplus, at: place)
        let divergence = try #require(result(of: end, against: edited).divergence)
        #expect(divergence.expected == surplus)
        #expect(divergence.found?.channel == end.clock)
        #expect(divergence.found?.level == recording.edges[place].level)
        #expect(divergence.bit == Int64(bit))
        #expect(divergence.time == surplus.time)
    }

    @Test(arguments: LinkEnd.allCases)
    func aMissingDataEdgeIsFoundAndTheCapturesClockIsExpected(end: LinkEnd) throws {
        let place = try #require(
            recording.edges.indices.dropFirst(400).first { recording.edges[$0].channel == end.data }
        )
        let bit = recording.edges[..<place].count { $0.channel == end.clock }
        var edited = recording
        let missing = edited.edges.remove(at: place)
        let divergence = try #require(result(of: end, against: edited).divergence)
        #expect(divergence.found?.channel == end.data)
        #expect(divergence.found?.level == missing.level)
        #expect(divergence.expected == recording.edges[place + 1])
        #expect(divergence.bit == Int64(bit))
    }

    @Test(arguments: LinkEnd.allCases)
    func dataBehindItsClockIsTheWrongOrder(end: LinkEnd) throws {
        let place = try #require(
            recording.edges.indices.dropFirst(400).first { recording.edges[$0].channel == end.data }
        )
        let bit = recording.edges[..<place].count { $0.channel == end.clock }
        var edited = recording
        edited.edges.swapAt(place, place + 1)
        let divergence = try #require(result(of: end, against: edited).divergence)
        #expect(divergence.expected?.channel == end.clock)
        #expect(divergence.found?.channel == end.data)
        #expect(divergence.bit == Int64(bit))
    }

    @Test(arguments: LinkEnd.allCases)
    func anEdgeToTheWrongLevelDiffers(end: LinkEnd) throws {
        for channel in [end.clock, end.data] {
            let place = try #require(
                recording.edges.indices.dropFirst(400).first {
                    recording.edges[$0].channel == channel
                })
            var edited = recording
            edited.edges[place].level = edited.edges[place].level.toggled
            let divergence = try #require(result(of: end, against: edited).divergence)
            #expect(divergence.expected == edited.edges[place])
            #expect(divergence.found?.channel == channel)
            #expect(divergence.found?.level == recording.edges[place].level)
        }
    }

    @Test(arguments: LinkEnd.allCases)
    func aMissingClockEdgeIsToldWhenTheOtherEndMovesOn(end: LinkEnd) throws {
        let place = clockEdge(ofBit: 40, from: end)
        var edited = recording
        let missing = edited.edges.remove(at: place)
        let divergence = try #require(result(of: end, against: edited).divergence)
        #expect(divergence.expected == nil)
        #expect(divergence.found?.channel == missing.channel)
        #expect(divergence.found?.level == missing.level)
        #expect(divergence.bit == 40)
        #expect(divergence.time > missing.time)
    }

    @Test(arguments: LinkEnd.allCases)
    func aToggleOutOfTurnIsExpectedAndNothingFound(end: LinkEnd) throws {
        let place = clockEdge(ofBit: 40, from: end)
        var edited = recording
        var surplus = edited.edges[place]
        surplus.time = surplus.time + Nanoseconds(1)
        surplus.level = surplus.level.toggled
        edited.edges.insert(surplus, at: place + 1)
        let divergence = try #require(result(of: end, against: edited).divergence)
        #expect(divergence.expected == surplus)
        #expect(divergence.found == nil)
        #expect(divergence.bit == 41)
    }

    @Test(arguments: LinkEnd.allCases)
    func anotherCharacterFromThePeerIsAnotherFrame(end: LinkEnd) throws {
        var flipped = bits(of: end.peer)
        // The lowest bit of the peer's first character: `p` becomes `q`, `t` becomes `u`.
        let bit = try #require(flipped.indices.dropFirst(9).first { flipped[$0] == 1 }) - 2
        flipped[bit - (end.peer == .host ? 2 : 0)] ^= 1
        let result = result(of: end, against: recording(with: flipped, of: end.peer))
        let divergence = try #require(result.divergence)
        guard case .received(let expected, let found) = divergence.kind else {
            Issue.record("\(result.story)")
            return
        }
        #expect(expected != found)
        #expect(expected == (end == .host ? characters("t|5") : characters("p|out/a|hello|1|0")))
        #expect(expected.dropFirst() == found.dropFirst())
    }

    @Test func theFrameUnderWayIsNamed() throws {
        // `i` is the host's last frame, 0x69: its bit 3 of character 0 is 1.
        let original = bits(of: .host)
        let tail = try #require(original.lastIndex(of: 1))
        var flipped = original
        flipped[tail] ^= 1
        let result = result(of: .host, against: recording(with: flipped, of: .host))
        let frame = try #require(result.divergence?.frame)
        #expect(frame.number == 3)
        #expect(drawn(frame.text) == "i")
        #expect(frame.character == 0)
        #expect(frame.bitInCharacter == 6)
        #expect(result.divergence?.equalFrames == 2)
        #expect(result.sentFrames >= 2)
    }

    @Test func aMachineWithEightBitsDiffersFromACaptureWithSeven() throws {
        let replayed = replay(recording, size: .seven, machineSize: .eight)
        for end in LinkEnd.allCases {
            #expect(replayed[end].verdict == .differs, "\(replayed[end].story)")
        }
    }

    @Test func aHostThatSendsAnythingBetweenPatternAndCharactersDiffers() throws {
        var flipped = bits(of: .host)
        #expect(flipped[8] == 0)
        flipped[8] = 1
        let replayed = replay(recording(with: flipped, of: .host))
        let divergence = try #require(replayed.host.divergence)
        #expect(divergence.bit == 8)
        #expect(divergence.expectedBits.last == 0)
        // The bridge skips that bit.
        #expect(replayed.bridge.verdict == .same, "\(replayed.bridge.story)")
    }

    @Test func clocksBeforeDataAtTheStartDiffer() throws {
        var edited = recording
        edited.edges.swapAt(0, 1)
        let divergence = try #require(result(of: .host, against: edited).divergence)
        #expect(divergence.expected?.channel == .sckout)
        #expect(divergence.found?.channel == .stx)
        #expect(divergence.bit == 0)
    }
}
