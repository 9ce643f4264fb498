public import Signals

/// How a recording is doing.
public struct RecorderStatus: Hashable, Sendable {
    /// Edges that the recorder took.
    public var acceptedEdges: Int64 = 0
    /// Edges that were lost for want of room; each stretch of them is a gap in the capture.
    public var lostEdges: Int64 = 0
    /// Edges that wait for the disk.
    public var waitingEdges = 0
    /// What is on disk.
    public var progress: Progress

    /// What is on disk.
    public struct Progress: Hashable, Sendable {
        /// The present file.
        public var path: String
        /// Its number, from 1.
        public var fileNumber: Int
        /// Edges that are safe, in all files.
        public var committedEdges: Int64 = 0
        /// The time of the last edge that is safe in the present file; nil if it has none.
        public var committedEnd: Timestamp?
        /// The size of the present file, in bytes, as of the last commit.
        public var fileBytes: Int64 = 0
        /// The size of all files together, in bytes.
        public var allBytes: Int64 = 0
        /// The present file has reached its limit and waits for a place at which to end.
        public var isOverdue = false

        init(path: String, fileNumber: Int) {
            self.path = path
            self.fileNumber = fileNumber
        }
    }
}
