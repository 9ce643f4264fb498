import CaptureStore
import Signals

/// Which line plays which channel of a capture.
struct WireMap {
    /// A channel and the name or number of its line.
    struct Entry: Hashable {
        var channel: Channel
        var line: String
    }

    /// In the order of the channels.
    let entries: [Entry]

    /// What a map can get wrong.
    enum Fault: Error, Hashable, CustomStringConvertible {
        case noChannel(String, known: [String])
        case notAPair(String)
        case nothing

        var description: String {
            switch self {
            case .noChannel(let name, let known):
                "the capture has no channel \(name); it has: \(known.joined(separator: ", "))"
            case .notAPair(let word): "a map has pairs as stx=mrx or stx=none, not \(word)"
            case .nothing: "no channel of the capture has a line of its name; see --map"
            }
        }
    }

    /// Maps channels to lines of their own name, or of the bridge's name for it; `stx=mrx,reset=none`
    /// says otherwise for some.
    init(
        _ text: String?, channels: [CaptureChannel], hasLine: (String) -> Bool
    ) throws(Fault) {
        var said: [Channel: String] = [:]
        for word in text?.split(separator: ",") ?? [] {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { throw .notAPair(String(word)) }
            guard let channel = channels.first(where: { $0.name == parts[0] }) else {
                throw .noChannel(String(parts[0]), known: channels.map(\.name))
            }
            said[channel.channel] = String(parts[1])
        }
        entries = channels.compactMap { channel in
            if let line = said[channel.channel] {
                return line == "none" ? nil : Entry(channel: channel.channel, line: line)
            }
            let other = WireNames.all.first { $0.channel == channel.channel }?.bridge.description
            let line = [channel.name, other ?? channel.name].first(where: hasLine)
            return line.map { Entry(channel: channel.channel, line: $0) }
        }
        if entries.isEmpty { throw .nothing }
    }
}
