import ArgumentParser
import CaptureStore

/// Which signal is which wire.
struct WiringOptions: ParsableArguments {
    @Option(
        help: """
            Which signal is which wire: WIRE=SIGNAL,…; none if it was not recorded. A signal is a \
            name, or with --gpio also a line's offset.
            """)
    var map: String?

    @Option(
        help: """
            The same from a list: raspberry-pi, analyzer, pyboard, pi-pico, feather-huzzah, \
            wemos-d1-mini, or a JSON file of your own (see devices --help). --map goes before it.
            """)
    var pinout: String?

    /// The pinout, if one is named.
    func chosenPinout() throws -> Pinout? { try pinout.map { try Pinout($0) } }

    /// The map that both make, for signals that are no GPIO lines: what a pinout says of a GPIO chip
    /// would be without effect, and is refused.
    func channelMap() throws -> ChannelMap {
        let pinout = try chosenPinout()
        if let pinout, !pinout.chipSettings.isEmpty {
            throw Failure(
                .failed,
                "\(pinout.name): \(pinout.chipSettings.joined(separator: ", ")): only lines of a "
                    + "GPIO chip (record --gpio) have that; name a pinout without it")
        }
        return try channelMap(completedBy: pinout)
    }

    /// The map that both make.
    func channelMap(completedBy pinout: Pinout?) throws -> ChannelMap {
        let map = try map.map { try ChannelMap(parsing: $0) } ?? ChannelMap()
        return try map.completed(by: pinout?.map ?? ChannelMap())
    }
}
