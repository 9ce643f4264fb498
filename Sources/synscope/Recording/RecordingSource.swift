import CaptureStore
import Signals

/// Where `record` gets its edges from.
protocol RecordingSource: EdgeSource where Failure: CustomStringConvertible {
    /// The channels with their levels at the beginning.
    var channels: [CaptureChannel] { get }
    /// The first moment at which its levels are known.
    var start: Timestamp { get }
    /// The step of its time stamps, as far as it is known.
    var resolution: Nanoseconds { get }
    /// The latest moment known so far, also when it has no edge: no edge before it follows.
    var end: Timestamp { get }
    /// What was said beside the edges, by the edges before it; only ever appended to.
    var notes: [JournalRecord] { get }
    /// What a capture of it says about where its edges come from.
    var origin: CaptureMetadata { get }
    /// What somebody may want to know about how it was read, in lines of text.
    var remarks: [String] { get }
    /// Whether it can be asked to wait for the disk, and loses nothing by that.
    var canWait: Bool { get }
    /// Whether it makes up what it says, so that nothing can be wrong with its wires.
    var isDemonstration: Bool { get }
}

extension RecordingSource {
    var isDemonstration: Bool { false }
}

/// A source up to a moment, that keeps a copy of the last batch: what is stored is what the source
/// said, and what is decoded may come in another order.
struct TappedSource<Base: RecordingSource>: EdgeSource {
    private(set) var base: Base
    private let end: Timestamp?
    private var isAtEnd = false
    private var failure: Base.Failure?
    let tap = Tap()

    /// The last batch that was read.
    final class Tap {
        var batch = EdgeBatch()
        /// The source was ended at its limit.
        fileprivate(set) var isCut = false
    }

    /// - Parameter end: edges at and after this moment are left out, and end the source.
    init(_ base: Base, until end: Timestamp?) {
        self.base = base
        self.end = end
    }

    mutating func read(into batch: inout EdgeBatch) throws(Base.Failure) -> Bool {
        if let failure { throw failure }
        guard !isAtEnd else { return false }
        do throws(Base.Failure) {
            isAtEnd = try !base.read(into: &batch)
        } catch {
            // What was read before it comes first.
            guard !batch.edges.isEmpty || batch.gap != nil else { throw error }
            failure = error
        }
        guard !isAtEnd else { return false }
        if let end {
            if let last = batch.edges.last, last.time >= end {
                let kept = batch.edges.firstIndex { $0.time >= end } ?? batch.edges.endIndex
                batch.edges.removeSubrange(kept...)
            }
            isAtEnd = base.end >= end
            tap.isCut = isAtEnd
        }
        tap.batch.gap = batch.gap
        tap.batch.levels = batch.levels
        tap.batch.edges.removeAll(keepingCapacity: true)
        tap.batch.edges.append(contentsOf: batch.edges)
        return true
    }
}
