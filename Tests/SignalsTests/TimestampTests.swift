import Signals
import Testing

@Suite struct TimestampTests {
    @Test func spansComeInUnits() {
        #expect(Nanoseconds.microseconds(3) == Nanoseconds(3_000))
        #expect(Nanoseconds.milliseconds(-3) == Nanoseconds(-3_000_000))
        #expect(Nanoseconds.seconds(3) == Nanoseconds(3_000_000_000))
        #expect(Nanoseconds.zero == Nanoseconds(0))
        #expect(Nanoseconds.seconds(292 * 365 * 86_400).count > 0)
    }

    @Test func spansAddSubtractAndCompare() {
        let short = Nanoseconds.microseconds(2)
        let long = Nanoseconds.milliseconds(5)
        #expect(long + short == Nanoseconds(5_002_000))
        #expect(short - long == Nanoseconds(-4_998_000))
        #expect(short < long)
        #expect(short - long < .zero)
        #expect([long, .zero, short].sorted() == [.zero, short, long])
    }

    @Test func momentsMoveBySpansAndTheirDifferenceIsASpan() {
        let moment = Timestamp(nanoseconds: 100)
        #expect(moment + Nanoseconds(50) == Timestamp(nanoseconds: 150))
        #expect(moment - Nanoseconds(150) == Timestamp(nanoseconds: -50))
        #expect(Timestamp(nanoseconds: 30) - moment == Nanoseconds(-70))
        #expect(Timestamp.zero.nanoseconds == 0)
        #expect(Timestamp(nanoseconds: -1) < .zero)
        for span in [Int64(-7), 0, 9_000_000_000] {
            #expect((moment + Nanoseconds(span)) - moment == Nanoseconds(span))
            #expect((moment + Nanoseconds(span)) - Nanoseconds(span) == moment)
        }
    }

    @Test func anyTwoMomentsFromOutsideHaveADifference() {
        #expect((Timestamp.latest - Timestamp.earliest).count == 1 << 62)
        #expect((Timestamp.earliest - Timestamp.latest).count == -(1 << 62))
        #expect(Timestamp.earliest < .zero)
        // A watchdog's time more is still a moment.
        #expect(Timestamp.latest + .seconds(1 << 30) > .latest)
    }
}
