import LinkProtocol
import Signals
import Testing

/// A frame that is no message, and the evidence for it.
struct Wreck: Sendable, CustomTestStringConvertible {
    var text: String
    var command: Command?
    var fieldIndex: Int
    var offset: Int
    var reason: MalformedMessage.Reason

    init(
        _ text: String, _ command: Command?, _ fieldIndex: Int, _ offset: Int,
        _ reason: MalformedMessage.Reason
    ) {
        self.text = text
        self.command = command
        self.fieldIndex = fieldIndex
        self.offset = offset
        self.reason = reason
    }

    var testDescription: String { text }

    func evidence(from sender: LinkEnd) -> MalformedMessage {
        MalformedMessage(
            sender: sender, command: command, fieldIndex: fieldIndex, offset: offset,
            reason: reason)
    }
}

@Suite struct MalformedMessageTests {
    @Test(arguments: [
        Wreck("", nil, 0, 0, .empty),
        Wreck("|a", nil, 0, 0, .empty),
        Wreck("\u{3}ab|c", nil, 0, 0, .unknownCommand),
        Wreck("a b|c", nil, 0, 0, .unknownCommand),
        Wreck("p", .publish, 1, 1, .missingField),
        Wreck("p|", .publish, 1, 2, .empty),
        Wreck("p||x|1|0", .publish, 1, 2, .empty),
        Wreck("p|a", .publish, 2, 3, .missingField),
        Wreck("p|a|b", .publish, 3, 5, .missingField),
        Wreck("p|a|b|2|0", .publish, 3, 6, .notAFlag),
        Wreck("p|a|b|true|0", .publish, 3, 6, .notAFlag),
        Wreck("p|a|b|1", .publish, 4, 7, .missingField),
        Wreck("p|a|b|1|", .publish, 4, 8, .empty),
        Wreck("p|a|b|1|2", .publish, 4, 8, .outOfRange),
        Wreck("p|a|b|1|True", .publish, 4, 8, .notANumber),
        Wreck("p|a|b|1|1x", .publish, 4, 9, .notANumber),
        Wreck("p|a|b|1|01", .publish, 4, 8, .notANumber),
        Wreck("p|a|b|1|1|x", .publish, 5, 10, .surplusField),
        Wreck("p|a|b|1|1|", .publish, 5, 10, .surplusField),
        Wreck("w|a|b|0|5", .will, 4, 8, .outOfRange),
        Wreck("s|a", .subscribe, 2, 3, .missingField),
        Wreck("s||1", .subscribe, 1, 2, .empty),
        Wreck("s|a|1|1", .subscribe, 3, 6, .surplusField),
        Wreck("i|1", .time, 1, 2, .surplusField),
        Wreck("m|", .memory, 1, 2, .surplusField),
        Wreck("init", .initialise, 1, 4, .missingField),
    ])
    func aHostsWreckIsToldWithItsEvidence(wreck: Wreck) {
        #expect(
            HostMessage.parse(frame(wreck.text)) == .malformed(wreck.evidence(from: .host)))
    }

    @Test(arguments: [
        Wreck("", nil, 0, 0, .empty),
        Wreck("p|a|b|1|0", nil, 0, 0, .unknownCommand),
        Wreck("init", nil, 0, 0, .unknownCommand),
        Wreck("|5", nil, 0, 0, .unknownCommand),
        Wreck("t", .status, 1, 1, .missingField),
        Wreck("t|", .status, 1, 2, .empty),
        Wreck("t|x", .status, 1, 2, .notANumber),
        Wreck("t|13", .status, 1, 2, .outOfRange),
        Wreck("t|11", .status, 1, 2, .hostLocalStatus),
        Wreck("t|5|x", .status, 2, 4, .surplusField),
        Wreck("t|6", .status, 2, 3, .missingField),
        Wreck("t|6|text", .status, 3, 8, .missingField),
        Wreck("u|a|b", .publication, 3, 5, .missingField),
        Wreck("u|a|b|1", .publication, 3, 6, .notAFlag),
        Wreck("u|a|b|", .publication, 3, 6, .notAFlag),
        Wreck("u|a|b|c|True", .publication, 3, 6, .notAFlag),
        Wreck("u|a|b|True|True", .publication, 4, 11, .surplusField),
        Wreck("u||b|True", .publication, 1, 2, .empty),
        Wreck("i", .time, 1, 1, .missingField),
        Wreck("i|", .time, 1, 2, .empty),
        Wreck("i|-5", .time, 1, 2, .notANumber),
        Wreck("i|100000000000000000", .time, 1, 2, .outOfRange),
        Wreck("i|99999999999999999999999999x", .time, 1, 28, .notANumber),
        Wreck("m|1", .memory, 2, 3, .missingField),
        Wreck("m|1|2|3", .memory, 3, 6, .surplusField),
    ])
    func aBridgesWreckIsToldWithItsEvidence(wreck: Wreck) {
        #expect(
            BridgeMessage.parse(frame(wreck.text)) == .malformed(wreck.evidence(from: .bridge)))
    }

    @Test func offsetsCountFromTheStartOfAPart() {
        let whole = frame("xxxx|p|a|b|1|7")
        #expect(HostMessage.parse(whole[5...]).malformation?.offset == 8)
    }

    @Test func everyReasonHasAName() {
        #expect(Set(MalformedMessage.Reason.allCases.map { $0.name.description }).count == 9)
    }
}
