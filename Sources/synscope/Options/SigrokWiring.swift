#if Sigrok
import CaptureStore
import Signals
import SigrokTransport

/// Which channels of an analyzer, or of a session file, are the link's wires.
struct SigrokWiring {
    /// The wires that have a channel, in the order of their places.
    private(set) var wires: [SigrokWire] = []
    /// What was assumed, for whoever did not say it.
    private(set) var remark: String?

    /// Matches by the map and by the wires' names; if neither says anything, by the usual channels.
    ///
    /// - Parameter place: what has the channels, for messages.
    init(_ map: ChannelMap, channels: [String], of place: String) throws {
        let usual = Pinout.builtIn.first { $0.name == "analyzer" }
        var found = map.signals(named: channels)
        if let usual, map.items.isEmpty, found.allSatisfy({ $0.signal == nil }),
            usual.map.items.allSatisfy({ channels.contains($0.signal ?? "") })
        {
            found = usual.map.signals(named: channels)
            remark = "wires taken as \(usual.words); --map says otherwise"
        }
        let missing = found.filter { wire in
            wire.signal == nil
                && !map.items.contains { $0.wire == wire.wire && $0.signal == nil }
        }
        guard missing.isEmpty else {
            let names = missing.map {
                WireNames.all[Int($0.wire.index)].host.description
            }
            throw Failure(
                .failed,
                "\(place): which channel is \(names.joined(separator: ", "))? Say --map "
                    + "\(names.map { "\($0)=CHANNEL" }.joined(separator: ",")), or none for a "
                    + "wire that is not connected; the channels are "
                    + channels.joined(separator: ", "))
        }
        wires = found.compactMap { wire, signal in
            signal.map { SigrokWire(wire, signal: $0) }
        }
        guard !wires.isEmpty else {
            throw Failure(.failed, "--map: name at least one wire that is connected")
        }
    }

    /// The wires with their channels, for what a capture says about itself.
    static func words(_ wires: [SigrokWire]) -> String {
        wires.map { "\(WireNames.all[Int($0.channel.index)].host)=\($0.signal)" }
            .joined(separator: ", ")
    }

    /// The channels of a capture.
    static func channels(_ wires: [SigrokWire], levels: LevelSet) -> [CaptureChannel] {
        wires.map {
            CaptureChannel(
                channel: $0.channel,
                name: WireNames.all[Int($0.channel.index)].host.description,
                initialLevel: levels[$0.channel])
        }
    }
}
#endif
