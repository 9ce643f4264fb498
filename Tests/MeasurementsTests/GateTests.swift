import LinkProtocol
import Signals
import Testing

@testable import Measurements

@Suite struct GateTests {
    /// Publications of qos 1 with these latencies in milliseconds.
    private func report(latencies: [Int64]) -> LinkReport {
        var talk = Conversation.inARunningSession()
        for (index, latency) in latencies.enumerated() {
            let start = 2_000 + Int64(index) * 10_000
            let request = talk.publish(start, start + 50)
            let end = start + 50 + latency
            talk.say(.status(.publicationOK), end - 1, end, answering: request)
        }
        return talk.report(until: 2_000_000)
    }

    @Test(arguments: [
        ("publish.qos1.max>200ms", false), ("publish.qos1.max > 199.999 ms", true),
        ("publish.qos1.max>=200ms", true), ("publish.qos1.max<200ms", false),
        ("publish.qos1.max<=0.2s", true), ("publish.qos1.max==200000us", true),
        ("publish.qos1.max == 200000000 ns", true), ("publish.qos1.max!=200ms", false),
        ("publish.qos1.count!=10", false), ("publish.unanswered>0", false),
        ("watchdog.count==0", true), ("idle>99%", true), ("bitRate<1kbit/s", true),
        ("throughput.host.payload<1char/s", true), ("bitRate==0bit/s", true),
    ])
    func aGateTripsWhenItsConditionHolds(text: String, trips: Bool) throws {
        let outcome = try Gate(parsing: text).judge(
            report(latencies: [Int64](repeating: 200, count: 10)))
        switch outcome {
        case .tripped: #expect(trips)
        case .passed: #expect(!trips)
        case .cannotTell(let reason): Issue.record("cannot tell: \(reason)")
        }
    }

    @Test func whatTheCaptureDoesNotSupportIsNeverPassed() throws {
        let nine = report(latencies: [Int64](repeating: 200, count: 9))
        #expect(
            try Gate(parsing: "publish.qos1.p90>1s").judge(nine)
                == .cannotTell(reason: "p90 needs n >= 10, and n is 9"))
        #expect(
            try Gate(parsing: "publish.qos0.max>1s").judge(nine)
                == .cannotTell(reason: "the capture has no such value"))
        #expect(
            try Gate(parsing: "throughput.bridge.whileSending<1char/s").judge(
                Conversation().report(until: 1))
                == .cannotTell(reason: "no whole frame of this end"))
    }

    @Test(arguments: [
        (
            "publish.qos1.p90",
            "no comparison in 'publish.qos1.p90': write something like "
                + "publish.qos1.p90>200ms"
        ),
        ("publish.qos1.p90=>200ms", "'=>' is no comparison: use one of > >= < <= == !="),
        (">200ms", "no metric before the comparison in '>200ms'"),
        (
            "publish.qos1.p95>200ms",
            "there is no metric 'publish.qos1.p95'; did you mean "
                + "publish.qos1.p90, publish.qos1.p99, publish.qos0.p90?"
        ),
        ("xyzzy>1", "there is no metric 'xyzzy'"),
        ("publish.qos1.p90>", "no number after the comparison"),
        ("publish.qos1.p90>fast", "'fast' does not begin with a number"),
        ("publish.qos1.p90>.", "'.' does not begin with a number"),
        (
            "publish.qos1.p90>200",
            "the number has no unit: publish.qos1.p90 is a time and wants "
                + "ns, us, ms or s"
        ),
        (
            "publish.qos1.p90>200%",
            "'%' is the wrong unit: publish.qos1.p90 is a time and wants "
                + "ns, us, ms or s"
        ),
        (
            "watchdog.count>1s",
            "'s' is the wrong unit: watchdog.count is a plain number without "
                + "unit"
        ),
        ("idle>50", "the number has no unit: idle is a share and wants %"),
        ("bitRate>1.2.3", "'.3' is the wrong unit: bitRate is a rate and wants bit/s or kbit/s"),
        ("bitRate>2000", "the number has no unit: bitRate is a rate and wants bit/s or kbit/s"),
        (
            "throughput.host.payload>3",
            "the number has no unit: throughput.host.payload is a rate and wants char/s"
        ),
        ("bitRate>1234567890123456", "'1234567890123456' has more than 15 digits"),
    ])
    func whatIsNoGateSaysWhy(text: String, message: String) {
        #expect(throws: GateError.self) { try Gate(parsing: text) }
        do {
            _ = try Gate(parsing: text)
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func thresholdsAreTheNearestDoubleToWhatWasWritten() throws {
        #expect(try Gate(parsing: "publish.qos1.max>0.3ms").threshold == 300_000)
        #expect(try Gate(parsing: "publish.qos1.max>1.000001s").threshold == 1_000_001_000)
        #expect(try Gate(parsing: "idle>12.5%").threshold == 12.5)
        #expect(try Gate(parsing: "bitRate<2.322 kbit/s").threshold == 2_322)
        #expect(try Gate(parsing: "publish.qos1.max>00000000000000000001ms").threshold == 1_000_000)
    }

    // MARK: Metrics

    @Test func everyNameIsUniqueAndCanBeLookedUp() {
        let names = LinkReport.metricNames
        let report = report(latencies: [])
        for (index, name) in names.enumerated() {
            #expect(names.firstIndex(of: name) == index)
            #expect(report.metric(named: name)?.name == name)
        }
        #expect(report.metrics.map(\.name) == names)
        #expect(report.metric(named: "publish") == nil)
    }

    @Test(arguments: [
        ("publish.qos1.p90", MetricUnit.time), ("publish.qos0.max", .time),
        ("publish.beforeRunning.qos1.p50", .time), ("publish.duringOutage.qos1.max", .time),
        ("publish.unanswered", .count), ("throughput.host.whileSending", .characterRate),
        ("throughput.bridge.payload", .characterRate), ("bitRate", .bitRate),
        ("watchdog.count", .count), ("watchdog.silence.max", .time),
        ("watchdog.withoutService.max", .time), ("startup.running.max", .time),
        ("startup.status.BROKER_OK.p50", .time), ("gaps.count", .count),
        ("turnRound.bridge.p99", .time), ("turnRound.host.p99.9", .time),
        ("stalls.bridge.count", .count), ("resets.fatal-status", .count), ("busy", .percent),
        ("idle", .percent), ("time.p50", .time), ("memory.max", .time),
        ("frame.host.publish.p50", .time), ("outage.max", .time), ("capture.duration", .time),
        ("sessions.count", .count), ("subscriptions.renewed", .count),
    ])
    func namesThatGatesRelyOnStay(name: String, unit: MetricUnit) {
        #expect(LinkReport.unit(ofMetric: name) == unit)
    }
}
