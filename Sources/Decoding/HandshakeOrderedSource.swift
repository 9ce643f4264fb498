public import Signals

/// A source whose edges of one time stamp come in the order that the handshake allows.
///
/// A sampling instrument gives several edges the same time, in an order of its own: data behind the
/// clock that announces it, or the answer before the question. Within one time stamp this source
/// brings forward whichever edge the handshake allows next; edges of different times are never
/// exchanged. A time stamp that a batch cuts in two is put together again. Everything that
/// interprets edges reads them through this source, so that all see the same order.
public struct HandshakeOrderedSource<Base: EdgeSource>: EdgeSource {
    /// The source whose edges these are.
    public private(set) var base: Base
    private var order = HandshakeOrder()
    /// A batch that was read and must wait for the held edges.
    private var waiting = EdgeBatch()
    private var isWaiting = false

    /// A source over another one.
    public init(_ base: Base) { self.base = base }

    /// Replaces the content of `batch` by the next run of edges; false at the end of the source.
    public mutating func read(into batch: inout EdgeBatch) throws(Base.Failure) -> Bool {
        if isWaiting {
            swap(&batch, &waiting)
            isWaiting = false
        } else {
            let hasMore = try base.read(into: &batch)
            if !hasMore, order.held.isEmpty { return false }
            if !hasMore || order.isComplete(before: batch) {
                // Two batches take turns, so that neither is allocated anew.
                swap(&batch, &waiting)
                isWaiting = hasMore
                order.takeHeld(into: &batch)
                order.order(&batch, mayHold: false)
                return true
            }
            order.prependHeld(to: &batch)
        }
        if batch.gap != nil { order.forgetTurn() }
        order.order(&batch, mayHold: true)
        return true
    }
}
