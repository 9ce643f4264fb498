import LinkTesting
import Signals
import Testing

@testable import PinFileTransport

/// What looks at the wires tell, drawn look by look: a column is a look, 100 ns after the one before
/// where `blind` has a dot, so many microseconds after it where there is a digit, 50 where there is an L
/// and 1,000 where there is an M. Where there are rows `hosts` and `bridges`, they are the counts of the ends.
@Suite struct LookOrderTests {
    private static let start: UInt64 = 1_000_000_000

    private static func words(_ drawing: String) throws -> [String] {
        var rows: [String: [Character]] = [:]
        for line in drawing.split(separator: "\n") {
            let words = line.split(separator: " ")
            rows[String(words[0])] = Array(words[1])
        }
        let blind = try #require(rows["blind"])
        func levels(_ column: Int) -> UInt32 {
            Channel.wires.enumerated().reduce(0) { bits, wire in
                let name = WireNames.all[wire.offset].host.description
                let rest: Character = wire.element == .reset ? "-" : "_"
                let level = rows[name]?[column] ?? rest
                return bits | (level == "-" ? 1 : 0) << UInt32(wire.offset)
            }
        }
        func toggles(_ column: Int) throws -> ToggleCounts {
            func count(_ row: String) throws -> UInt64 {
                try rows[row].map { try UInt64(#require($0[column].hexDigitValue)) } ?? 0
            }
            return try ToggleCounts(bits: count("hosts") | count("bridges") << 32)
        }
        var order = try LookOrder(
            first: PinLook(time: start, blindness: 0, bits: levels(0), toggles: toggles(0)))
        var time = start
        var words: [String] = []
        for column in 1..<blind.count {
            let digit = blind[column].wholeNumberValue ?? ["L": 50, "M": 1_000][blind[column]]
            let blindness = digit.map { UInt64($0) * 1_000 } ?? 100
            time += blindness
            let lost = blind[column] == "!" ? PinLook.afterLoss : 0
            let look = try PinLook(
                time: time, blindness: blindness, bits: levels(column) | lost,
                toggles: toggles(column))
            if let gap = order.gap(before: look) {
                words.append("\(column) \(gap.reason.name)")
                order.resume(at: look)
            } else {
                var edges: [Edge] = []
                order.take(look, into: &edges)
                #expect(edges.allSatisfy { $0.time.nanoseconds == Int64(time - start) })
                for edge in edges {
                    let name = WireNames.all[Int(edge.channel.index)].host
                    words.append("\(column) \(name)\(edge.level == .high ? "+" : "-")")
                }
            }
            #expect(order.levels == look.levels)
        }
        return words
    }

    // MARK: Order

    @Test func dataComesBeforeItsClock() throws {
        let words = try Self.words(
            """
            blind  ......
            sckout _--__-
            stx    _----_
            sckin  __--__
            srx    __----
            """)
        #expect(
            words == [
                "1 stx+", "1 sckout+", "2 srx+", "2 sckin+", "3 sckout-", "4 sckin-",
                "5 stx-", "5 sckout+",
            ])
    }

    @Test func theEndThatMovedLastIsNotTheFirstToMoveAgain() throws {
        let words = try Self.words(
            """
            blind  ....
            sckout _-_-
            stx    _-__
            sckin  __-_
            srx    __--
            """)
        #expect(
            words == [
                "1 stx+", "1 sckout+", "2 srx+", "2 sckin+", "2 stx-", "2 sckout-",
                "3 sckin-", "3 sckout+",
            ])
    }

    @Test func aResetComesBehindTheHostAndBeforeThePullDowns() throws {
        let words = try Self.words(
            """
            blind  ..
            reset  -_
            stx    _-
            sckout _-
            srx    -_
            sckin  -_
            """)
        #expect(words == ["1 stx+", "1 sckout+", "1 reset-", "1 srx-", "1 sckin-"])
    }

    // MARK: Gaps

    @Test func anInterruptionOfAMovingLinkIsAGap() throws {
        let words = try Self.words(
            """
            blind  ................5..
            sckout _--__--__--__--__--
            sckin  __--__--__--__--__-
            """)
        #expect(words.suffix(3) == ["16 unwatched", "17 sckout+", "18 sckin+"])
    }

    @Test func anInterruptionOfALinkAtRestIsNone() throws {
        let words = try Self.words(
            """
            blind  ...............................5555.
            sckout _--__--__--__--__-----------------__
            sckin  __--__--__--__--__------------------
            """)
        #expect(words.suffix(3) == ["17 sckout+", "18 sckin+", "34 sckout-"])
    }

    @Test func dataThatIsSeenAloneIsNoTurn() throws {
        let words = try Self.words(
            """
            blind  ...............................5............5
            stx    _______________________________--------------
            sckout _--__--__--__--__---------------------------_
            sckin  __--__--__--__--__---------------------------
            """)
        #expect(words.suffix(3) == ["18 sckin+", "31 stx+", "44 sckout-"])
    }

    @Test func twoEndsThatMovedInAnInterruptionAreAGap() throws {
        let words = try Self.words(
            """
            blind  ...............................5.
            sckout _--__--__--__--__--------------_-
            sckin  __--__--__--__--__-------------__
            """)
        #expect(words.suffix(3) == ["18 sckin+", "31 unwatched", "32 sckout+"])
    }

    @Test func anEndThatMovedAgainInAnInterruptionIsAGap() throws {
        let words = try Self.words(
            """
            blind  ..............................5
            sckout _--__--__--__--__-------------_
            sckin  __--__--__--__--_______________
            """)
        #expect(words.suffix(2) == ["17 sckout+", "30 unwatched"])
    }

