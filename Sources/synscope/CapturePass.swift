import CaptureStore
import Decoding
import Signals

/// One pass over a capture, with progress, that Ctrl-C can end.
struct CapturePass {
    let capture: Capture
    let title: String
    var showsProgress = true

    /// Gives every batch of the capture to `body`, in order.
    func forEachBatch(_ body: (EdgeBatch) throws -> Void) throws {
        var source = HandshakeOrderedSource(ReadAheadSource(try capture.edges()))
        var batch = EdgeBatch(levels: capture.initialLevels)
        var progress = Progress(
            "\(title) \(capture.path)", total: Double(capture.edgeCount),
            isEnabled: showsProgress)
        defer { progress.end() }
        while try source.read(into: &batch) {
            try body(batch)
            progress.update(Double(source.base.edgeCount))
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
        }
    }

    /// Decodes the capture and gives every event to `body`, in order; returns the decoder, which
    /// then holds its counts, and what can be said of the capture's legibility.
    @discardableResult
    func decode(
        _ configuration: WireDecoder.Configuration, _ body: (LinkEvent) throws -> Void
    ) throws -> (decoder: LinkDecoder, legibility: Legibility) {
        try decode(configuration, with: JournalSource()) { item in
            if case .event(let event) = item { try body(event) }
        }
    }

    /// What a capture tells, in the order in which it became known.
    enum Item {
        case event(LinkEvent)
        /// What a record tells, and the session in which it was made.
        case journal(JournalEvent, session: Int)
    }

    /// Decodes the capture as ``decode(_:_:)`` does, with a journal at its places among the edges.
    @discardableResult
    func decode(
        _ configuration: WireDecoder.Configuration, with journal: JournalSource,
        _ body: (Item) throws -> Void
    ) throws -> (decoder: LinkDecoder, legibility: Legibility) {
        var configuration = configuration
        configuration.observationStart = capture.observationStart
        var decoder = LinkDecoder(configuration: configuration)
        var legibility = Legibility(vocabulary: configuration.vocabulary)
        var journal = journal
        var next = try journal.next()
        var position: Int64 = 0
        func passOn() throws {
            for event in decoder.takeEvents() {
                legibility.take(event)
                try body(.event(event))
            }
        }
        func decode(_ batch: EdgeBatch) throws {
            decoder.decode(batch)
            position += Int64(batch.edges.count)
            try passOn()
        }
        func passOnJournal(upTo place: Int64) throws {
            while let event = next, event.edgesBefore <= place {
                try body(.journal(event, session: decoder.lastResetPull?.session ?? 0))
                next = try journal.next()
            }
        }
        try forEachBatch { batch in
            legibility.take(batch)
            try passOnJournal(upTo: position)
            var rest = BatchPieces(of: batch)
            while let event = next, event.edgesBefore < position + Int64(rest.count) {
                try decode(rest.takeFirst(Int(event.edgesBefore - position)))
                try passOnJournal(upTo: position)
            }
            try decode(rest.takeFirst(rest.count))
        }
        try passOnJournal(upTo: .max)
        decoder.finish(at: capture.end)
        try passOn()
        return (decoder, legibility)
    }
}

/// A batch that is taken piece by piece, in time that grows with its length and not with its pieces.
private struct BatchPieces {
    private let edges: [Edge]
    private var gap: Gap?
    private var levels: LevelSet
    private var start = 0

    init(of batch: EdgeBatch) {
        (edges, gap, levels) = (batch.edges, batch.gap, batch.levels)
    }

    /// How many edges are left.
    var count: Int { edges.count - start }

    /// The next edges, as a batch of their own. Precondition: there are as many.
    mutating func takeFirst(_ count: Int) -> EdgeBatch {
        var piece = EdgeBatch(levels: levels)
        piece.gap = gap
        gap = nil
        if start == 0, count == edges.count {
            piece.edges = edges
        } else {
            piece.edges = Array(edges[start..<(start + count)])
            for edge in piece.edges { levels[edge.channel] = edge.level }
        }
        start += count
        return piece
    }
}
