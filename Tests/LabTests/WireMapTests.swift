import CaptureStore
import Signals
import Testing

@testable import synscope_lab

@Suite struct WireMapTests {
    private func map(_ text: String? = nil, lines: [String]) throws -> [String] {
        try WireMap(text, channels: CaptureChannel.wires(), hasLine: lines.contains).entries.map {
            "\($0.channel.index)=\($0.line)"
        }
    }

    @Test func channelsGoToLinesOfTheirNames() throws {
        let lines = ["spare", "reset", "stx", "sckout", "srx", "sckin"]
        try #expect(map(lines: lines) == ["0=reset", "1=stx", "2=sckout", "3=srx", "4=sckin"])
    }

    @Test func theBridgesNamesServeAsWell() throws {
        let lines = ["reset", "mrx", "mckin", "mtx", "mckout"]
        try #expect(map(lines: lines) == ["0=reset", "1=mrx", "2=mckin", "3=mtx", "4=mckout"])
    }

    @Test func aMapSaysOtherwise() throws {
        try #expect(
            map("stx=7,reset=none,srx=spare", lines: ["reset", "sckout"])
                == ["1=7", "2=sckout", "3=spare"])
    }

    @Test func whatCannotBeMappedIsRefused() {
        #expect(throws: WireMap.Fault.nothing) { try map(lines: ["a"]) }
        #expect(throws: WireMap.Fault.notAPair("stx")) { try map("stx", lines: ["stx"]) }
        #expect(throws: WireMap.Fault.notAPair("stx=")) { try map("stx=", lines: ["stx"]) }
        #expect(
            throws: WireMap.Fault.noChannel(
                "clock", known: ["reset", "stx", "sckout", "srx", "sckin"])
        ) { try map("clock=stx", lines: ["stx"]) }
    }
}
