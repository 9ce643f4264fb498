import HostProtocol
import LinkProtocol
import Signals
import Testing

struct HostRecordTests {
    static let inputs: [HostMachine.Input] = [
        .start, .stop, .timer, .statusAnswer(.proceed), .statusAnswer(.reset),
        .call(
            .publish(topic: [97], message: [1, 2, 126], isRetained: true, qos: .atLeastOnce), id: 7),
        .call(.subscribe(filter: Array("a/#".utf8), qos: .atMostOnce), id: 8),
        .call(.unsubscribe(filter: [97]), id: 9),
        .call(.time(pause: .seconds(5), countsFrom2000: true), id: -1), .call(.memory, id: 11),
        .call(.command([122, 127, 49]), id: 12), .call(.restart, id: 1 << 40),
    ]

    @Test(arguments: inputs)
    func inputsReadBackAsThemselves(input: HostMachine.Input) throws {
        let record = try #require(input.record())
        #expect(try HostMachine.Input(record: record) == input)
        for length in record.indices {
            #expect(throws: RecordFault.self) {
                try HostMachine.Input(record: Array(record[..<length]))
            }
        }
        #expect(throws: RecordFault.self) { try HostMachine.Input(record: record + [0]) }
    }

    @Test func levelsAreNoRecord() {
        #expect(HostMachine.Input.levels(clock: .high, data: .low).record() == nil)
        #expect(HostMachine.Output.drive(.stx, .high).record() == nil)
    }

    @Test func anyBytesAreARecordOrAFault() {
        var random = SeededGenerator(state: 7)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try? HostMachine.Input(record: bytes)
        }
    }

    @Test func anUnknownThatRepeatsAnInitHidesItsPassword() throws {
        let output = HostMachine.Output.status(
            .unknown, awaitsAnswer: false, text: [],
            offending: HostBench.bytes("init|net|secret|broker|||{}|1|0|0|1|60|0|1|4|10|0|x"))
        let record = try #require(output.record())
        #expect(!String(decoding: record, as: UTF8.self).contains("secret"))
    }

    @Test func aConfigurationReadsBackFromItsText() throws {
        var configuration = HostConfiguration(
            ssid: Array("net work".utf8), password: Array("secret".utf8), broker: [1, 2, 255])
        configuration.initialisation.cleanSession = false
        configuration.initialisation.port = 1_883
        configuration.will = Publication(
            topic: Array("t".utf8), message: [], retain: .digitOne, qos: .atLeastOnce)
        configuration.rules = ReferenceRules(.reference)
        configuration.pacing = .reference
        configuration.trials = .extraMemoryRequest
        configuration.statusHandler = .application
        configuration.link.watchdogTimeout = .seconds(3)
        let text = configuration.text
        #expect(!String(decoding: text, as: UTF8.self).contains("secret"))
        let read = try HostConfiguration(text: text)
        configuration.initialisation.password = Array("******".utf8)
        #expect(read == configuration)
    }

    @Test func anyFrameInAnyStateIsPutUpWith() {
        var random = SeededGenerator(state: 7)
        for round in 0..<300 {
            var bench = HostBench {
                $0.rules = ReferenceRules(round % 2 == 0 ? .current : .reference)
            }
            if round % 3 == 0 { bench.run() } else { bench.handle(.start) }
            for _ in 0..<20 {
                switch Int.random(in: 0...6, using: &random) {
                case 0: bench.handle(.synchronised)
                case 1: bench.hear("t|\(Int.random(in: 0...13, using: &random))")
                case 2: bench.handle(.failed(.watchdog))
                case 3: bench.publish("x")
                case 4: bench.wait(.seconds(Int64.random(in: 0...100, using: &random)))
                case 5:
                    bench.hear(
                        ["i|0", "i|9", "m|1|2", "u|a|b|True"].randomElement(using: &random) ?? "")
                default:
                    let bytes = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                        UInt8.random(in: 1...127, using: &random)
                    }
                    bench.handle(
                        .frame(bytes, droppedCharacters: Int.random(in: 0...1, using: &random)))
                }
            }
        }
    }
}

/// Random numbers that are the same in every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
