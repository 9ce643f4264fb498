import HostProtocol
import LinkProtocol
import Signals
import Testing

struct StartTests {
    @Test func initFollowsSynchronisation() {
        var bench = HostBench()
        bench.handle(.start)
        #expect(bench.takeOutputs() == [.startLink])
        bench.handle(.synchronised)
        #expect(bench.takeFrames() == [HostBench.initText])
    }

    @Test func theWillGoesFirstAndIsAwaited() {
        var bench = HostBench {
            $0.will = Publication(
                topic: Array("w/t".utf8), message: Array("gone".utf8), retain: .digitOne,
                qos: .atLeastOnce)
        }
        bench.handle(.start)
        bench.handle(.synchronised)
        #expect(bench.takeFrames() == ["w|w/t|gone|1|1"])
        bench.hear("t|7")
        #expect(bench.takeFrames() == [HostBench.initText])
    }

    @Test func runningBeginsTheSessionAndWifiUpMakesItReady() {
        var bench = HostBench()
        bench.handle(.start)
        bench.handle(.synchronised)
        for status in ["t|2", "t|1", "t|0"] { bench.hear(status) }
        _ = bench.takeOutputs()
        bench.hear("t|5")
        #expect(
            bench.takeOutputs() == [
                .status(.running, awaitsAnswer: false, text: [], offending: []),
                .sessionStarted(1), .network(isUp: true),
            ])
        bench.hear("t|9")
        #expect(
            bench.takeOutputs() == [
                .status(.wifiUp, awaitsAnswer: false, text: [], offending: []), .ready,
            ])
    }

    @Test func theSecondStartAsksToResume() {
        var bench = HostBench()
        bench.run()
        _ = bench.takeFrames()
        bench.handle(.failed(.watchdog))
        bench.handle(.synchronised)
        #expect(bench.takeFrames() == [HostBench.initText + "|resume"])
    }

    @Test func theFirstSpecifiedNetworkIsAnsweredAtOnceAndTheSecondRefusedAfterAWhile() {
        var bench = HostBench()
        bench.handle(.start)
        bench.handle(.synchronised)
        bench.hear("t|2")
        _ = bench.takeFrames()
        bench.hear("t|3")
        #expect(bench.takeFrames() == ["1"])
        bench.hear("t|3")
        bench.wait(.seconds(29))
        #expect(!bench.outputs.contains(.crashed(.specifiedNetwork)))
        bench.wait(.seconds(2))
        #expect(bench.outputs.contains(.crashed(.specifiedNetwork)))
        #expect(bench.outputs.last == .startLink)
    }

    @Test func theApplicationAnswersForTheNetworkIfItWantsTo() {
        var bench = HostBench { $0.statusHandler = .application }
        bench.handle(.start)
        bench.handle(.synchronised)
        bench.hear("t|3")
        _ = bench.takeFrames()
        bench.wait(.seconds(1_000))
        #expect(bench.takeFrames().isEmpty)
        bench.handle(.statusAnswer(.proceed))
        #expect(bench.takeFrames() == ["1"])
        bench.hear("t|3")
        bench.handle(.statusAnswer(.reset))
        #expect(bench.outputs.suffix(2) == [.crashed(.specifiedNetwork), .startLink])
    }

    @Test func aFatalStatusWaitsForTheApplicationBeforeTheReset() {
        var bench = HostBench { $0.statusHandler = .application }
        bench.run()
        _ = bench.takeOutputs()
        bench.hear("t|6|Unknown command:|zz|1")
        #expect(
            bench.takeOutputs() == [
                .status(
                    .unknown, awaitsAnswer: true, text: Array("Unknown command:".utf8),
                    offending: HostBench.bytes("zz|1"))
            ])
        bench.handle(.statusAnswer(.proceed))
        #expect(
            bench.takeOutputs() == [.network(isUp: false), .crashed(.unknown), .startLink])
    }

    @Test(arguments: [
        (LinkFailure.noAnswer, Status.bridgeFail), (.notSynchronised, .bridgeFail),
        (.watchdog, .bridgeFail),
    ])
    func aLinkThatFailsDuringTheStartIsAFailedBridge(failure: LinkFailure, status: Status) {
        var bench = HostBench()
        bench.handle(.start)
        bench.handle(.failed(failure))
        #expect(
            bench.outputs.contains(
                .status(status, awaitsAnswer: false, text: [], offending: [])))
        #expect(bench.outputs.last == .startLink)
    }

    @Test func theWatchdogWhileRunningIsNoNetwork() {
        var bench = HostBench()
        bench.run()
        bench.handle(.failed(.watchdog))
        #expect(
            bench.outputs.contains(
                .status(.noNetwork, awaitsAnswer: false, text: [], offending: [])))
        #expect(bench.outputs.contains(.crashed(.noNetwork)))
    }

    @Test func aStartThatGetsNoFurtherIsBegunAnew() {
        var bench = HostBench()
        bench.handle(.start)
        bench.handle(.synchronised)
        bench.hear("t|2")
        bench.wait(.seconds(59))
        #expect(!bench.outputs.contains(.event(.startTimedOut)))
        bench.wait(.seconds(2))
        #expect(bench.outputs.contains(.event(.startTimedOut)))
        #expect(bench.outputs.last == .startLink)
    }

    @Test(arguments: ["t|4", "u|a|b|False", "i|5", "garbage", "t|12", "t|9", "m|1|2", "t|7"])
    func whatIsNotDueDuringTheStartShowsAFalseSynchronisation(text: String) {
        var bench = HostBench()
        bench.handle(.start)
        bench.handle(.synchronised)
        bench.hear(text)
        #expect(bench.outputs.last == .startLink)
        var credulous = HostBench { $0.rules = ReferenceRules(.falseSynchronisation) }
        credulous.handle(.start)
        credulous.handle(.synchronised)
        _ = credulous.takeOutputs()
        credulous.hear(text)
        #expect(credulous.outputs.contains(.imitated(.falseSynchronisation)))
        #expect(!credulous.outputs.contains(.startLink))
    }

    @Test func garbageWhileRunningEndsTheSession() {
        var bench = HostBench()
        bench.run()
        bench.hear("\u{1}\u{2}")
        #expect(bench.outputs.last == .startLink)
    }

    @Test func stopReturnsEveryCallAndEndsTheLink() {
        var bench = HostBench()
        bench.run()
        let publication = bench.publish("x")
        let waiting = bench.publish("y")
        let memory = bench.call(.memory)
        bench.handle(.stop)
        for call in [publication, waiting, memory] {
            #expect(bench.result(of: call) == .refused(.stopped))
        }
        #expect(bench.outputs.last == .stopLink)
        let late = bench.publish("z")
        #expect(bench.result(of: late) == .refused(.stopped))
    }

    @Test func aConfigurationThatTheLinkCannotCarryIsToldAndNotTriedForEver() {
        var bench = HostBench { $0.initialisation.password = [0x70, 0xff] }
        bench.handle(.start)
        bench.handle(.synchronised)
        #expect(bench.takeFrames().isEmpty)
        #expect(
            bench.outputs.suffix(2) == [
                .event(
                    .configurationUnsendable(
                        .init(command: .initialise, fieldIndex: 2, offset: 1, reason: .byte(0xff)))),
                .stopLink,
            ])
        bench.wait(.seconds(1_000))
        #expect(bench.outputs.last == .stopLink)
    }
}
