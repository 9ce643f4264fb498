import Testing

@testable import Reporting

@Suite struct ReportMarkdownTests {
    @Test func tablesAreMarkdownTables() {
        let text = ReportMarkdown.render([ReportFixture.capture()])
        #expect(
            text.contains(
                """
                ## Publish > PUBOK

                From the end of the publish frame to the end of its answer, in ms; qos 0 is answered at once, qos 1 when the broker has it.

                |  | n | min | p50 | p90 | max |
                | :--- | ---: | ---: | ---: | ---: | ---: |
                | qos 1, sent while RUNNING | 12 | 100.0 | 118.0 | 130.0 | 133.0 |
                | qos 1, sent before RUNNING | 1 | 3,000.0 | 3,000.0 | - | 3,000.0 |

                p90 needs n >= 10; p99 needs n >= 100
                """))
    }

    @Test func chartsAreCode() {
        let text = ReportMarkdown.render([ReportFixture.capture()])
        #expect(text.contains("```text\nqos 1, sent while RUNNING\n  100…105 ms  ####"))
    }

    @Test func textFromOutsideIsNoMarkup() {
        let text = ReportMarkdown.render([
            ReportFixture.capture(
                named: "d_crash", source: "<b>|`*_x_", notes: ["# no title", "a\nb"])
        ])
        #expect(text.hasPrefix("# d_crash\n"))
        #expect(text.contains("\\<b>\\|\\`\\*\\_x_"))
        #expect(text.contains("\\# no title"))
        #expect(text.contains("a?b"))
    }

    @Test func severalCapturesBeginWithASummary() {
        let text = ReportMarkdown.render([ReportFixture.capture(), ReportFixture.empty])
        #expect(text.hasPrefix("# Summary\n"))
        #expect(text.hasSuffix("began\n"))
    }
}
