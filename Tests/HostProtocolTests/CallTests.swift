import HostProtocol
import LinkProtocol
import Signals
import Testing

struct CallTests {
    @Test func aSubscriptionIsSentOnceAndRenewedAtEveryStart() {
        var bench = HostBench()
        bench.handle(.start)
        bench.subscribe("early/#")
        bench.handle(.synchronised)
        for status in ["t|2", "t|1", "t|0", "t|5", "t|9"] { bench.hear(status) }
        #expect(bench.takeFrames() == [HostBench.initText, "s|early/#|1"])
        bench.subscribe("later", qos: .atMostOnce)
        #expect(bench.takeFrames() == ["s|later|0"])
        bench.handle(.failed(.watchdog))
        bench.runAgain()
        #expect(bench.takeFrames().dropFirst() == ["s|early/#|1", "s|later|0"])
        #expect(bench.outputs.contains(.event(.subscriptionsRenewed(count: 2))))
    }

    @Test func theReferenceSubscribesTwiceWhenItWasEarly() {
        var bench = HostBench { $0.rules = ReferenceRules(.subscribedTwice) }
        bench.handle(.start)
        bench.subscribe("early")
        bench.handle(.synchronised)
        bench.hear("t|2")
        bench.hear("t|5")
        #expect(bench.takeFrames() == [HostBench.initText, "s|early|1", "s|early|1"])
        #expect(bench.outputs.contains(.imitated(.subscribedTwice)))
    }

    @Test func messagesGoToTheSubscriptionsThatMatch() {
        var bench = HostBench()
        bench.run()
        bench.subscribe("cmd/+")
        bench.subscribe("cmd/in")
        bench.subscribe("other")
        _ = bench.takeOutputs()
        bench.hear("u|cmd/in|hello|True")
        #expect(
            bench.takeOutputs() == [
                .message(
                    topic: Array("cmd/in".utf8), message: Array("hello".utf8), isRetained: true,
                    subscriptions: [0, 1])
            ])
    }

    @Test func theReferenceComparesLiterally() {
        var bench = HostBench { $0.rules = ReferenceRules(.wildcardsUnmatched) }
        bench.run()
        bench.subscribe("cmd/+")
        bench.hear("u|cmd/in|hello|False")
        guard case .message(_, _, _, let subscriptions)? = bench.outputs.last else {
            Issue.record("no message")
            return
        }
        #expect(subscriptions.isEmpty)
        #expect(bench.outputs.contains(.imitated(.wildcardsUnmatched)))
    }

    @Test func escapedMessagesArriveAsTheyWereSent() {
        var bench = HostBench()
        bench.run()
        bench.subscribe("a")
        bench.hear("x|a|\\00\\FF\\5C.|False")
        #expect(
            bench.outputs.last
                == .message(
                    topic: Array("a".utf8), message: [0, 255, 0x5c, 0x2e], isRetained: false,
                    subscriptions: [0]))
    }

    @Test func whatIsUnsubscribedIsNeitherMatchedNorRenewed() {
        var bench = HostBench()
        bench.run()
        bench.subscribe("a")
        let first = bench.call(.unsubscribe(filter: Array("a".utf8)))
        #expect(bench.result(of: first) == .done)
        let again = bench.call(.unsubscribe(filter: Array("a".utf8)))
        #expect(bench.result(of: again) == .refused(.notSubscribed))
        bench.handle(.failed(.watchdog))
        _ = bench.takeFrames()
        bench.runAgain()
        #expect(!bench.takeFrames().contains { $0.hasPrefix("s|") })
    }

    @Test func filtersAreChecked() {
        var bench = HostBench { $0.subscriptionsMax = 1 }
        bench.run()
        func check(_ filter: String, _ result: HostResult) {
            let call = bench.subscribe(filter)
            #expect(bench.result(of: call) == result)
        }
        check("a#", .refused(.malformedFilter))
        check("a/#/b", .refused(.malformedFilter))
        check("a/#", .done)
        check("b", .refused(.queueFull(limit: 1)))
    }

    @Test func anUnknownTimeIsAskedForAgainAfterThePause() {
        var bench = HostBench()
        bench.run()
        _ = bench.takeFrames()
        let call = bench.call(.time(pause: .seconds(20), countsFrom2000: false))
        #expect(bench.takeFrames() == ["i"])
        bench.hear("i|0")
        bench.wait(.seconds(19))
        #expect(bench.takeFrames().isEmpty)
        bench.wait(.seconds(2))
        #expect(bench.takeFrames() == ["i"])
        bench.hear("i|848662091")
        #expect(bench.result(of: call) == .time(1_795_346_891))
    }

    @Test func theTimeCanCountFrom2000() {
        var bench = HostBench()
        bench.run()
        let call = bench.call(.time(pause: .zero, countsFrom2000: true))
        bench.hear("i|848662091")
        #expect(bench.result(of: call) == .time(848_662_091))
    }

    @Test func memoryIsAnsweredInTheOrderOfTheCalls() {
        var bench = HostBench()
        bench.run()
        let first = bench.call(.memory)
        let second = bench.call(.memory)
        bench.hear("m|10|20")
        #expect(bench.result(of: first) == .memory(free: 10, allocated: 20))
        #expect(bench.result(of: second) == nil)
    }

    @Test func aCommandReturnsWhenItHasLeftTheWire() {
        var bench = HostBench()
        bench.run()
        let call = bench.call(.command(HostBench.bytes("zz|arg1|2")))
        #expect(bench.takeFrames().last == "zz|arg1|2")
        #expect(bench.result(of: call) == nil)
        bench.handle(.left(tag: bench.tags.last ?? 0))
        #expect(bench.result(of: call) == .done)
    }

    @Test func aCommandThatReadsAsAnotherMessageIsRefused() {
        var bench = HostBench()
        bench.run()
        let call = bench.call(.command(HostBench.bytes("p|a|b|1|1")))
        guard case .refused(.unsendable)? = bench.result(of: call) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func requestsThatACrashCutOffAreMadeAgain() {
        var bench = HostBench()
        bench.run()
        let memory = bench.call(.memory)
        bench.call(.time(pause: .seconds(1), countsFrom2000: true))
        bench.handle(.failed(.watchdog))
        _ = bench.takeFrames()
        bench.runAgain()
        #expect(bench.takeFrames().suffix(2) == ["i", "m"])
        bench.hear("m|1|2")
        #expect(bench.result(of: memory) == .memory(free: 1, allocated: 2))
    }

    @Test func theApplicationCanHaveTheBridgeReset() {
        var bench = HostBench()
        bench.run()
        bench.call(.restart)
        #expect(bench.outputs.suffix(2) == [.crashed(.noNetwork), .startLink])
    }

    @Test func pacingDelaysWhatIsHeardWhileRunning() {
        var bench = HostBench { $0.pacing = .reference }
        bench.handle(.start)
        bench.handle(.synchronised)
        #expect(bench.takeFrames().isEmpty)
        bench.wait(.milliseconds(100))
        #expect(bench.takeFrames() == [HostBench.initText])
        for status in ["t|2", "t|1", "t|0", "t|5"] { bench.hear(status) }
        bench.wait(.milliseconds(5))
        bench.hear("t|9")
        #expect(!bench.outputs.contains(.ready))
        bench.wait(.milliseconds(24))
        #expect(!bench.outputs.contains(.ready))
        bench.wait(.milliseconds(2))
        #expect(bench.outputs.contains(.ready))
    }
}
