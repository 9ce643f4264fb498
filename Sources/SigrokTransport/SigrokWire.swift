#if Sigrok
public import Signals

/// Which channel of a device or a file is a wire.
public struct SigrokWire: Hashable, Sendable {
    /// The wire.
    public var channel: Channel
    /// The name of the device's, or the file's, channel.
    public var signal: String

    /// A wire on a channel.
    public init(_ channel: Channel, signal: String) {
        self.channel = channel
        self.signal = signal
    }
}
#endif
