import Decoding
import Measurements
import Testing

@testable import Reporting

/// What a report says of publications as the application saw them.
@Suite struct ApplicationReportTests {
    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
    }

    @Test func withoutALogThereIsNoSection() {
        #expect(!ReportText.render([ReportFixture.capture()]).contains("application saw"))
        #expect(ReportJSON.render([ReportFixture.capture()]).contains("\"publications\": null,"))
    }

    @Test func hopsFatesAndTheLostAreListed() {
        let text = lines(ReportText.render([ReportFixture.captureWithLog]))
        #expect(
            text.contains("call > first bit of its frame, qos 1  12    4.0    4.0    4.0    4.0"))
        #expect(
            text.contains("frame end > PUBOK, qos 1              12  100.0  118.0  130.0  133.0"))
        #expect(
            text.contains(
                "13 calls of publish, 12 crossed the wire, 12 got PUBOK, 13 returned, 1 lost, 1"))
        #expect(text.contains(#"a      "\x1b|lost"    1    18.000      18.500"#))
        #expect(text.contains { $0.hasPrefix("The log's clock is taken to be 2.0 ms ahead") })
        #expect(text.contains { $0.contains("(4.0 ms at") })
    }

    @Test func markdownSaysTheSame() {
        let text = ReportMarkdown.render([ReportFixture.captureWithLog])
        #expect(text.contains("## Publications as the application saw them"))
        #expect(text.contains(#"| a | "\\x1b\|lost" | 1 | 18.000 | 18.500 |"#))
    }

    @Test(
        arguments: [
            (
                #"{"ev":"call","op":"publish","topic":"a b","msg":"x\"y","qos":1,"retain":true,"id":5}"#,
                #"call publish a b "x\"y" qos=1 retain=true (id 5)"#
            ),
            (
                #"{"ev":"call","op":"command","args":["m",2],"id":1}"#,
                #"call command args=["m",2] (id 1)"#
            ),
            (
                #"{"ev":"ret","id":2,"op":"get_time","r":848,"ms":5105.263}"#,
                "return get_time r=848 (id 2), 5105.263 ms after its call"
            ),
            (#"{"ev":"ret"}"#, "return"),
            (#"{"ev":"status","n":12,"name":"X"}"#, "status 12 NO_NET"),
            (#"{"ev":"status","n":77,"name":"X"}"#, "status 77 X"),
            (#"{"ev":"cb","args":["t","m\n","True"]}"#, #"message t "m\x0a" retained"#),
            (#"{"ev":"wifi","up":false}"#, "wifi up=false"), ("{}", ""),
            (#"{"ev":"\u001b[2J","\u0007":1}"#, #"\x1b[2J \x07=1"#),
        ])
    func entriesAreOneLineOfPlainText(entry: String, text: String) throws {
        #expect(LogText.describe(try JSONNode(parsing: Array(entry.utf8))) == text)
    }
}
