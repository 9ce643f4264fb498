public import Signals

/// What a recording around triggers stores.
public struct TriggerPlan: Sendable {
    /// The files: their name, what they say about themselves, and the channels with their levels at
    /// the beginning of the recording.
    public var files: RecordingPlan
    /// How long before a trigger a file begins.
    public var before: Nanoseconds
    /// How long after it a file ends.
    public var after: Nanoseconds
    /// The most files; nil for any number. With one, it has the plan's name, else they are numbered.
    public var filesMax: Int? = 1
    /// The most edges that are kept while nothing fires, at 16 bytes each: 64 MB of them.
    public var keptEdgesMax = 1 << 22
    /// A trigger may become known so much later than it happened, and its file is whole all the same.
    public var delayMax = Nanoseconds.seconds(10)

    /// A plan.
    public init(files: RecordingPlan, before: Nanoseconds, after: Nanoseconds) {
        self.files = files
        self.before = before
        self.after = after
    }

    /// Throws when the first file cannot be created: somebody may wait for days for a trigger.
    public func checkPlace() throws(CaptureError) {
        if filesMax == 1 {
            _ = try OutputPlace.findDatabase(files.path, replacing: files.replacing)
        } else if !files.replacing {
            try name.checkUnused()
        }
        let first = try OutputPlace.findDatabase(name.path(1), replacing: files.replacing)
        let probe = try OutputPlace.createPartial(for: first, path: files.path)
        OutputPlace.discard(probe)
    }

    var name: SeriesName { SeriesName(files.path, isNumbered: filesMax != 1) }
}

/// A file around a trigger.
public struct TriggeredFile: Hashable, Sendable {
    /// Its path.
    public var path: String
    /// Its number, from 1.
    public var number: Int
    /// What fired.
    public var trigger: String
    /// When, by the times of the source. It is time 0 of the file.
    public var time: Timestamp
    /// The first moment that it holds, by the times of the source.
    public var start: Timestamp
    /// The last moment that it is to hold, by the times of the source.
    public var end: Timestamp
    /// Why it begins later than it should; nil if it does not.
    public var shortened: Shortening?
    /// Triggers that fired while it was recorded.
    public var furtherTriggers = 0
    /// Its edges; those that are lost are not among them.
    public var edgeCount: Int64 = 0
    /// Edges that were lost, because the disk was too slow.
    public var lostEdges: Int64 = 0

    /// Why a file begins later than so long before its trigger.
    public enum Shortening: Hashable, Sendable {
        /// The recording itself began later.
        case recordingBegan
        /// More edges came than are kept.
        case tooManyEdges
    }
}
