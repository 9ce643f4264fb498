import LinkProtocol
import LinkTesting
import Signals
import Testing

@testable import BridgeProtocol

/// A bridge's configuration as text.
@Suite struct ConfigurationTests {
    @Test func theStandardConfigurationReadsBack() throws {
        let configuration = BridgeConfiguration()
        #expect(try BridgeConfiguration(text: configuration.text) == configuration)
        #expect(try BridgeConfiguration(text: []) == configuration)
    }

    /// Every line is changed, so that none can be forgotten in reading.
    @Test func everyLineIsReadBack() throws {
        let text = String(decoding: BridgeConfiguration().text, as: UTF8.self)
        var lines = text.split(separator: "\n").map { String($0) }
        for index in lines.indices {
            let name = lines[index].prefix { $0 != "=" }
            switch name {
            case "chip-identifier": lines[index] = "chip-identifier=%00%FFa%25"
            case "rules": lines[index] = "rules=retain-any-nonempty,time-late"
            case "link-character-bits": lines[index] = "link-character-bits=8"
            case let name where name.hasPrefix("protect-"): lines[index] = "\(name)=false"
            default: lines[index] = "\(name)=\(1_000 + index)"
            }
        }
        let changed = lines.joined(separator: "\n") + "\n"
        let configuration = try BridgeConfiguration(text: bytes(changed))
        #expect(String(decoding: configuration.text, as: UTF8.self) == changed)
        #expect(configuration.chipIdentifier == [0, 0xff, 0x61, 0x25])
        #expect(configuration.rules.contains(.timeLate))
        #expect(!configuration.protections.resumes)
        #expect(lines.count == 43)
    }

    @Test func theReferencesPaceReadsBack() throws {
        var configuration = BridgeConfiguration()
        configuration.pacing = .reference
        configuration.rules = ReferenceRules(.reference)
        #expect(try BridgeConfiguration(text: configuration.text) == configuration)
    }

    @Test(arguments: [
        ("rules=\nwhat=1\n", 2, ConfigurationFault.Reason.unknownName),
        ("rules=nothing\n", 1, .unknownWord),
        ("wait-stability=-1\n", 1, .outOfRange),
        ("wait-stability=5s\n", 1, .notANumber),
        ("link-character-bits=9\n", 1, .outOfRange),
        ("protect-resume=yes\n", 1, .notAFlag),
        ("chip-identifier=%zz\n", 1, .notAnEscape),
        ("commands-max=0\n", 1, .outOfRange),
    ])
    func whatIsNoneNamesItsLine(text: String, line: Int, reason: ConfigurationFault.Reason) {
        #expect(throws: ConfigurationFault(line: line, reason: reason)) {
            try BridgeConfiguration(text: bytes(text))
        }
    }
}
