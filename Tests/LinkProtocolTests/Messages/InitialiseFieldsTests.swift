import LinkProtocol
import Signals
import Testing

@Suite struct InitialiseFieldsTests {
    private let full =
        "init|net|word|broker|user|secret|{'a': 1}|0|8883|1|0|30|1|0|2|5|15|time.host"

    private func fields(_ text: String) throws -> InitialiseFields {
        let message = try #require(HostMessage.parse(frame(text)).message)
        guard case .initialise(let fields) = message else {
            throw NoInitialise()
        }
        return fields
    }
    private struct NoInitialise: Error {}

    @Test func fieldsAreReadByTheirPlace() throws {
        let fields = try fields(full)
        #expect(fields.ssid == bytes("net"))
        #expect(fields.password == bytes("word"))
        #expect(fields.broker == bytes("broker"))
        #expect(fields.user == bytes("user"))
        #expect(fields.userPassword == bytes("secret"))
        #expect(fields.tlsParameters == bytes("{'a': 1}"))
        #expect(!fields.usesDefaultNetwork)
        #expect(fields.port == 8883)
        #expect(fields.usesTLS)
        #expect(!fields.isFast)
        #expect(fields.keepaliveSeconds == 30)
        #expect(fields.isDebugging)
        #expect(!fields.cleanSession)
        #expect(fields.republicationsMax == 2)
        #expect(fields.responseTimeSeconds == 5)
        #expect(fields.pingIntervalSeconds == 15)
        #expect(fields.timeserver == bytes("time.host"))
        #expect(fields.extensions.isEmpty)
        #expect(!fields.resumes)
    }

    @Test func theDefaultsAreThoseOfTheReference() throws {
        var fields = InitialiseFields(
            ssid: bytes("testnet"), password: bytes("pw"), broker: bytes("127.0.0.1"))
        fields.port = 18831
        #expect(
            drawing(try HostMessage.initialise(fields).write(dialect: .current))
                == "init|testnet|pw|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|pool.ntp.org")
    }

    @Test func resumeIsAWordBehindTheTimeServer() throws {
        var fields = try fields(full + "|resume")
        #expect(fields.resumes)
        fields.resumes = false
        #expect(drawing(try HostMessage.initialise(fields).write(dialect: .current)) == full)
        fields.resumes = true
        #expect(
            drawing(try HostMessage.initialise(fields).write(dialect: .current))
                == full + "|resume")
    }

    @Test(arguments: ["|", "|resume|later", "|later||resume", "|||"])
    func extensionsThatNobodyKnowsAreKept(ending: String) throws {
        let fields = try fields(full + ending)
        #expect(
            fields.extensions.count == ending.split(
                separator: "|", omittingEmptySubsequences: false
            ).count - 1)
        #expect(
            drawing(try HostMessage.initialise(fields).write(dialect: .reference)) == full + ending)
    }

    @Test(arguments: [
        (7, "2", MalformedMessage.Reason.outOfRange),
        (7, "True", .notANumber),
        (8, "65536", .outOfRange),
        (8, "", .empty),
        (8, "-1", .notANumber),
        (9, "x", .notANumber),
        (11, "65536", .outOfRange),
        (11, "060", .notANumber),
        (14, "4294967296", .outOfRange),
        (15, "1.5", .notANumber),
        (16, "99999999999999999999999999", .outOfRange),
    ])
    func aWrongFieldIsTold(index: Int, value: String, reason: MalformedMessage.Reason) {
        var parts = full.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        parts[index] = value
        let frame = frame(parts.joined(separator: "|"))
        let found = HostMessage.parse(frame).malformation
        #expect(found?.command == .initialise)
        #expect(found?.fieldIndex == index)
        #expect(found?.reason == reason)
    }

    @Test func anInitThatWasCutShortMissesTheFieldAtItsEnd() {
        let short = frame("init|net|word|bro")
        #expect(
            HostMessage.parse(short)
                == .malformed(
                    MalformedMessage(
                        sender: .host, command: .initialise, fieldIndex: 4, offset: short.count,
                        reason: .missingField)))
    }
}
