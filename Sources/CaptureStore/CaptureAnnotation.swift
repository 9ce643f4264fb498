public import Signals

/// What a stretch of a capture means, for those who ask with SQL.
public struct CaptureAnnotation: Hashable, Sendable {
    /// Whose doing it is. Raw values are stored in captures: never rename.
    public enum Row: String, Hashable, Sendable, CaseIterable {
        /// A frame of the host.
        case host
        /// A frame of the bridge.
        case bridge
        /// The link itself: a reset, a gap.
        case link
        /// The application, by its log or the host's journal.
        case application
        /// The bridge and its broker: packets, and arrivals.
        case broker
        /// What happens to the bridge otherwise, and faults that were put in.
        case surroundings
        /// A publication from its call to its return, as far as both are known.
        case publication
    }

    /// When it began.
    public var start: Timestamp
    /// When it ended; nil if the capture does not show it.
    public var end: Timestamp?
    /// Whose doing it is.
    public var row: Row
    /// What it is, as `decode` names it.
    public var type: String
    /// The session.
    public var session: Int64
    /// A JSON object with all that is known.
    public var body: String

    /// An annotation of a stretch.
    public init(
        start: Timestamp, end: Timestamp?, row: Row, type: String, session: Int64, body: String
    ) {
        self.start = start
        self.end = end
        self.row = row
        self.type = type
        self.session = session
        self.body = body
    }
}
