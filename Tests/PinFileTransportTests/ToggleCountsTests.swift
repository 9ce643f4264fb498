import LivePorts
import Signals
import Synchronization
import Testing

@testable import PinFileTransport

/// How ends count the toggles of their clocks, for those who watch.
@Suite struct ToggleCountsTests {
    private static func counts(_ page: PinPage) -> [UInt32] {
        let toggles = page.wiresAndToggles.toggles
        return [toggles[.host], toggles[.bridge]]
    }

    @Test func anEndCountsTheTogglesOfItsClockAlone() throws {
        let page = try PinPage()
        let host = try PinFilePort(.host, on: page)
        let bridge = try PinFilePort(.bridge, on: page)
        #expect(Self.counts(page) == [0, 0])
        try host.drive(.stx, .high)
        #expect(Self.counts(page) == [0, 0])
        try host.drive(.sckout, .high)
        #expect(Self.counts(page) == [1, 0])
        try host.drive(.sckout, .high)
        #expect(Self.counts(page) == [1, 0])
        try bridge.drive(
            Drive(.srx, .high), Drive(.sckin, .high))
        #expect(Self.counts(page) == [1, 1])
        try host.drive(Drive(.stx, .low), Drive(.sckout, .low))
        #expect(Self.counts(page) == [2, 1])
        bridge.close()
        #expect(Self.counts(page) == [2, 2] && page[.sckin] == .low)
    }

    @Test func aSuccessorGoesOnFromWhatWasToggled() throws {
        let page = try PinPage()
        // Counted and not toggled: somebody died in between.
        page.toggleCount(of: .host).pointee.store(UInt32(41).littleEndian, ordering: .relaxed)
        let host = try PinFilePort(.host, on: page)
        try host.drive(.sckout, .high)
        #expect(Self.counts(page) == [41, 0])
        host.close()
        #expect(Self.counts(page) == [42, 0])
        // Toggled and left high.
        page[.sckout] = .high
        page.toggleCount(of: .host).pointee.store(UInt32(43).littleEndian, ordering: .relaxed)
        _ = try PinFilePort(.host, on: page)
        #expect(Self.counts(page) == [44, 0] && page[.sckout] == .low)
    }

    @Test func aCountBeginsAgainAtZero() throws {
        let page = try PinPage()
        page.toggleCount(of: .host).pointee.store(.max - 1, ordering: .relaxed)
        let host = try PinFilePort(.host, on: page)
        var tally = ToggleTally(.max - 1, at: .low)
        for level in [Level.high, .low, .high] {
            try host.drive(.sckout, level)
            let count = page.wiresAndToggles.toggles[.host]
            #expect(tally.toggles(until: count, at: level) == 1)
            tally.take(count, at: level, isPulledDown: false)
        }
        #expect(Self.counts(page) == [1, 0])
    }

    @Test func whatWasNotCountedIsNotTrusted() {
        var tally = ToggleTally(0, at: .low)
        // Nobody knows yet that this end counts; once it does, it counts what nobody saw.
        #expect(tally.toggles(until: 0, at: .low) == nil)
        #expect(tally.toggles(until: 8, at: .low) == 8)
        tally.take(1, at: .high, isPulledDown: false)
        #expect(tally.toggles(until: 1, at: .high) == 0)
        #expect(tally.toggles(until: 1, at: .low) == nil)
        tally.take(1, at: .low, isPulledDown: false)
        #expect(tally.toggles(until: 1, at: .low) == nil)
        #expect(tally.toggles(until: 1, at: .high) == nil)
    }

    @Test func aPulledDownClockIsNoReasonToDistrustTheCount() {
        var tally = ToggleTally(0, at: .low)
        tally.take(1, at: .high, isPulledDown: false)
        tally.take(1, at: .low, isPulledDown: true)
        #expect(tally.toggles(until: 1, at: .low) == 0)
        // The successor begins at what had been toggled before.
        tally.take(0, at: .low, isPulledDown: false)
        #expect(tally.toggles(until: 1, at: .high) == 1)
    }

    @Test func aJumpIsMoreThanOneToggleOfOneEnd() {
        let before = ToggleCounts(bits: 0xffff_ffff << 32 | 7)
        #expect(!before.jumped(since: before))
        #expect(!ToggleCounts(bits: 8).jumped(since: before))
        #expect(ToggleCounts(bits: 9).jumped(since: before))
        #expect(ToggleCounts(bits: 1 << 32 | 7).jumped(since: before))
    }
}
