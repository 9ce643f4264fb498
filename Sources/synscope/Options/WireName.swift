import CaptureStore
import Measurements
import Signals

/// A wire as somebody names it: by the host's or the bridge's name, in any case.
enum WireName {
    static func channel(_ name: String) -> Channel? { ChannelMap.wire(named: name) }

    /// What is wrong with a name that is none, with those that were meant.
    static func complaint(_ name: String) -> String {
        let hosts = WireNames.all.map(\.host.description)
        let bridges = WireNames.all.map(\.bridge.description).filter { !hosts.contains($0) }
        let near = NearNames.of(name, among: hosts + bridges).first
        return "`\(name)` is no wire; "
            + (near.map { "did you mean `\($0)`? The wires are " } ?? "the wires are ")
            + hosts.joined(separator: ", ")
    }
}
