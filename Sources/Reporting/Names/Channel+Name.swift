public import Signals

extension Channel {
    /// The name in files and reports: the host's for a wire of the link.
    public var wireName: String {
        WireNames.all.first { $0.channel == self }.map { "\($0.host)" } ?? "channel \(index)"
    }
}
