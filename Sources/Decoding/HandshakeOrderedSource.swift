public import Signals

/// A source whose edges of one time stamp come in the order that the handshake allows.
///
/// A sampling instrument gives several edges the same time, in an order of its own: data behind the
/// clock that announces it, or the answer before the question. Within one time stamp this source
/// brings forward whichever edge the handshake allows next; edges of different times are never
/// exchanged. A time stamp that a batch cuts in two is put together again: the last one of a batch
/// is held back until the next batch shows that it is complete. Everything that interprets edges
/// reads them through this source, so that all see the same order.
public struct HandshakeOrderedSource<Base: EdgeSource>: EdgeSource {
    /// The source whose edges these are.
    public private(set) var base: Base
    private var order = HandshakeOrder()
    /// A batch that was read and must wait for the held edges.
    private var waiting = EdgeBatch()
    private var isWaiting = false

    /// The last batch of ``base`` comes with the next call: what was held back came before it.
    public var isBehind: Bool { isWaiting }

    /// An edge is held back that says more than that the clocks go on.
    public var holdsNews: Bool {
        order.held.contains { $0.channel != .sckout && $0.channel != .sckin }
    }

    /// The time of the edges that are held back; nil when there are none. Once it is known that time
    /// has gone on, ``readRest(into:)`` gives them.
    public var heldTime: Timestamp? { order.held.last?.time }

    /// A source over another one.
    public init(_ base: Base) { self.base = base }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the source.
    public mutating func read(into batch: inout EdgeBatch) throws(Base.Failure) -> Bool {
        if isWaiting { return readRest(into: &batch) }
        guard try base.read(into: &batch) else { return readRest(into: &batch) }
        if order.isComplete(before: batch) {
            // Two batches take turns, so that neither is allocated anew.
            swap(&batch, &waiting)
            isWaiting = true
            takeHeld(into: &batch)
            return true
        }
        order.prependHeld(to: &batch)
        begin(&batch)
        return true
    }

    /// Replaces the content of `batch` by edges that ``base`` has given and nobody has got, as if it
    /// ended here; false when there are none left.
    public mutating func readRest(into batch: inout EdgeBatch) -> Bool {
        if isWaiting {
            swap(&batch, &waiting)
            isWaiting = false
            begin(&batch)
            return true
        }
        if order.held.isEmpty { return false }
        takeHeld(into: &batch)
        return true
    }

    private mutating func begin(_ batch: inout EdgeBatch) {
        if batch.gap != nil { order.forgetTurn() }
        order.order(&batch, mayHold: true)
    }

    private mutating func takeHeld(into batch: inout EdgeBatch) {
        order.takeHeld(into: &batch)
        order.order(&batch, mayHold: false)
    }
}