    @Test func aLongInterruptionIsAGapThoughTheLinkStoodStill() throws {
        let words = try Self.words(
            """
            blind  ...............................L...
            sckout _--__--__--__--__-----------------_
            sckin  __--__--__--__--__-----------------
            """)
        #expect(words.suffix(2) == ["31 unwatched", "34 sckout-"])
    }

    @Test func aLongInterruptionOfALinkThatCountsIsNoneWhenNothingMoved() throws {
        let words = try Self.words(
            """
            blind   ....................L..L..L
            sckout  _--__--__--__--__--------__
            hosts   011223344556677889999999aaa
            sckin   __--__--__--__--__--------_
            bridges 001122334455667788999999999
            """)
        #expect(words.suffix(3) == ["18 sckin+", "25 sckout-", "26 sckin-"])
    }

    @Test func togglesThatWereOnlyCountedAreAGap() throws {
        let words = try Self.words(
            """
            blind   .....................
            sckout  _--__--__--__--__---_
            hosts   0112233445566778899bc
            sckin   __--__--__--__--__--_
            bridges 0011223344556677889bc
            """)
        #expect(words.suffix(3) == ["19 unwatched", "20 sckout-", "20 sckin-"])
    }

    @Test func oneEndThatCountsIsEnough() throws {
        let words = try Self.words(
            """
            blind   ..........L..L..
            sckout  _--__--__-----__
            sckin   __--__--__----__
            bridges 0011223344555788
            """)
        #expect(words.suffix(4) == ["10 sckin+", "13 unwatched", "14 sckout-", "14 sckin-"])
    }

    @Test func aToggleCanBeCountedALookBeforeItIsMade() throws {
        let words = try Self.words(
            """
            blind   .......L.L.
            sckout  _--__----__
            hosts   01122334444
            sckin   __--__-----
            bridges 00112233333
            """)
        #expect(!words.contains { $0.hasSuffix("unwatched") })
        #expect(words.count == 7)
        let hidden = try Self.words(
            """
            blind   .........
            sckout  _--__----
            hosts   011223345
            sckin   __--__--_
            bridges 001122334
            """)
        #expect(hidden.last == "8 unwatched")
    }

    @Test func dataMayHaveChangedForAToggleThatWasOnlyCounted() throws {
        let drawing = """
            blind   ...L
            sckout  _--_
            hosts   011N
            sckin   __-_
            bridges 0012
            """
        let ahead = try Self.words(drawing.replacing("N", with: "3"))
        #expect(ahead.last == "3 unwatched")
        let certain = try Self.words(drawing.replacing("N", with: "2"))
        #expect(certain.suffix(2) == ["3 sckout-", "3 sckin-"])
    }

    @Test func aTapThatJoinsAMovingLinkKnowsWhatItMissed() throws {
        let words = try Self.words(
            """
            blind   L..
            sckout  ___
            hosts   0ee
            sckin   ___
            bridges 0ee
            """)
        #expect(words == ["1 unwatched"])
    }

    @Test func aHostThatStartsAgainLowersItsClockUnseen() throws {
        let words = try Self.words(
            """
            blind   .........
            reset   --------_
            stx     _______--
            sckout  _--__----
            hosts   011223355
            sckin   __--__--_
            bridges 001122333
            """)
        #expect(
            words.suffix(5) == ["7 sckout-", "7 stx+", "7 sckout+", "8 reset-", "8 sckin-"])
        let late = try Self.words(
            """
            blind   .......L
            reset   -------_
            stx     _______-
            sckout  _--__---
            hosts   01122335
            sckin   __--__-_
            bridges 00112233
            """)
        #expect(
            late.suffix(5) == ["7 sckout-", "7 stx+", "7 sckout+", "7 reset-", "7 sckin-"])
    }

    @Test func aResetThatCameAndWentIsNotCounted() throws {
        let words = try Self.words(
            """
            blind   .......M.M
            sckout  _--__---__
            hosts   0112233344
            sckin   __--__-___
            bridges 0011223444
            """)
        #expect(words.suffix(2) == ["7 unwatched", "8 sckout-"])
        let dip = try Self.words(
            """
            blind   ......M
            sckout  _--__--
            hosts   0112235
            sckin   __--___
            bridges 0011222
            """)
        #expect(dip.last == "6 unwatched")
    }

    @Test func whoeverCountsNoMoreIsNotTrusted() throws {
        let words = try Self.words(
            """
            blind   ...............................L
            sckout  _--__--__--__--__---------------
            hosts   01122333333333333333333333333333
            sckin   __--__--__--__--__--------------
            """)
        #expect(words.suffix(2) == ["18 sckin+", "31 unwatched"])
    }

    @Test func aSlowLinkHidesNothingInAShortInterruption() throws {
        let words = try Self.words(
            """
            blind  444444444444444443
            sckout _--__--__--__--__-
            sckin  __--__--__--__--__
            """)
        #expect(!words.contains { $0.hasSuffix("unwatched") })
        #expect(words.count == 17)
    }

    @Test func aLinkThatStoodStillMayBeReset() throws {
        let words = try Self.words(
            """
            blind  ...............................5
            reset  -------------------------------_
            stx    _______________________________-
            sckout _--__--__--__--__--------------_
            sckin  __--__--__--__--__-------------_
            """)
        #expect(words.suffix(4) == ["31 stx+", "31 sckout-", "31 reset-", "31 sckin-"])
    }

    @Test func looksThatFoundNoRoomAreAGap() throws {
        let words = try Self.words(
            """
            blind  ..!.
            sckout _--_
            """)
        #expect(words == ["1 sckout+", "2 overflow", "3 sckout-"])
    }
}
