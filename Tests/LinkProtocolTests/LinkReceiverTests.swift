import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkReceiverTests {
    private func receiver(
        from sender: LinkEnd = .bridge, size: CharacterSize = .seven, max: Int = 100
    ) -> LinkReceiver {
        LinkReceiver(from: sender, size: size, frameLengthMax: max)
    }

    /// Feeds bits drawn as 0 and 1, and draws what they complete, one letter a bit.
    private func feed(_ bits: String, to receiver: inout LinkReceiver) -> String {
        String(
            bits.compactMap { bit -> Swift.Character? in
                guard bit == "0" || bit == "1" else { return nil }
                switch receiver.receive(bit == "1" ? 1 : 0) {
                case .nothing: return "."
                case .synchronised: return "S"
                case .character: return "c"
                case .frame: return "F"
                }
            })
    }

    //       pattern   Q        zero     zero
    @Test func theHostReadsCharactersRightBehindThePattern() {
        var receiver = receiver(from: .bridge)
        #expect(
            feed("10111001 1000101 0000000 0000000", to: &receiver)
                == ".......S" + "......c" + "......F" + ".......")
        #expect(receiver.frame.isEmpty)
    }

    @Test func theBridgeSkipsTheBitThatFollowsThePattern() {
        for skipped in ["0", "1"] {
            var receiver = receiver(from: .host)
            #expect(feed("10111001" + skipped, to: &receiver) == ".......S.")
            #expect(feed("1000101 0000000", to: &receiver) == "......c......F")
            #expect(drawn(receiver.frame) == "Q")
        }
    }

    @Test func thePatternIsFoundBehindAnyBits() {
        for before in ["", "1", "10", "1011", "101110", "111111111", "1011101110"] {
            var receiver = receiver()
            let found = feed(before + "10111001", to: &receiver)
            #expect(found.last == "S", "\(before)")
            #expect(found.filter { $0 == "S" }.count == 1, "\(before)")
        }
    }

    @Test func aSecondPatternIsData() {
        var receiver = receiver()
        #expect(feed("10111001 10111001 000000", to: &receiver) == ".......S......c......c")
        #expect(receiver.frame == [0b001_1101, 0b000_0001])
    }

    @Test func aFrameStaysUntilTheNextCharacterBegins() {
        var receiver = receiver()
        _ = feed("10111001 1000101 0000000", to: &receiver)
        #expect(drawn(receiver.frame) == "Q")
        #expect(!receiver.isInFrame)
        #expect(receiver.isIdle)
        _ = feed("1000001", to: &receiver)
        #expect(drawn(receiver.frame) == "A")
        #expect(receiver.isInFrame)
        #expect(!receiver.isIdle)
    }

    @Test func idleMeansNoFrameAndNoBitOfOne() {
        var receiver = receiver()
        #expect(!receiver.isIdle)
        _ = feed("10111001", to: &receiver)
        #expect(receiver.isIdle)
        _ = feed("000", to: &receiver)
        #expect(receiver.isIdle)
        _ = feed("1", to: &receiver)
        #expect(!receiver.isIdle)
    }

    @Test func placesInACharacterAreTold() {
        var receiver = receiver(size: .eight)
        #expect(!receiver.isAtCharacterStart)
        _ = feed("10111001", to: &receiver)
        #expect(receiver.isAtCharacterStart)
        _ = feed("101", to: &receiver)
        #expect(receiver.bitInCharacter == 3)
        #expect(receiver.bitsOfCharacter == 0b101)
        #expect(!receiver.isAtCharacterStart)
        _ = feed("00000", to: &receiver)
        #expect(receiver.isAtCharacterStart)
        #expect(receiver.frame == [0b101])
    }

    @Test func aFrameKeepsItsLimitAndCountsTheRest() {
        var receiver = receiver(max: 2)
        _ = feed("10111001", to: &receiver)
        _ = feed("1000001 1000001 1000001 1000001 0000000", to: &receiver)
        #expect(drawn(receiver.frame) == "AA")
        #expect(receiver.droppedCharacters == 2)
        _ = feed("1000101 0000000", to: &receiver)
        #expect(drawn(receiver.frame) == "Q")
        #expect(receiver.droppedCharacters == 0)
    }

    @Test func alignmentIsTakenFromOutside() {
        for place in 0..<7 {
            var receiver = receiver()
            receiver.align(bitInCharacter: place)
            #expect(receiver.isSynchronised)
            _ = feed(String(repeating: "0", count: 7 - place), to: &receiver)
            #expect(receiver.isAtCharacterStart)
            #expect(feed("1000101 0000000", to: &receiver) == "......c......F")
        }
        var receiver = receiver()
        receiver.align(bitInCharacter: 7 + 3)
        #expect(receiver.bitInCharacter == 3)
    }

    @Test func aRestartForgetsEverything() {
        var receiver = receiver()
        _ = feed("10111001 1000101 101", to: &receiver)
        receiver.restart()
        #expect(!receiver.isSynchronised)
        #expect(receiver.frame.isEmpty)
        #expect(!receiver.isInFrame)
        #expect(
            feed("10111001 1000101 0000000", to: &receiver)
                == ".......S......c......F")
    }

    @Test(arguments: CharacterSize.allCases)
    func whatATransmitterSendsAReceiverReads(size: CharacterSize) {
        var random = Seeded(UInt64(size.rawValue))
        for sender in LinkEnd.allCases {
            var transmitter = LinkTransmitter(size: size, queueLimits: .standard)
            var receiver = receiver(from: sender, size: size)
            var sent: [[UInt8]] = []
            var received: [[UInt8]] = []
            for _ in 0..<SyncPattern.firstCharacterBit(of: sender) {
                _ = receiver.receive(transmitter.nextBit())
            }
            transmitter.beginCharacters()
            for bit in 0..<20_000 {
                if bit < 15_000, random.below(60) == 0 {
                    let frame = random.text(1 + random.below(9), largest: size.largest)
                    if (try? transmitter.enqueue(frame)) != nil { sent.append(frame) }
                }
                if receiver.receive(transmitter.nextBit()) == .frame {
                    received.append(receiver.frame)
                }
            }
            #expect(sent.count > 100)
            #expect(received == sent)
        }
    }
}
