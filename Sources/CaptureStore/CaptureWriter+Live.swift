// What a recording needs of its writer beyond edges and rows: commits by the clock, what is safe, and
// edges that turn out to belong to the next file.

public import Signals

extension CaptureWriter {
    /// What a killed process would leave.
    public struct Committed: Hashable, Sendable {
        /// Edges in the file.
        public var edgeCount: Int64 = 0
        /// The time of the last of them; nil when there is none.
        public var time: Timestamp?
        /// The size of the file, in bytes, its log not included.
        public var byteCount: Int64 = 0
    }

    /// Commits what is not committed yet if the last commit is 0.4 s ago or more.
    ///
    /// To be called now and then when nothing is appended. Throws
    /// ``CaptureError/vanished(path:movedTo:)`` if the file is not in its place any more, whether
    /// there is anything to commit or not.
    public func commitIfDue() throws(CaptureError) {
        guard clock() &- lastCommit >= Self.commitIntervalNanoseconds else { return }
        try flush()
    }

    /// Takes back the edges at and after `time`, as far as they are not committed yet, and none that
    /// precedes a record.
    ///
    /// - Returns: the edges, with the levels before the first of them.
    func withdrawUncommitted(since time: Timestamp) -> EdgeBatch {
        let batch = chunks.withdraw(since: time, keeping: recordEdgesBefore)
        if let first = batch.edges.first, let latest = latestTime {
            latestTime = min(latest, first.time)
        }
        return batch
    }
}
