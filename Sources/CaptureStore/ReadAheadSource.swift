// Edges that are read, and decoded from their chunks, on another core than the one that works on
// them. Both sides see the same batches in the same order as without it.

internal import Foundation
internal import LiveEdges
public import Signals

/// A source that reads some batches ahead, on a thread of its own.
public struct ReadAheadSource<Base: EdgeSource & SendableMetatype>: EdgeSource {
    /// The number of edges handed out.
    public private(set) var edgeCount: Int64 = 0

    private let reader: Reader
    private var run = EdgeRun()
    private var next = 0

    /// Begins to read a source, which belongs to this one from now on.
    public init(_ base: sending Base) { reader = Reader(base) }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the source.
    public mutating func read(into batch: inout EdgeBatch) throws(Base.Failure) -> Bool {
        if next == run.count {
            guard reader.take(&run) else {
                if let failure = reader.failure { throw failure }
                return false
            }
            next = 0
        }
        swap(&batch, &run.batches[next])
        next += 1
        edgeCount += Int64(batch.edges.count)
        return true
    }

    /// The thread that reads, as long as somebody wants its batches.
    private final class Reader: Sendable {
        private let state = Monitor(State())

        private struct State {
            /// Runs that nobody has taken yet, oldest first.
            var ready: [EdgeRun] = []
            /// Emptied runs, for their arrays.
            var spare: [EdgeRun] = []
            var isAtEnd = false
            var isAbandoned = false
            var failure: Base.Failure?
        }

        /// Runs that wait: one is read, one is taken, one lies between.
        private static var runsMax: Int { 3 }

        init(_ base: sending Base) {
            let state = state
            // The thread is the only one that touches the source from here on.
            nonisolated(unsafe) var base = base
            Thread.detachNewThread { Self.readAll(&base, into: state) }
        }

        deinit {
            state.change { state in
                state.isAbandoned = true
                return true
            }
        }

        /// Why the source ended; nil at its proper end.
        var failure: Base.Failure? { state.read { $0.failure } }

        /// Exchanges a used run for the next one; false at the end.
        func take(_ run: inout EdgeRun) -> Bool {
            var isTaken = false
            state.wait { state in
                if state.ready.isEmpty { return state.isAtEnd }
                state.spare.append(run)
                run = state.ready.removeFirst()
                isTaken = true
                return true
            }
            return isTaken
        }

        private static func readAll(_ base: inout Base, into state: Monitor<State>) {
            var failure: Base.Failure?
            var isAtEnd = false
            while !isAtEnd {
                var run = EdgeRun()
                state.wait { state in
                    isAtEnd = state.isAbandoned
                    if let spare = state.spare.popLast() { run = spare }
                    return isAtEnd || state.ready.count < runsMax
                }
                if isAtEnd { return }
                do throws(Base.Failure) {
                    isAtEnd = try !run.fill(from: &base)
                } catch {
                    failure = error
                    isAtEnd = true
                }
                state.change { state in
                    if run.count > 0 { state.ready.append(run) }
                    state.isAtEnd = isAtEnd
                    state.failure = failure
                    return true
                }
            }
        }
    }
}

/// Some batches on their way between two threads; few enough to stay in the cache they share.
private struct EdgeRun {
    var batches: [EdgeBatch] = []
    /// How many of the batches count; the rest is kept for their arrays.
    var count = 0

    private static let batchesMax = 16

    /// Reads batches until there is no room or no more; false at the end of the source.
    ///
    /// What was read before a failure counts.
    mutating func fill<Base: EdgeSource>(from base: inout Base) throws(Base.Failure) -> Bool {
        count = 0
        while count < Self.batchesMax {
            if batches.count == count { batches.append(EdgeBatch()) }
            guard try base.read(into: &batches[count]) else { return false }
            count += 1
        }
        return true
    }
}
