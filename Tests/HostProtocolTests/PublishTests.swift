import HostProtocol
import LinkProtocol
import Signals
import Testing

struct PublishTests {
    @Test func aPublicationWaitsUntilTheNetworkIsUp() {
        var bench = HostBench()
        bench.handle(.start)
        let early = bench.publish("early")
        bench.handle(.synchronised)
        for status in ["t|2", "t|1", "t|0", "t|5"] { bench.hear(status) }
        #expect(bench.takeFrames() == [HostBench.initText])
        bench.hear("t|9")
        #expect(bench.takeFrames() == ["p|a|early||1"])
        #expect(bench.result(of: early) == nil)
        bench.hear("t|4")
        #expect(bench.result(of: early) == .done)
    }

    @Test func onePublicationIsInFlightAtATime() {
        var bench = HostBench()
        bench.run()
        _ = bench.takeFrames()
        let calls = (1...3).map { bench.publish("\($0)") }
        #expect(bench.takeFrames() == ["p|a|1||1"])
        bench.hear("t|4")
        #expect(bench.takeFrames() == ["p|a|2||1"])
        #expect(bench.result(of: calls[0]) == .done)
        #expect(bench.result(of: calls[1]) == nil)
    }

    @Test func theQueueHasABound() {
        var bench = HostBench { $0.publicationsMax = 2 }
        bench.run()
        bench.publish("1")
        bench.publish("2")
        let third = bench.publish("3")
        #expect(bench.result(of: third) == .refused(.queueFull(limit: 2)))
    }

    @Test func inAnOutagePublicationsWaitForTheNetwork() {
        var bench = HostBench()
        bench.run()
        _ = bench.takeFrames()
        bench.hear("t|10")
        #expect(bench.outputs.contains(.network(isUp: false)))
        bench.publish("later")
        bench.wait(.seconds(3_600))
        #expect(bench.takeFrames().isEmpty)
        bench.hear("t|9")
        #expect(bench.takeFrames() == ["p|a|later||1"])
    }

    @Test func aPublicationInFlightAtACrashIsSentAgain() {
        var bench = HostBench()
        bench.run()
        let call = bench.publish("kept")
        let next = bench.publish("next")
        bench.handle(.failed(.watchdog))
        #expect(bench.outputs.contains(.event(.publicationKept(id: call))))
        _ = bench.takeFrames()
        bench.runAgain()
        #expect(bench.takeFrames().last == "p|a|kept||1")
        #expect(bench.outputs.contains(.event(.publicationRepeated(id: call))))
        bench.hear("t|4")
        #expect(bench.result(of: call) == .done)
        #expect(bench.takeFrames() == ["p|a|next||1"])
        #expect(bench.result(of: next) == nil)
    }

    @Test func withQoS0ItIsNotSentAgainAndNotReportedAsDone() {
        var bench = HostBench()
        bench.run()
        let call = bench.publish("once", qos: .atMostOnce)
        bench.handle(.failed(.watchdog))
        #expect(bench.result(of: call) == .unconfirmed)
        _ = bench.takeFrames()
        bench.runAgain()
        #expect(!bench.takeFrames().contains { $0.hasPrefix("p|") })
    }

    @Test func theReferenceReportsItAsDone() {
        var bench = HostBench { $0.rules = ReferenceRules(.publicationLostInCrash) }
        bench.run()
        let call = bench.publish("lost")
        bench.handle(.failed(.watchdog))
        #expect(bench.result(of: call) == .done)
        #expect(bench.outputs.contains(.imitated(.publicationLostInCrash)))
    }

    @Test func anAnswerThatStaysOutResetsTheBridge() {
        var bench = HostBench()
        bench.run()
        bench.publish("x")
        // (4 + 1) x 10 s for the bridge, and the margin.
        bench.wait(.seconds(79))
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
        bench.wait(.seconds(2))
        #expect(bench.outputs.contains(.event(.answerTimedOut)))
        #expect(bench.outputs.last == .startLink)
    }

