import Signals

/// A value change dump of a link, drawn bit by bit: both ends shift, and send texts.
struct DrawnDump {
    private(set) var text = DumpHead.text
    private var levels = LevelSet.rest
    private var microseconds = 0

    private static let pattern: [UInt8] = [1, 0, 1, 1, 1, 0, 0, 1]

    /// A start, then the host's frames one after the other, and then those of the bridge.
    init(hostSends hostFrames: [String] = [], bridgeSends bridgeFrames: [String] = []) {
        set(.stx, 1)
        set(.sckout, 1)
        microseconds += 10
        set(.reset, 0)
        microseconds += 100_000
        set(.reset, 1)
        microseconds += 1_000_000
        // The first bit of the host's pattern is on the wire already.
        let hostBits = Self.bits(of: hostFrames)
        let host = Array(Self.pattern.dropFirst()) + [0] + hostBits
        let bridge = Self.pattern + hostBits.map { _ in 0 } + Self.bits(of: bridgeFrames)
        for place in 0..<(bridge.count + 8) {
            microseconds += 200
            set(.srx, place < bridge.count ? bridge[place] : 0)
            toggle(.sckin)
            microseconds += 100
            set(.stx, place < host.count ? host[place] : 0)
            toggle(.sckout)
        }
    }

    private static func bits(of frames: [String]) -> [UInt8] {
        frames.flatMap { Array($0.utf8) + [0] }
            .flatMap { character in (0..<7).map { character >> $0 & 1 } }
    }

    private mutating func toggle(_ channel: Channel) {
        set(channel, levels[channel].toggled.rawValue)
    }

    private mutating func set(_ channel: Channel, _ bit: UInt8) {
        guard levels[channel].rawValue != bit else { return }
        levels[channel] = Level(bit: bit)
        let name = ["r", "t", "c", "x", "k"][Int(channel.index)]
        text += "#\(microseconds) \(bit)\(name)\n"
    }
}
