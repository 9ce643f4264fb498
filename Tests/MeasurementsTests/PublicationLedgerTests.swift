import Decoding
import LinkProtocol
import Signals
import Testing

@testable import Measurements

/// Publications drawn as steps, a millisecond for every character: `C` a call, `[` and `]` a frame, `P`
/// its PUBOK, `R` the return, `!` a reset, `^` RUNNING again, `~` missing edges.
@Suite struct PublicationLedgerTests {
    private func content(_ letter: Character) -> PublicationContent {
        PublicationContent(topic: [116], message: Array(String(letter).utf8), qos: .atLeastOnce)
    }

    /// Plays lines of steps, one publication a line with its content before them, and gives what was
    /// judged.
    private func play(_ lines: String..., isServing: Bool = true) -> [PublicationTrace] {
        var ledger = PublicationLedger()
        ledger.take(.service(isUp: isServing), session: 1)
        let rows = lines.map { Array($0) }
        var firstBits = [Timestamp?](repeating: nil, count: rows.count)
        for time in 0..<(rows.map(\.count).max() ?? 0) {
            for (row, steps) in rows.enumerated() where time < steps.count {
                let name = steps[0]
                let now = at(Int64(time))
                switch steps[time] {
                case "C":
                    ledger.take(
                        .called(content(name), isRetained: false, id: "\(row)", at: now), session: 1
                    )
                case "[": firstBits[row] = now
                case "]":
                    ledger.take(
                        .crossed(
                            content(name), isRetained: false, firstBit: firstBits[row] ?? now,
                            frameEnd: now), session: 1)
                case "P":
                    ledger.take(
                        .acknowledged(firstBit: firstBits[row] ?? now, at: now), session: 1)
                case "R": ledger.take(.returned(id: "\(row)", .done, at: now), session: 1)
                case "!":
                    ledger.take(.reset(at: now), session: 2)
                    ledger.take(.service(isUp: false), session: 2)
                case "^": ledger.take(.service(isUp: true), session: 2)
                case "~": ledger.take(.edgesMissing, session: 1)
                default: break
                }
            }
        }
        ledger.finish()
        return ledger.takeFinished()
    }

    @Test func everyHopIsMeasured() {
        let traces = play("x C--[---]-----P--R")
        #expect(traces.count == 1)
        #expect(traces[0].fate == .acknowledged)
        #expect(traces[0][.callToFirstBit] == ms(3))
        #expect(traces[0][.firstBitToFrameEnd] == ms(4))
        #expect(traces[0][.frameEndToAcknowledgement] == ms(6))
        #expect(traces[0][.acknowledgementToReturn] == ms(3))
        #expect(traces[0][.callToReturn] == ms(16))
        #expect(!traces[0].isHeldBack)
    }

    @Test func aCallThatReturnsWithoutAFrameIsLost() {
        let traces = play(
            "a C------!------R",
            "b -C------------^--[-]--P-R")
        #expect(traces.map(\.fate) == [.lost, .acknowledged])
        #expect(traces[0][.callToReturn] == nil)
        #expect(traces[1].isHeldBack)
    }

    @Test func aCallThatNothingCameOfIsWaiting() {
        #expect(play("x C----------").map(\.fate) == [.waiting])
    }

    @Test func whereEdgesAreMissingNobodyKnows() {
        #expect(play("x C---~---R").map(\.fate) == [.doubtful])
        #expect(play("x C---~--[-]-P-R").map(\.fate) == [.acknowledged])
        #expect(play("x ~---C-----R").map(\.fate) == [.lost])
    }

    @Test func equalPublicationsAreJoinedInOrder() {
        let traces = play(
            "x C--[-]--P-R",
            "x -----C-----[-]--P-R",
            "x ---------C----------[-]--P-R")
        #expect(traces.map { $0[.callToFirstBit] } == [ms(3), ms(6), ms(11)])
        #expect(traces.allSatisfy { $0.fate == .acknowledged })
    }

    @Test func aFrameGoesToACallThatStillWaits() {
        let traces = play(
            "x C----!----R--^",
            "x ---------------------C--[-]--P-R")
        #expect(traces.map(\.fate) == [.lost, .acknowledged])
    }

    /// A host that queues returns at once.
    @Test func aReturnCanComeBeforeTheFrame() {
        let traces = play(
            "x CR--[-]---P",
            "x --CR-------[-]---P")
        #expect(traces.map(\.fate) == [.acknowledged, .acknowledged])
        #expect(traces.map { $0[.acknowledgementToReturn] } == [nil, nil])
        #expect(traces.map { $0[.callToReturn] } == [ms(1), ms(1)])
    }

