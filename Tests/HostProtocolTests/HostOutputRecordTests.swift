import HostProtocol
import LinkProtocol
import Signals
import Testing

/// What the records of a host's outputs tell.
struct HostOutputRecordTests {
    static let outputs: [(HostMachine.Output, HostOutputRecord)] = [
        (.returned(id: 7, .done), .returned(id: 7, .done)),
        (.returned(id: -1, .unconfirmed), .returned(id: -1, .unconfirmed)),
        (.returned(id: 1, .time(848_662_126)), .returned(id: 1, .time(848_662_126))),
        (
            .returned(id: 1, .memory(free: 27_168, allocated: 10_688)),
            .returned(id: 1, .memory(free: 27_168, allocated: 10_688))
        ),
        (
            .returned(
                id: 2,
                .refused(
                    .unsendable(
                        UnsendableMessage(
                            command: .publish, fieldIndex: 1, offset: 300, reason: .empty)))),
            .returned(id: 2, .refused(.unsendable))
        ),
        (
            .returned(id: 2, .refused(.wildcardInTopic)),
            .returned(id: 2, .refused(.wildcardInTopic))
        ),
        (
            .returned(id: 2, .refused(.malformedFilter)),
            .returned(id: 2, .refused(.malformedFilter))
        ),
        (.returned(id: 2, .refused(.tooLong(limit: 9))), .returned(id: 2, .refused(.tooLong))),
        (.returned(id: 2, .refused(.queueFull(limit: 9))), .returned(id: 2, .refused(.queueFull))),
        (.returned(id: 2, .refused(.notSubscribed)), .returned(id: 2, .refused(.notSubscribed))),
        (.returned(id: 2, .refused(.stopped)), .returned(id: 2, .refused(.stopped))),
        (
            .message(topic: [97], message: [0, 255], isRetained: true, subscriptions: [0, 300]),
            .message(topic: [97], message: [0, 255], isRetained: true, subscriptions: [0, 300])
        ),
        (
            .status(.running, awaitsAnswer: true, text: [1], offending: [120]),
            .status(.running, awaitsAnswer: true, text: [1], offending: [120])
        ),
        (.network(isUp: false), .network(isUp: false)),
        (.sessionStarted(3), .sessionStarted(3)), (.ready, .ready),
        (.crashed(.noNetwork), .crashed(.noNetwork)),
        (.imitated(.lenientFields), .imitated(.lenientFields)),
        (.event(.synchronised), .event(.synchronised)),
        (.event(.linkFailed(.noAnswer)), .event(.linkFailed(.noAnswer))),
        (.event(.linkFailed(.notSynchronised)), .event(.linkFailed(.notSynchronised))),
        (.event(.linkFailed(.watchdog)), .event(.linkFailed(.watchdog))),
        (
            .event(
                .malformed(
                    MalformedMessage(
                        sender: .bridge, command: nil, fieldIndex: 1, offset: 2,
                        reason: .notANumber))),
            .event(.malformed(fieldIndex: 1, offset: 2, .notANumber))
        ),
        (.event(.undue(frame: [116])), .event(.undue(frame: [116]))),
        (.event(.startTimedOut), .event(.startTimedOut)),
        (.event(.answerTimedOut), .event(.answerTimedOut)),
        (.event(.publicationKept(id: 5)), .event(.publicationKept(id: 5))),
        (.event(.publicationRepeated(id: 5)), .event(.publicationRepeated(id: 5))),
        (.event(.subscriptionsRenewed(count: 2)), .event(.subscriptionsRenewed(count: 2))),
        (.event(.sendRefused(.queueFull(limit: 1))), .event(.sendRefused)),
        (
            .event(.frameTooLong(droppedCharacters: 70_000)),
            .event(.frameTooLong(droppedCharacters: 70_000))
        ),
    ]

    @Test(arguments: outputs.indices)
    func recordsTellWhatTheirOutputsDid(place: Int) throws {
        let (output, told) = Self.outputs[place]
        let record = try #require(output.record())
        #expect(try HostOutputRecord(record: record) == told)
        for length in record.indices {
            #expect(throws: RecordFault.self) {
                try HostOutputRecord(record: Array(record[..<length]))
            }
        }
        #expect(throws: RecordFault.self) { try HostOutputRecord(record: record + [0]) }
    }

    @Test(
        arguments: [
            [9], [2, 14], [2, 255], [0, 2, 5], [0, 2, 4, 7], [8, 11], [8, 1, 3], [3, 2],
            [1, 0, 0, 0, 1], [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] as [[UInt8]])
    func whatDoesNotExistIsAFault(record: [UInt8]) {
        #expect(throws: RecordFault.self) { try HostOutputRecord(record: record) }
    }
}
