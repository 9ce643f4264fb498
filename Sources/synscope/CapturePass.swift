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
        try decode(configuration, with: RecordSource([])) { item in
            if case .event(let event) = item { try body(event) }
        }
    }

    /// What a capture tells, in the order in which it became known.
    enum Item {
        case event(LinkEvent)
        /// A record, and the session in which it was made.
        case record(JournalRecord, session: Int)
    }

    /// Decodes the capture as ``decode(_:_:)`` does, with records at their places among the edges.
    @discardableResult
    func decode(
        _ configuration: WireDecoder.Configuration, with records: RecordSource,
        _ body: (Item) throws -> Void
    ) throws -> (decoder: LinkDecoder, legibility: Legibility) {
        var configuration = configuration
        configuration.observationStart = max(capture.observationStart, .zero)
        var decoder = LinkDecoder(configuration: configuration)
        var legibility = Legibility(vocabulary: configuration.vocabulary)
        var records = records
        var next = try records.next()
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
        func passOnRecords(upTo place: Int64) throws {
            while let record = next, record.edgesBefore <= place {
                try body(.record(record, session: decoder.lastResetPull?.session ?? 0))
                next = try records.next()
            }
        }
        try forEachBatch { batch in
            legibility.take(batch)
            try passOnRecords(upTo: position)
            var batch = batch
            while let record = next, record.edgesBefore < position + Int64(batch.edges.count) {
                try decode(batch.takeFirst(Int(record.edgesBefore - position)))
                try passOnRecords(upTo: position)
            }
            try decode(batch)
        }
        try passOnRecords(upTo: .max)
        decoder.finish(at: capture.end)
        try passOn()
        return (decoder, legibility)
    }
}

extension EdgeBatch {
    /// Takes the first edges away, as a batch of their own. Precondition: there are as many.
    fileprivate mutating func takeFirst(_ count: Int) -> EdgeBatch {
        var first = EdgeBatch(levels: levels)
        first.gap = gap
        first.edges = Array(edges[..<count])
        gap = nil
        for edge in first.edges { levels[edge.channel] = edge.level }
        edges.removeFirst(count)
        return first
    }
}