    @Test func aPublicationThatIsSentAgainAfterAResetIsRepeated() {
        let traces = play("x C--[-]---!----^--[-]--P-R")
        #expect(traces.count == 1)
        #expect(traces[0].frameCount == 2)
        #expect(traces[0].resetBetween == at(11))
        #expect(traces[0][.callToFirstBit] == ms(3))
        #expect(traces[0][.frameEndToAcknowledgement] == ms(3))
        #expect(traces[0].isHeldBack)
    }

    @Test func aRepetitionGoesBeforeAnEqualCallThatWaitsItsTurn() {
        let traces = play(
            "x C--[-]-----!----^--[-]--P-R",
            "x -------C---------------------[-]--P-R")
        #expect(traces.map(\.frameCount) == [2, 1])
        #expect(traces.map(\.fate) == [.acknowledged, .acknowledged])
    }

    @Test func aFrameWithoutACallIsAPublicationToo() {
        let traces = play("x ---[-]--P")
        #expect(traces.map(\.fate) == [.acknowledged])
        #expect(traces[0].called == nil)
    }

    @Test func aMaskedMessageMatchesWhatItMasks() {
        var ledger = PublicationLedger()
        func content(_ text: String) -> PublicationContent {
            PublicationContent(topic: [116], message: Array(text.utf8), qos: .atMostOnce)
        }
        ledger.take(
            .called(content("my *******"), isRetained: false, id: nil, at: at(1)), session: 1)
        ledger.take(
            .crossed(content("my hunter2"), isRetained: false, firstBit: at(2), frameEnd: at(3)),
            session: 1)
        ledger.finish()
        #expect(ledger.takeFinished().map(\.frameCount) == [1])
    }

    @Test func idsThatAreUsedAgainJoinTheOldestOpenCall() {
        var ledger = PublicationLedger()
        for step in 0..<3 {
            ledger.take(
                .called(content("x"), isRetained: false, id: "1", at: at(Int64(step))), session: 1)
        }
        for step in 3..<8 {
            ledger.take(.returned(id: "1", .done, at: at(Int64(step))), session: 1)
        }
        ledger.take(.returned(id: "other", .done, at: at(9)), session: 1)
        ledger.finish()
        #expect(ledger.takeFinished().map(\.returned) == [at(3), at(4), at(5)])
    }

    @Test func theHopsOfABridgesJournalAreJoinedByContent() {
        var ledger = PublicationLedger()
        let content = content("x")
        ledger.take(.called(content, isRetained: false, id: "1", at: at(1)), session: 1)
        ledger.take(.sentToBroker(content, isDuplicate: false, at: at(1)), session: 1)
        ledger.take(
            .crossed(content, isRetained: false, firstBit: at(2), frameEnd: at(10)), session: 1)
        ledger.take(.sentToBroker(content, isDuplicate: false, at: at(12)), session: 1)
        ledger.take(.arrived(content, at: at(15)), session: 1)
        ledger.take(.acknowledgedByBroker(content, at: at(20)), session: 1)
        ledger.take(.acknowledged(firstBit: at(2), at: at(30)), session: 1)
        ledger.finish()
        let trace = ledger.takeFinished()[0]
        #expect(trace[.frameEndToSent] == ms(2))
        #expect(trace[.sentToBrokerAcknowledgement] == ms(8))
        #expect(trace[.brokerAcknowledgementToAcknowledgement] == ms(10))
        #expect(trace[.callToArrival] == ms(14))
    }

    @Test func whatIsOpenIsBounded() {
        var ledger = PublicationLedger()
        ledger.take(.service(isUp: true), session: 1)
        for step in 0..<5_000 {
            let time = Int64(step) * 10
            ledger.take(
                .called(content("x"), isRetained: false, id: nil, at: at(time)), session: 1)
            guard step % 2 == 0 else { continue }
            ledger.take(
                .crossed(
                    content("x"), isRetained: false, firstBit: at(time + 1), frameEnd: at(time + 2)),
                session: 1)
            ledger.take(.acknowledged(firstBit: at(time + 1), at: at(time + 3)), session: 1)
        }
        #expect(ledger.takeFinished().count >= 5_000 - PublicationLedger.openMax)
        ledger.finish()
        #expect(ledger.takeFinished().count <= PublicationLedger.openMax)
    }
}
