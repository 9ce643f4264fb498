import Decoding
import LinkProtocol
import Signals
import Testing

@testable import Measurements

@Suite struct RequestTests {
    @Test func aPublicationCountsFromItsEndToTheEndOfPubok() {
        var talk = Conversation.inARunningSession()
        let request = talk.publish(2_000, 2_050)
        talk.say(.status(.publicationOK), 2_190, 2_200, answering: request)
        let publish = talk.report(until: 3_000).publish
        #expect(publish.latency(qos: .atLeastOnce, phase: .whileRunning).max == ms(150))
        #expect(publish.latency(qos: .atMostOnce, phase: .whileRunning).count == 0)
        #expect(publish.outcomes.sent == 1)
        #expect(publish.outcomes.answered == 1)
    }

    @Test func phasesNeverShareARow() {
        var talk = Conversation()
        talk.reset(0, 100)
        let early = talk.publish(1_200, 1_250)
        talk.running(1_400, 1_500)
        talk.say(.status(.publicationOK), 1_600, 1_650, answering: early)
        let usual = talk.publish(2_000, 2_050)
        talk.say(.status(.publicationOK), 2_090, 2_100, answering: usual)
        talk.say(.status(.wifiDown), 3_000, 3_010)
        let offline = talk.publish(3_100, 3_150)
        talk.say(.status(.wifiUp), 9_000, 9_010)
        talk.say(.status(.publicationOK), 9_100, 9_150, answering: offline)
        let report = talk.report(until: 10_000)
        let publish = report.publish
        #expect(publish.latency(qos: .atLeastOnce, phase: .beforeRunning).max == ms(400))
        #expect(publish.latency(qos: .atLeastOnce, phase: .whileRunning).max == ms(50))
        #expect(publish.latency(qos: .atLeastOnce, phase: .duringOutage).max == ms(6_000))
        for row in publish.rows { #expect(row.latency.count <= 1) }
        #expect(report.outages.length.max == ms(6_000))
    }

    @Test func whatAResetCutsOffIsUnanswered() {
        var talk = Conversation.inARunningSession()
        talk.publish(2_000, 2_050)
        talk.ask(.timeRequest, .time, 2_100, 2_110)
        talk.reset(3_000, 3_100, cause: .hostRestart)
        talk.running(4_000, 4_010)
        talk.publish(5_000, 5_050)
        let report = talk.report(until: 6_000)
        #expect(report.publish.outcomes.unanswered == 1)
        #expect(report.publish.outcomes.open == 1)
        #expect(report.time.outcomes.unanswered == 1)
        #expect(report.publish.outcomes.answered == 0)
    }

    @Test func noLatencyIsTakenAcrossAGap() {
        var talk = Conversation.inARunningSession()
        var first = talk.publish(2_000, 2_050)
        talk.gap(2_100, 2_300)
        var second = talk.publish(2_400, 2_450)
        // The decoder says which answers are in doubt.
        first.isDoubtful = true
        second.isDoubtful = true
        talk.say(.status(.publicationOK), 2_600, 2_610, answering: first)
        talk.say(.status(.publicationOK), 2_800, 2_810, answering: second)
        talk.publish(2_900, 2_950)
        talk.gap(2_960, 2_970)
        talk.reset(3_000, 3_100, cause: .hostRestart)
        talk.running(3_200, 3_210)
        let fourth = talk.publish(3_300, 3_350)
        talk.say(.status(.publicationOK), 3_390, 3_400, answering: fourth)
        let publish = talk.report(until: 4_000).publish
        #expect(publish.latency(qos: .atLeastOnce, phase: .whileRunning).count == 1)
        #expect(publish.latency(qos: .atLeastOnce, phase: .whileRunning).max == ms(50))
        #expect(publish.outcomes.doubtful == 3)
        #expect(publish.outcomes.sent == 4)
    }

    @Test func anAnswerWithoutARequestIsCounted() {
        var talk = Conversation.inARunningSession()
        talk.say(.status(.publicationOK), 2_000, 2_010)
        #expect(talk.report(until: 3_000).publish.outcomes.answersWithoutRequest == 1)
    }

    @Test func requestsThatNobodyAnswersAreBounded() {
        var talk = Conversation.inARunningSession()
        for index in 0..<2_000 { talk.publish(2_000 + Int64(index), 2_001 + Int64(index)) }
        let outcomes = talk.report(until: 9_000).publish.outcomes
        #expect(outcomes.sent == 2_000)
        #expect(outcomes.open == 1_024)
        #expect(outcomes.doubtful == 976)
    }

    @Test func timeAndMemoryHaveTheirOwnRows() {
        var talk = Conversation.inARunningSession()
        let time = talk.ask(.timeRequest, .time, 2_000, 2_010)
        let memory = talk.ask(.memoryRequest, .memory, 2_020, 2_030)
        talk.say(.time(secondsSince2000: 5), 5_000, 5_010, answering: time)
        talk.say(.memory(free: 1, allocated: 2), 5_020, 5_030, answering: memory)
        let report = talk.report(until: 6_000)
        #expect(report.time.latency.max == ms(3_000))
        #expect(report.memory.latency.max == ms(3_000))
        #expect(report.publish.outcomes.isEmpty)
    }
}
