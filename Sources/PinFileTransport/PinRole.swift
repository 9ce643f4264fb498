public import Signals

/// A part that only one may play on the same wires at the same time.
///
/// Who plays it locks a byte of the file, which the kernel gives back when the process ends, however
/// it ends. Nothing but the ends of this project asks for it. The raw values are the bytes' offsets.
public enum PinRole: Int, Hashable, Sendable, CaseIterable {
    /// Drives the host's wires.
    case host = 100
    /// Drives the bridge's wires.
    case bridge = 101
    /// Pulls the bridge's wires down while it is in reset.
    case circuit = 102

    /// Who drives the wires of an end.
    public init(_ end: LinkEnd) { self = end == .host ? .host : .bridge }

    /// What it is called in a sentence.
    public var words: String {
        switch self {
        case .host: "its host"
        case .bridge: "its bridge"
        case .circuit: "its reset circuit"
        }
    }
}
