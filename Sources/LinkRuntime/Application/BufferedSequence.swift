internal import Signals
internal import Synchronization

/// Elements that come by themselves, kept in a bounded buffer until somebody reads them.
///
/// The link never waits for whoever reads: when the buffer is full its oldest element is dropped and
/// counted. Each element goes to one reader; a reader whose task is cancelled gets nil. The sequence
/// ends with the link. What is no longer held by anybody is no longer filled.
public struct BufferedSequence<Element: Sendable>: AsyncSequence, Sendable {
    /// Reading never fails.
    public typealias Failure = Never

    /// Ends the buffer with the last copy of the sequence and its iterators.
    fileprivate final class Reader: Sendable {
        let buffer: ElementBuffer<Element>

        init(_ buffer: ElementBuffer<Element>) { self.buffer = buffer }
        deinit { buffer.finish(droppingWaiting: true) }
    }

    private let reader: Reader

    init(_ buffer: ElementBuffer<Element>) { reader = Reader(buffer) }

    /// How many elements were dropped because nobody read them in time.
    public var droppedCount: Int { reader.buffer.droppedCount }

    /// Begins, or goes on, to read.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }

    /// Takes the elements out, oldest first.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: Reader

        /// The next element, awaited if there is none; nil at the end.
        public mutating func next() async -> Element? { await reader.buffer.next() }

        /// The next element, awaited if there is none; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async -> Element? {
            await reader.buffer.next()
        }
    }
}

/// How much a buffer holds.
struct BufferLimits: Sendable {
    /// The most elements.
    var elementsMax: Int
    /// The most bytes, as whoever fills it counts them; the newest element is kept in any case.
    var bytesMax = Int.max
}

/// What is between the link's thread and the tasks that read.
final class ElementBuffer<Element: Sendable>: Sendable {
    private typealias Waiter = (id: Int, continuation: CheckedContinuation<Element?, Never>)

    private struct State {
        var elements = WorkList<(element: Element, bytes: Int)>()
        var bytes = 0
        var waiters: [Waiter] = []
        var nextID = 0
        var droppedCount = 0
        var isFinished = false

        mutating func pop() -> Element? {
            guard let first = elements.popFirst() else { return nil }
            bytes -= first.bytes
            return first.element
        }
    }

    private let state = Mutex(State())
    private let limits: BufferLimits

    init(_ limits: BufferLimits) { self.limits = limits }

    var droppedCount: Int { state.withLock { $0.droppedCount } }
    /// Whether nobody takes anything more.
    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Puts an element in.
    func push(_ element: Element, bytes: Int = 0) {
        let waiter = state.withLock { state -> Waiter? in
            if state.isFinished { return nil }
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.elements.append((element, bytes))
            state.bytes += bytes
            while state.elements.count > 1,
                state.elements.count > limits.elementsMax || state.bytes > limits.bytesMax
            {
                _ = state.pop()
                state.droppedCount += 1
            }
            return nil
        }
        waiter?.continuation.resume(returning: element)
    }

    /// Says that nothing more comes.
    func finish(droppingWaiting: Bool = false) {
        let waiters = state.withLock { state in
            state.isFinished = true
            if droppingWaiting { state.elements.removeAll() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
    }

    /// The next element; nil at the end, and for a task that is cancelled.
    func next() async -> Element? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Element?? in
                    // A task is cancelled before its handler runs, so one of both sees the other.
                    if Task.isCancelled { return .some(nil) }
                    if let element = state.pop() { return element }
                    if state.isFinished { return .some(nil) }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiters.firstIndex(where: { $0.id == id }) else {
                    return nil
                }
                return state.waiters.remove(at: place)
            }
            waiter?.continuation.resume(returning: nil)
        }
    }
}
