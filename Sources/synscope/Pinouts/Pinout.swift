import CaptureStore
import Signals

/// Where the wires of the link are on some board, tap or analyzer.
struct Pinout: Hashable {
    /// What a user calls it.
    var name: String
    /// What it is, in a few words.
    var title: String
    /// The wires' signals there, as `--map` has them.
    var map: ChannelMap
    /// The GPIO chip that has them; nil for whichever has lines of these names.
    var chip: String?
    /// What a GPIO chip does to inputs that nobody drives; nil for leaving that alone.
    var bias: BiasArgument?
    /// Wires that are inverted on their way.
    var activeLow: [Channel] = []

    /// Those that need no file, in the order in which they are listed.
    ///
    /// Ref: Documentation/Protocol.md, Wires.
    static var builtIn: [Pinout] {
        let rows = [
            (
                "raspberry-pi", "passive tap on a Raspberry Pi's header: pins 11, 13, 15, 16, 18",
                "reset=GPIO17,stx=GPIO27,sckout=GPIO22,srx=GPIO23,sckin=GPIO24"
            ),
            (
                "analyzer", "the first five channels of a logic analyzer",
                "reset=D0,stx=D1,sckout=D2,srx=D3,sckin=D4"
            ),
            ("pyboard", "Pyboard, host", "reset=Y4,stx=Y5,sckout=Y6,srx=Y7,sckin=Y8"),
            (
                "pi-pico", "Raspberry Pi Pico, host",
                "reset=GP16,stx=GP17,sckout=GP18,srx=GP19,sckin=GP20"
            ),
            (
                "feather-huzzah", "Adafruit Feather Huzzah, bridge",
                "reset=RST,stx=13,sckout=12,srx=14,sckin=15"
            ),
            (
                "wemos-d1-mini", "WeMos D1 Mini, bridge",
                "reset=RST,stx=D7,sckout=D6,srx=D5,sckin=D8"
            ),
        ]
        return rows.compactMap { name, title, map in
            (try? ChannelMap(parsing: map)).map { Pinout(name: name, title: title, map: $0) }
        }
    }

    /// The built-in pinout of a name, or the one in a file.
    init(_ argument: String) throws {
        if let known = Self.builtIn.first(where: { $0.name == argument }) {
            self = known
        } else if argument.contains("/") || argument.hasSuffix(".json") {
            self = try PinoutFile.read(argument)
        } else {
            let names = Self.builtIn.map(\.name)
            throw Failure(
                .failed,
                "there is no pinout \(argument); there are \(names.joined(separator: ", ")), or name "
                    + "a file of your own that ends in .json")
        }
    }

    /// What it says of a GPIO chip, by the keys of its file.
    var chipSettings: [String] {
        [("chip", chip != nil), ("bias", bias != nil), ("active_low", !activeLow.isEmpty)]
            .compactMap { $0.1 ? $0.0 : nil }
    }

    init(name: String, title: String, map: ChannelMap) {
        self.name = name
        self.title = title
        self.map = map
    }

    /// The wires with their signals, such as `reset=D0 stx=D1`.
    var words: String {
        map.items.map { "\(WireNames.all[Int($0.wire.index)].host)=\($0.signal ?? "none")" }
            .joined(separator: " ")
    }
}
