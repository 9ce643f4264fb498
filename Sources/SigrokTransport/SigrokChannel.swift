#if Sigrok
internal import Signals

/// A logic channel of a device or a file.
public struct SigrokChannel: Hashable, Sendable {
    /// Its name, such as `D0`.
    public var name: String
    /// Its place in a sample, from 0.
    public var index: Int
}

extension [SigrokChannel] {
    /// The places of the wires' channels.
    func places(
        of wires: [SigrokWire], place: String
    ) throws(SigrokError) -> [SampleRun.Wire] {
        var found: [SampleRun.Wire] = []
        for wire in wires {
            guard let channel = first(where: { $0.name == wire.signal }) else {
                throw .noSuchChannel(wire.signal, place: place, known: map(\.name))
            }
            guard channel.index <= SampleRun.bitMax else {
                throw .channelTooHigh(wire.signal, place: place)
            }
            found.append(SampleRun.Wire(channel: wire.channel, bit: channel.index))
        }
        return found.sorted { $0.channel.index < $1.channel.index }
    }
}
#endif
