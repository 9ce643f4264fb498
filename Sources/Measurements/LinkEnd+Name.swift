public import Signals

extension LinkEnd {
    /// The end's name in metrics, files and reports.
    public var name: String { self == .host ? "host" : "bridge" }
}