    /// The answer waits in the bridge behind messages of the broker: only the time counts in which the
    /// bridge had nothing to say.
    @Test func aBridgeThatPassesOnAFloodIsNotReset() {
        var bench = HostBench()
        bench.run()
        bench.publish("x")
        for _ in 0..<100 {
            bench.wait(.seconds(10))
            bench.hear("u|a|message|False", took: .milliseconds(9_500))
        }
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
        // 50 of 80 s are over.
        bench.wait(.seconds(29))
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
        bench.wait(.seconds(2))
        #expect(bench.outputs.contains(.event(.answerTimedOut)))
    }

    @Test func aBridgeThatSaysLittleIsReset() {
        var bench = HostBench()
        bench.run()
        bench.publish("x")
        for _ in 0..<83 {
            bench.wait(.seconds(1))
            bench.hear("u|a|message|False", took: .milliseconds(10))
        }
        #expect(bench.outputs.contains(.event(.answerTimedOut)))
    }

    @Test func commandsAheadOfItGiveItMoreTime() {
        var bench = HostBench()
        bench.run()
        bench.call(.time(pause: .seconds(10), countsFrom2000: true))
        bench.publish("x")
        bench.wait(.seconds(130))
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
        bench.wait(.seconds(20))
        #expect(bench.outputs.contains(.event(.answerTimedOut)))
    }

    @Test func whileTheNetworkIsDownNothingIsOverdue() {
        var bench = HostBench()
        bench.run()
        bench.publish("x")
        bench.hear("t|10")
        bench.wait(.seconds(10_000))
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
        bench.hear("t|9")
        bench.wait(.seconds(81))
        #expect(bench.outputs.contains(.event(.answerTimedOut)))
    }

    @Test func theReferenceWaitsForEver() {
        var bench = HostBench { $0.rules = ReferenceRules(.lostPublicationAwaited) }
        bench.run()
        bench.publish("x")
        bench.wait(.seconds(100_000))
        #expect(!bench.outputs.contains(.event(.answerTimedOut)))
    }

    @Test func retainIsSpelledAsEveryBridgeReadsIt() {
        var bench = HostBench()
        bench.run()
        _ = bench.takeFrames()
        bench.publish("x", retain: true)
        #expect(bench.takeFrames() == ["p|a|x|1|1"])
        var reference = HostBench { $0.rules = ReferenceRules(.retainAnyNonempty) }
        reference.run()
        _ = reference.takeFrames()
        reference.publish("x")
        #expect(reference.takeFrames() == ["p|a|x|0|1"])
        #expect(reference.outputs.contains(.imitated(.retainAnyNonempty)))
    }

    @Test func afterACrashTheReferenceDoesNotWaitForRunning() {
        var bench = HostBench { $0.rules = ReferenceRules(.reference) }
        bench.run()
        bench.handle(.failed(.watchdog))
        bench.publish("eager")
        _ = bench.takeFrames()
        bench.handle(.synchronised)
        #expect(bench.takeFrames() == [HostBench.initText + "|resume", "p|a|eager|0|1"])
        #expect(bench.outputs.contains(.imitated(.publishBeforeRunning)))
    }

    @Test(arguments: [
        (
            "", "x",
            HostRefusal.unsendable(
                .init(command: .publish, fieldIndex: 1, offset: 0, reason: .empty))
        ),
        (
            "a\u{7f}", "x",
            .unsendable(.init(command: .publish, fieldIndex: 1, offset: 1, reason: .byte(127)))
        ),
        (
            "a", "b\u{0}",
            .unsendable(.init(command: .publish, fieldIndex: 2, offset: 1, reason: .byte(0)))
        ),
        (
            "a", "é",
            .unsendable(.init(command: .publish, fieldIndex: 2, offset: 0, reason: .byte(0xc3)))
        ),
        ("a/+", "x", .wildcardInTopic), ("#", "x", .wildcardInTopic),
        ("a", String(repeating: "x", count: 20_000), .tooLong(limit: 16_384)),
    ])
    func whatTheLinkCannotCarryIsRefused(topic: String, message: String, refusal: HostRefusal) {
        var bench = HostBench()
        bench.run()
        let call = bench.publish(message, topic: topic)
        #expect(bench.result(of: call) == .refused(refusal))
    }
}
