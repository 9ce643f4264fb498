import CaptureStore
import Signals
import Testing

@Suite struct ChannelMapTests {
    @Test func itemsAreParsed() throws {
        let map = try ChannelMap(parsing: " sckout = D6 ,mrx=D7,reset=none,")
        #expect(map.items.map(\.wire) == [.sckout, .stx, .reset])
        #expect(map.items.map(\.signal) == ["D6", "D7", nil])
        #expect(try ChannelMap(parsing: "") == ChannelMap())
    }

    @Test func itemsNeedNoText() throws {
        let items = [
            ChannelMap.Item(wire: .stx, signal: "A,B=C"), .init(wire: .reset, signal: nil),
        ]
        #expect(try ChannelMap(items: items).items == items)
        for (bad, expected) in [
            (ChannelMap.Item(wire: .stx, signal: "D1"), "`stx=D1`: maps `stx` a second time"),
            (.init(wire: .srx, signal: "A,B=C"), "`srx=A,B=C`: uses the signal `A,B=C` twice"),
            (
                .init(wire: .srx, signal: ""),
                "`srx=`: names no signal; write `srx=none` if it has none"
            ),
        ] {
            let error = #expect(throws: CaptureError.self) { try ChannelMap(items: items + [bad]) }
            #expect(error?.description == "channel map: \(expected)")
        }
    }

    @Test(arguments: [
        (
            "sckot=D6",
            "channel map: `sckot=D6`: `sckot` is no wire; did you mean `sckout`? The "
                + "wires are reset, stx, sckout, srx, sckin"
        ),
        ("stx", "channel map: `stx`: is no `wire=signal`, such as `stx=D7`"),
        ("stx=", "channel map: `stx=`: names no signal; write `stx=none` if it has none"),
        ("stx=D1,mrx=D2", "channel map: `mrx=D2`: maps `mrx` a second time"),
        ("stx=D1,srx=D1", "channel map: `srx=D1`: uses the signal `D1` twice"),
    ])
    func anItemThatMakesNoSenseIsNamed(text: String, expected: String) {
        let error = #expect(throws: CaptureError.self) { try ChannelMap(parsing: text) }
        #expect(error?.description == expected)
    }
}
