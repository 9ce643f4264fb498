import Decoding
import LinkProtocol
import Measurements
import Signals
import Testing

@testable import Reporting

/// What a report says of a journal, and how its events look in a conversation.
@Suite struct JournalReportTests {
    private var text: String { ReportText.render([ReportFixture.captureWithJournal]) }

    @Test func interruptionsAreListedWithTheirFaults() {
        #expect(text.contains("Interruptions: "))
        #expect(
            text.contains(
                "  9.000   restart, watchdog  crash at 9.000   16.000  7.000 s     1        -"))
        #expect(text.contains("no service: restart of the bridge"))
        #expect(!ReportText.render([ReportFixture.capture()]).contains("Interruptions"))
    }

    @Test func arrivalsAreCounted() {
        #expect(text.contains("by the host's journal"))
        #expect(text.contains("1 crossed the wire, 1 arrived there"))
        // Its frame may be among the missing edges: nobody can say that it did not arrive.
        #expect(!text.contains("Never arrived at the broker"))
        #expect(text.contains("1 in doubt"))
    }

    @Test func whatTheJournalTellsIsNotSaidToBeUntold() {
        #expect(text.contains("Nothing of that kind: the journal tells it."))
        let both = ReportText.render([
            ReportFixture.captureWithJournal, ReportFixture.capture(),
        ])
        #expect(both.contains("why the bridge stood still"))
        #expect(
            ReportMarkdown.render([ReportFixture.captureWithJournal]).contains("## Interruptions"))
    }

    // MARK: In a conversation

    private func line(
        _ content: JournalEvent.Content, _ format: ConversationFormat = .text
    ) -> [String] {
        var book = SecretBook()
        book.learn(Array("hunter2".utf8))
        return ConversationWriter(format: format, secrets: book).lines(
            for: JournalEvent(
                time: Timestamp(nanoseconds: 1_500_000_000), edgesBefore: 0, content), session: 1)
    }

    @Test func eventsAreOneLine() throws {
        #expect(
            line(.fault(number: 3, .seconds(12))) == [
                "      1.500000  --- 12000.0  FAULT wifi-outage"
            ])
        #expect(
            line(.faultEnded(number: 3)) == [
                "      1.500000  ---          fault wifi-outage is over"
            ])
        #expect(line(.bridge(.poweredOff)) == ["      1.500000  BRG          power-off"])
        #expect(
            line(.arrived(topic: [97], message: [0xff, 0x1b], qos: 1, isDuplicate: true)) == [
                "      1.500000  B>M          arrived at the broker: a messageHex=\"ff1b\" qos=1 dup"
            ])
        #expect(line(.damaged(.hostInput, nil)) == [])
        #expect(
            line(.fault(number: 1, .zero), .ndjson) == [
                #"{"start":1500000000,"end":1500000000,"type":"fault","session":1,"fault":"crash"}"#
            ])
        #expect(
            line(.fault(number: 99, .zero), .csv) == [
                #"1500000000,1500000000,,fault,1,,"{""fault"":""99""}""#
            ])
    }

    @Test func secretsAreMaskedInPacketsToo() {
        let content = JournalEvent.Content.arrived(
            topic: [97], message: Array("my hunter2".utf8), qos: 0, isDuplicate: false)
        for format in ConversationFormat.allCases {
            #expect(line(content, format).joined().contains("my *******"), "\(format)")
        }
    }
}
