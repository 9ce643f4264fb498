import CaptureStore
import Foundation
import Signals
import Testing

@testable import synscope

/// Pinouts: the built-in ones, and files of one's own, good and bad.
@Suite struct PinoutTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func file(_ json: String) throws -> String {
        let path = scratch.path("tap.json")
        try json.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A dump whose signals have these names, each of which changes once, at its place in microseconds.
    private func dump(_ signals: [String]) throws -> String {
        let ids = ["a", "b", "c", "d", "e"]
        var text = "$timescale 1 us $end\n"
        for (id, signal) in zip(ids, signals) { text += "$var wire 1 \(id) \(signal) $end\n" }
        text += "$enddefinitions $end\n#0 $dumpvars 0a 0b 0c 0d 0e $end\n"
        for (place, id) in ids.enumerated() { text += "#\(place + 1) 1\(id)\n" }
        let path = scratch.path("a.vcd")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    // MARK: Built-in

    /// In the order of the wires: reset, stx, sckout, srx, sckin.
    @Test(arguments: [
        ("raspberry-pi", ["GPIO17", "GPIO27", "GPIO22", "GPIO23", "GPIO24"]),
        ("analyzer", ["D0", "D1", "D2", "D3", "D4"]),
        ("pyboard", ["Y4", "Y5", "Y6", "Y7", "Y8"]),
        ("pi-pico", ["GP16", "GP17", "GP18", "GP19", "GP20"]),
        ("feather-huzzah", ["RST", "13", "12", "14", "15"]),
        ("wemos-d1-mini", ["RST", "D7", "D6", "D5", "D8"]),
    ])
    func aBuiltInPinoutFindsTheWires(name: String, signals: [String]) throws {
        let arguments = ["-o", "a.syn", "--force", "--pinout", name]
        for verb in [["import", try dump(signals)], ["record", "--vcd", try dump(signals)]] {
            let outcome = try Command.synscope(verb + arguments, in: scratch.url)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let edges = try Edges.all(of: scratch.path("a.syn"))
            #expect(edges.map(\.channel) == [.reset, .stx, .sckout, .srx, .sckin])
            #expect(edges.map(\.time.nanoseconds) == [1_000, 2_000, 3_000, 4_000, 5_000])
        }
    }

    @Test func thereAreNoOtherPinouts() throws {
        #expect(
            Pinout.builtIn.map(\.name) == [
                "raspberry-pi", "analyzer", "pyboard", "pi-pico", "feather-huzzah", "wemos-d1-mini",
            ])
        let failure = #expect(throws: Failure.self) { try Pinout("rasberry-pi") }
        #expect(failure?.message?.contains("there is no pinout rasberry-pi") == true)
    }

    // MARK: Files

    @Test func aFileSaysNamesOffsetsAndWhatTheChipDoes() throws {
        let pinout = try Pinout(
            file(
                """
                {"title": "bench", "chip": "gpiochip0", "bias": "pull-down",
                 "active_low": ["reset", "mtx"],
                 "wires": {"reset": null, "mrx": 6, "sckout": "A,B=C", "srx": "GPIO7",
                           "sckin": "none"}}
                """))
        #expect(pinout.name == "tap.json" && pinout.title == "bench")
        #expect(pinout.map.items.map(\.wire) == [.reset, .stx, .sckout, .srx, .sckin])
        #expect(pinout.map.items.map(\.signal) == [nil, "6", "A,B=C", "GPIO7", nil])
        #expect(pinout.chip == "gpiochip0")
        #expect(pinout.bias == .pullDown)
        #expect(pinout.activeLow == [.reset, .srx])
        #expect(pinout.chipSettings == ["chip", "bias", "active_low"])
    }

    @Test func aFileNeedsNothingButWires() throws {
        let pinout = try Pinout(file(#"{"wires": {"stx": "D7"}}"#))
        #expect(pinout.title == "tap.json" && pinout.chipSettings == [])
        #expect(pinout.map.items.map(\.signal) == ["D7"])
    }

    @Test(arguments: [
        (
            #"{"wires": {}, "acive_low": ["reset"]}"#,
            "no key `acive_low`; did you mean `active_low`?"
        ),
        (
            #"{"wires": {}, "x": 1}"#,
            "no key `x`; the keys are title, chip, wires, bias, active_low"
        ),
        (#"{"wire": {}}"#, "no key `wire`; did you mean `wires`?"),
        (#"{"title": "no wires"}"#, "`wires` is missing"),
        (
            #"{"wires": {}, "bias": "up"}"#,
            "bias: there is no `up`; there are as-is, disabled, pull-up"
        ),
        (#"{"wires": {}, "bias": 1}"#, "`bias` is of another type"),
        (#"{"wires": {}, "active_low": ["rst"]}"#, "active_low: `rst` is no wire; did you mean `"),
        (#"{"wires": {"sckot": 1}}"#, "wires: `sckot` is no wire; did you mean `sckout`?"),
        (#"{"wires": {"stx": -1}}"#, "`wires.stx` is of another type"),
        (#"{"wires": {"stx": ""}}"#, "`stx=`: names no signal"),
        (#"{"wires": {"stx": 1, "mrx": 2}}"#, "maps `stx` a second time"),
        (#"{"wires": {"stx": 1, "srx": "1"}}"#, "`srx=1`: uses the signal `1` twice"),
        ("wires", "this is no JSON object"),
    ])
    func aBadFileIsRefusedWithItsName(json: String, text: String) throws {
        let path = try file(json)
        let failure = #expect(throws: Failure.self) { try Pinout(path) }
        let message = failure?.message ?? ""
        #expect(message.hasPrefix("\(path): ") && message.contains(text), "\(message)")
    }

    // MARK: Without a chip

    @Test(arguments: [
        (#""chip": "gpiochip0""#, "tap.json: chip: only lines of a GPIO chip"),
        (#""bias": "pull-up""#, "tap.json: bias: only lines of a GPIO chip"),
        (#""active_low": ["reset"]"#, "tap.json: active_low: only lines of a GPIO chip"),
        (
            #""bias": "as-is", "active_low": ["reset"]"#,
            "tap.json: bias, active_low: only lines of a GPIO chip"
        ),
    ])
    func whatIsForAChipIsRefusedWithoutOne(setting: String, text: String) throws {
        let wires =
            #""wires": {"reset": "D0", "stx": "D1", "sckout": "D2", "srx": "D3", "sckin": "D4"}"#
        let pinout = try file("{\(setting), \(wires)}")
        let dump = try dump(["D0", "D1", "D2", "D3", "D4"])
        var sources = [["import", dump], ["record", "--vcd", dump]]
        #if Sigrok
        sources.append(["record", "--sigrok", "demo"])
        #endif
        for source in sources {
            let outcome = try Command.synscope(
                source + ["-o", "a.syn", "--pinout", pinout], in: scratch.url)
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains(text), "\(outcome.complaint)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.syn")))
    }
}
