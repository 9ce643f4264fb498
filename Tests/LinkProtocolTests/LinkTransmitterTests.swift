import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkTransmitterTests {
    private func bits(_ count: Int, of transmitter: inout LinkTransmitter) -> String {
        (0..<count).map { _ in "\(transmitter.nextBit())" }.joined()
    }

    private func transmitter(
        _ size: CharacterSize = .seven, _ limits: FrameQueue.Limits = .standard
    ) -> LinkTransmitter {
        LinkTransmitter(size: size, queueLimits: limits)
    }

    @Test func thePatternComesFirstAndZerosUntilCharactersBegin() throws {
        var transmitter = transmitter()
        try transmitter.enqueue([0x7f])
        #expect(bits(20, of: &transmitter) == "10111001" + "000000000000")
        #expect(!transmitter.isAtCharacterStart)
        #expect(transmitter.bitCount == 20)
        transmitter.beginCharacters()
        #expect(transmitter.isAtCharacterStart)
        #expect(bits(15, of: &transmitter) == "1111111" + "0000000" + "0")
    }

    @Test func aCharacterGoesOutLeastSignificantBitFirst() throws {
        for (size, drawing) in [(CharacterSize.seven, "1000101"), (.eight, "10001010")] {
            var transmitter = transmitter(size)
            transmitter.beginCharacters()
            try transmitter.enqueue(characters("Q"))
            #expect(bits(size.bitCount, of: &transmitter) == drawing)
        }
    }

    @Test func aFrameIsSentWhenItsClosingZeroIs() throws {
        var transmitter = transmitter()
        transmitter.beginCharacters()
        try transmitter.enqueue([1, 2])
        #expect(!transmitter.isIdle)
        _ = bits(20, of: &transmitter)
        #expect(transmitter.framesSent == 0)
        #expect(!transmitter.isIdle)
        _ = bits(1, of: &transmitter)
        #expect(transmitter.framesSent == 1)
        #expect(transmitter.isIdle)
    }

    @Test func aFrameQueuedWithinAnIdleCharacterWaitsForItsEnd() throws {
        var transmitter = transmitter()
        transmitter.beginCharacters()
        _ = bits(3, of: &transmitter)
        try transmitter.enqueue([0x7f])
        #expect(bits(4 + 7 + 7, of: &transmitter) == "0000" + "1111111" + "0000000")
    }

    @Test func aRestartForgetsTheFrameUnderWayAndThoseThatWait() throws {
        var transmitter = transmitter()
        transmitter.beginCharacters()
        try transmitter.enqueue([0x7f, 0x7f])
        try transmitter.enqueue([0x7f])
        _ = bits(10, of: &transmitter)
        transmitter.restart()
        #expect(transmitter.isIdle)
        #expect(transmitter.bitCount == 0)
        #expect(bits(8, of: &transmitter) == "10111001")
        transmitter.beginCharacters()
        #expect(bits(30, of: &transmitter).allSatisfy { $0 == "0" })
        #expect(transmitter.framesSent == 0)
    }

    @Test func anEmptyFrameIsRefused() throws {
        var transmitter = transmitter()
        #expect(throws: SendRefusal.empty) { try transmitter.enqueue([]) }
        #expect(transmitter.isIdle)
    }

    @Test func theFrameUnderWayNoLongerCountsAgainstTheQueue() throws {
        var transmitter = transmitter(.seven, .init(frameCountMax: 1, characterCountMax: 3))
        transmitter.beginCharacters()
        try transmitter.enqueue([1, 2, 3])
        #expect(throws: SendRefusal.queueFull(limit: 1)) { try transmitter.enqueue([4]) }
        _ = transmitter.nextBit()
        try transmitter.enqueue([4, 5, 6])
    }
}
