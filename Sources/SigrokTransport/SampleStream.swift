#if Sigrok
internal import LiveEdges
internal import Signals

/// The edges of a session that runs, for one reader.
struct SampleStream {
    /// The levels by the first sample.
    let initialLevels: LevelSet
    private let owner: Owner
    private var edges: QueuedEdges<SigrokError>

    /// Stops the session when the last copy of the stream has gone.
    final class Owner: Sendable {
        let session: SigrokSession
        init(_ session: SigrokSession) { self.session = session }
        deinit { session.stop() }
    }

    /// Waits for the first sample.
    ///
    /// - Parameters:
    ///   - patience: how long a device may be silent before that.
    ///   - silence: what to throw then.
    ///   - isEndRequested: asked ten times a second meanwhile.
    init(
        _ session: SigrokSession, patience: Duration, silence: SigrokError,
        isEndRequested: () -> Bool
    ) throws(SigrokError) {
        owner = Owner(session)
        let feed = session.feed
        let deadline = ContinuousClock.now + patience
        edges = QueuedEdges(feed.queue)
        while try !edges.peek(), !feed.hasBegun {
            if isEndRequested() { throw .interrupted }
            if ContinuousClock.now >= deadline { throw silence }
        }
        guard feed.hasBegun else { throw silence }
        initialLevels = feed.initialLevels
        edges.begin(at: initialLevels)
    }

    /// The latest moment of which all is known.
    var end: Timestamp { edges.end }

    /// Edges for which there was no room.
    var lostEdges: Int64 { owner.session.feed.lostEdges }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none
    /// within a tenth of a second; false at the end.
    mutating func read(into batch: inout EdgeBatch) throws(SigrokError) -> Bool {
        try edges.read(into: &batch)
    }
}
#endif
