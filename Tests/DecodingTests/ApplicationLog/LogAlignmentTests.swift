import Signals
import Testing

@testable import Decoding

@Suite struct LogAlignmentTests {
    private typealias Moment = LogAlignment.Moment

    private func moment(_ milliseconds: Int64, _ status: UInt8) -> Moment {
        Moment(time: Timestamp(nanoseconds: milliseconds * 1_000_000), status: status)
    }

    /// A start, and PUBOKs at times of no regularity.
    private var wire: [Moment] {
        [moment(2_000, 2), moment(7_000, 1), moment(7_050, 0), moment(7_060, 5), moment(7_070, 9)]
            + (0..<40).map { moment(8_000 + $0 * 170 + $0 * $0 * 37 % 97, 4) }
    }

    /// What a host tells of them: later by 5 to 34 ms, on a clock that is ahead.
    private func log(of wire: [Moment], ahead: Int64, delay: Int64 = 5) -> [Moment] {
        wire.enumerated().map { index, frame in
            let late = delay + (Int64(index) * 11) % 30
            return Moment(
                time: frame.time + .milliseconds(ahead + late), status: frame.status)
        }
    }

    @Test(arguments: [0, -1_500, 86_400_000, 1_700_000_000_000] as [Int64])
    func theFastestStatusIsTheOffset(ahead: Int64) throws {
        let found = try LogAlignment(log: log(of: wire, ahead: ahead), wire: wire)
        #expect(found.offset == Nanoseconds((ahead + 5) * 1_000_000 - 1))
        #expect(found.matchedCount == wire.count && found.statusCount == wire.count)
        #expect(found.spread == .milliseconds(29))
        #expect(found.median == .milliseconds(14))
    }

    @Test func statusesCanBeMissingOnEitherSide() throws {
        let told = log(of: wire, ahead: 300)
        let some = told.enumerated().filter { $0.offset % 5 != 2 }.map(\.element)
        let found = try LogAlignment(log: some, wire: wire)
        #expect(found.offset.count / 1_000_000 == 304)
        #expect(found.matchedCount == some.count)
        let fewer = wire.enumerated().filter { $0.offset % 4 != 1 }.map(\.element)
        let other = try LogAlignment(log: told, wire: fewer)
        #expect(other.offset.count / 1_000_000 == 304)
        #expect(other.matchedCount == fewer.count)
    }

    @Test func aLogOfAPartOfTheCaptureFindsIt() throws {
        let told = log(of: Array(wire[15..<35]), ahead: -77)
        #expect(
            try LogAlignment(log: told, wire: wire).offset == Nanoseconds(-71_000_001 - 1_000_000))
        let all = try LogAlignment(log: log(of: wire, ahead: -77), wire: Array(wire[15..<35]))
        #expect(all.matchedCount == 20)
    }

    @Test func aRegularSequenceAloneIsAmbiguous() {
        let regular = (0..<30).map { moment($0 * 1_000, 4) }
        let part = log(of: Array(regular[5..<20]), ahead: 0)
        #expect(throws: LogAlignment.Fault.self) { try LogAlignment(log: part, wire: regular) }
        let one = [moment(9_000, 4)]
        #expect(throws: LogAlignment.Fault.self) { try LogAlignment(log: one, wire: regular) }
    }

    @Test func aRegularSequenceWithItsBeginIsNot() throws {
        let regular = [moment(100, 2), moment(500, 5)] + (1..<30).map { moment($0 * 1_000, 4) }
        let found = try LogAlignment(log: log(of: regular, ahead: 40), wire: regular)
        #expect(found.offset == Nanoseconds(44_999_999))
    }

    @Test func withoutStatusesThereIsNoOffset() {
        #expect(throws: LogAlignment.Fault.noStatusInLog) { try LogAlignment(log: [], wire: wire) }
        #expect(throws: LogAlignment.Fault.noStatusOnWire) {
            try LogAlignment(log: [moment(0, 4)], wire: [])
        }
        let others = wire.map { Moment(time: $0.time, status: 8) }
        #expect(throws: LogAlignment.Fault.noMatch(found: 0, of: wire.count)) {
            try LogAlignment(log: others, wire: wire)
        }
    }

    @Test func theLogOfAnotherCaptureDoesNotFit() {
        let other = (0..<45).map { moment($0 * 1_313 + $0 * $0 * 71 % 911, 4) }
        #expect(throws: LogAlignment.Fault.self) { try LogAlignment(log: other, wire: wire) }
    }

    @Test func timesAtTheEndsOfTheRangeDoNotTrap() throws {
        let early = [Moment(time: .earliest, status: 5), Moment(time: .earliest, status: 4)]
        let late = [Moment(time: .latest, status: 5), Moment(time: .latest, status: 4)]
        #expect(try LogAlignment(log: late, wire: early).offset.count == 1 << 62 - 1)
        #expect(try LogAlignment(log: early, wire: late).offset.count == -(1 << 62) - 1)
    }

    @Test func longLogsAreSampled() throws {
        var time: Int64 = 0
        var noise: UInt32 = 1
        let many = (0..<30_000).map { _ -> Moment in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            time += 200 + Int64(noise >> 16) % 641
            return moment(time, 4)
        }
        let found = try LogAlignment(log: log(of: many, ahead: 1_234), wire: many)
        #expect(found.offset.count / 1_000_000 == 1_238)
        #expect(found.matchedCount == many.count)
    }
}
