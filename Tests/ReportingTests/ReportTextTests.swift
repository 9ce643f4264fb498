import Measurements
import Signals
import Testing

@testable import Reporting

@Suite struct ReportTextTests {
    private func section(_ title: String, of text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { $0.hasPrefix(title) }) else { return "" }
        return lines[first...].prefix { !$0.isEmpty }.joined(separator: "\n")
    }

    @Test func publicationsAreOneRowForEachPhase() {
        let text = ReportText.render([ReportFixture.capture()])
        #expect(
            section("Publish", of: text) == """
                Publish > PUBOK: from the end of the publish frame to the end of its answer, in
                  ms; qos 0 is answered at once, qos 1 when the broker has it
                                               n      min      p50    p90      max
                  qos 1, sent while RUNNING   12    100.0    118.0  130.0    133.0
                  qos 1, sent before RUNNING   1  3,000.0  3,000.0      -  3,000.0
                  p90 needs n >= 10; p99 needs n >= 100
                  qos 1, sent while RUNNING
                    100…105 ms  ######################################## 2
                    105…110 ms  ######################################## 2
                    110…115 ms  #################### 1
                    115…120 ms  ######################################## 2
                    120…125 ms  ######################################## 2
                    125…130 ms  #################### 1
                    130…135 ms  ######################################## 2
                  13 publications sent, 13 answered.
                  The stamps put each latency off by less than 5 us, either way.
                """)
    }

    @Test func aWatchdogHitIsATimeline() {
        let text = ReportText.render([ReportFixture.capture()])
        #expect(
            section("Watchdog", of: text) == """
                Watchdog: the host resets a bridge that has stopped toggling
                  1 hit.
                   9.000 s  the bridge's last toggle, in session 1
                  12.000 s  the host acts after 3.000 s; reset held low 100.0 ms
                  16.000 s  RUNNING, 7.000 s without service
                """)
    }

    @Test func theHeadSaysHowCompleteTheCaptureIs() {
        let text = ReportText.render([ReportFixture.capture(notes: ["first note", "second note"])])
        #expect(
            section("small", of: text) == """
                small
                  made by hand
                  0 edges in 20.000 s, 2 sessions, consistent except in 1 gap
                  time stamps of 5 us, accuracy of the clock not calibrated
                  first note
                  second note
                """)
        #expect(section("Gaps", of: text).contains("17.000        20.0        2  clock-order  any"))
    }

    @Test func aPercentileThatNIsTooSmallForIsNeverPrinted() {
        let text = ReportText.render([ReportFixture.capture()])
        #expect(!text.contains("p99.9"))
        #expect(!text.contains("p99 " + " "))
        #expect(text.contains("p99 needs n >= 100"))
    }

    @Test func whatTheWireCannotTellIsAlwaysSaid() {
        for captures in [[ReportFixture.capture()], [ReportFixture.empty], []] {
            let text = ReportText.render(captures)
            #expect(text.contains("Not on the wire"))
            #expect(text.contains("publications that never reached the wire"))
        }
    }

    @Test func severalCapturesBeginWithASummary() {
        let text = ReportText.render([
            ReportFixture.capture(named: "one"), ReportFixture.empty,
        ])
        #expect(text.hasPrefix("Summary"))
        #expect(text.contains("\none\n"))
        #expect(text.contains("\nempty\n"))
    }

    @Test func noLineIsWiderThanATerminal() {
        let long = String(repeating: "name-", count: 40)
        let text = ReportText.render([
            ReportFixture.capture(named: long, source: long + " " + long, notes: [long]),
            ReportFixture.capture(named: long),
        ])
        for line in text.split(separator: "\n") { #expect(line.count <= TextWidth.standard) }
        for line in text.split(separator: "\n") { #expect(line.last != " ") }
    }

    @Test func aNameCannotMoveTheCursor() {
        let text = ReportText.render([ReportFixture.capture(named: "a\u{1b}[2Jb\r\u{9b}c")])
        #expect(text.contains("a?[2Jb??c"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }

    @Test func theSameCaptureGivesTheSameText() {
        let first = ReportText.render([ReportFixture.capture(), ReportFixture.empty])
        #expect(ReportText.render([ReportFixture.capture(), ReportFixture.empty]) == first)
    }

    @Test func theReportSaysWhatTheCaptureSaysOfItsClock() {
        var capture = ReportFixture.capture()
        capture.report.capture.stamps.accuracy = "20 ppm by the data sheet"
        #expect(
            ReportText.render([capture]).contains(
                "time stamps of 5 us, accuracy of the clock: 20 ppm by the data sheet\n"))
        capture.report.capture.stamps.accuracy = "not calibrated"
        #expect(
            ReportText.render([capture]).contains(
                "time stamps of 5 us, accuracy of the clock not calibrated\n"))
    }

    @Test func everyMetricIsListedWithItsUnit() {
        let lines = MetricText.list()
        let named = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        #expect(named.count == LinkReport.metricNames.count)
        func unit(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.map(String.init)
        }
        #expect(unit("gaps.count") == "count")
        #expect(unit("gaps.time") == "ns")
        #expect(unit("bitRate") == "bit/s")
        #expect(unit("busy") == "%")
    }

    @Test func aTimeAtTheEndOfAllIntegersIsShown() throws {
        var report = ReportFixture.capture().report
        report.capture.timeInGaps = Nanoseconds(.max)
        let metric = try #require(report.metric(named: "gaps.time"))
        #expect(MetricText.value(of: metric) == "9,223,372,036.855 s")
    }
}
