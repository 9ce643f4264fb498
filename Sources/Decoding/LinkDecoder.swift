public import Signals

/// The whole decoder: edges in, link events out, in one pass and bounded memory.
///
///     var source = HandshakeOrderedSource(try capture.edges())
///     var decoder = LinkDecoder()
///     while try source.read(into: &batch) {
///         decoder.decode(batch)
///         for event in decoder.takeEvents() { … }
///     }
///     decoder.finish(at: capture.end)
///     for event in decoder.takeEvents() { … }
public struct LinkDecoder {
    /// The part that reads the wires, with its counts.
    public private(set) var wires: WireDecoder
    /// The last reset seen, known when `reset` goes low and not, as the event, when it is released.
    public private(set) var lastResetPull: ResetPull?
    private var tracker: SessionTracker
    private var events: [LinkEvent] = []

    /// A decoder that has seen nothing yet.
    public init(configuration: WireDecoder.Configuration = .init()) {
        wires = WireDecoder(configuration: configuration)
        tracker = SessionTracker(vocabulary: configuration.vocabulary)
    }

    /// Takes the next run of edges, in the order of a ``HandshakeOrderedSource``.
    public mutating func decode(_ batch: EdgeBatch) {
        wires.decode(batch)
        track()
    }

    /// Tells what is still open; no edge may follow.
    ///
    /// - Parameter end: the end of the capture.
    public mutating func finish(at end: Timestamp) {
        wires.finish(at: end)
        track()
        tracker.finish(into: &events)
    }

    /// The events since the last call, in the order in which they became known.
    public mutating func takeEvents() -> [LinkEvent] {
        if events.isEmpty { return [] }
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    private mutating func track() {
        if wires.events.isEmpty { return }
        for event in wires.takeEvents() {
            if case .resetPulled(let pull) = event { lastResetPull = pull }
            tracker.handle(event, into: &events)
        }
    }
}
