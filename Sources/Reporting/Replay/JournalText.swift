import Signals

/// An output of a machine that is no edge, as far as a difference must be told.
enum JournalText {
    /// The names of a host's outputs, by the first byte of their records.
    private static let hostNames = [
        "return of call", "message", "status", "network", "session started", "ready", "crash",
        "imitated fault", "event",
    ]

    /// An output's record in words.
    static func output(_ record: [UInt8]?, of end: LinkEnd) -> String {
        guard let record, let first = record.first else { return "nothing" }
        let name =
            end == .host && Int(first) < hostNames.count
            ? hostNames[Int(first)] : "output \(first)"
        return name + " " + ReadableBytes.quoted(record.dropFirst())
    }
}
