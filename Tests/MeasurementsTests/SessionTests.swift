import Decoding
import LinkProtocol
import Signals
import Testing

@testable import Measurements

@Suite struct SessionTests {
    @Test func theWatchdogsCostIsCountedFromTheBridgesLastToggle() throws {
        var talk = Conversation.inARunningSession()
        talk.say(.subscribe(topic: [97], qos: .atLeastOnce), 1_600, 1_650)
        talk.watchdog(5_000, 8_000)
        talk.reset(8_000, 8_100, cause: .watchdog)
        talk.synchronise(9_100)
        talk.running(12_000, 12_010, lastService: 5_000)
        talk.say(.subscribe(topic: [97], qos: .atLeastOnce), 12_100, 12_150)
        let report = talk.report(until: 20_000)
        #expect(report.watchdog.count == 1)
        #expect(report.watchdog.silence.max == ms(3_000))
        #expect(report.watchdog.resetLow.max == ms(100))
        #expect(report.watchdog.toSynchronised.max == ms(1_100))
        #expect(report.watchdog.toRunning.max == ms(4_010))
        #expect(report.watchdog.withoutService.max == ms(7_010))
        #expect(report.startUp.subscriptionsRenewed == 1)
        let hit = try #require(report.sessions.kept.last)
        #expect(hit.number == 2)
        #expect(hit.silence?.start == at(5_000))
        #expect(hit.lastRenewal == at(12_150))
        #expect(report.sessions.kept.first?.ended == at(8_000))
        #expect(report.resets.map(\.count) == [1, 1, 0, 0, 0])
    }

    @Test func aSubscriptionSentTwiceInASessionRenewsNothing() {
        var talk = Conversation.inARunningSession()
        talk.say(.subscribe(topic: [97], qos: .atLeastOnce), 1_600, 1_650)
        talk.say(.subscribe(topic: [97], qos: .atLeastOnce), 1_700, 1_750)
        #expect(talk.report(until: 2_000).startUp.subscriptionsRenewed == 0)
    }

    @Test func theStartUpIsTakenApart() {
        var talk = Conversation()
        talk.reset(10, 110)
        talk.synchronise(1_110)
        talk.say(.initialise(InitialiseFields(ssid: [1], password: [2], broker: [3])), 1_200, 1_310)
        talk.say(.status(.defaultNetwork), 1_400, 1_410)
        talk.say(.status(.brokerCheck), 2_400, 2_410)
        talk.running(3_000, 3_010)
        talk.say(.status(.wifiUp), 3_100, 3_110)
        talk.say(.status(.wifiDown), 4_000, 4_010)
        talk.say(.status(.brokerOK), 5_000, 5_010)
        let startUp = talk.report(until: 6_000).startUp
        #expect(startUp.resetLow.max == ms(100))
        #expect(startUp.synchronised.max == ms(1_000))
        #expect(startUp.initialised.max == ms(200))
        #expect(startUp.running.max == ms(2_900))
        #expect(
            startUp.statuses.map(\.status) == [.defaultNetwork, .brokerCheck, .running, .wifiUp])
        #expect(startUp.statuses.map(\.delay.max) == [ms(100), ms(1_100), ms(1_700), ms(1_800)])
        #expect(startUp.sessionsWithoutRunning == 0)
    }

    @Test func aResetWhoseEndIsMissingStillEndsTheSessionBefore() {
        var talk = Conversation.inARunningSession()
        talk.reset(3_000, nil, cause: .hostRestart)
        let report = talk.report(until: 6_000)
        #expect(report.sessions.kept.first?.ended == at(3_000))
        #expect(report.startUp.resetLow.count == 1)
        #expect(report.startUp.sessionsWithoutRunning == 1)
    }

    @Test func sessionsAreListedUpToALimitAndCountedBeyond() {
        var talk = Conversation()
        for index in 0..<1_000 { talk.reset(Int64(index) * 10, Int64(index) * 10 + 5) }
        let report = talk.report(until: 20_000)
        #expect(report.sessions.count == 1_000)
        #expect(report.sessions.kept.count == 256)
        #expect(report.startUp.resetLow.count == 1_000)
    }

    @Test func gapsAreListedUpToALimitAndCountedBeyond() {
        var talk = Conversation.inARunningSession()
        for index in 0..<100 { talk.gap(2_000 + Int64(index) * 10, 2_004 + Int64(index) * 10) }
        let capture = talk.report(until: 5_000).capture
        #expect(!capture.isWithoutGaps)
        #expect(capture.gaps.count == 100)
        #expect(capture.gaps.kept.count == 64)
        #expect(capture.timeInGaps == ms(400))
    }

    @Test func aPassiveCaptureIsNeverMoreThanConsistent() {
        #expect(Conversation().report(until: 1_000).capture.completeness == .consistent)
        #expect(Completeness.consistent < .driven)
    }
}
