import CaptureStore
import Decoding
import Signals

/// One pass over a capture, with progress, that Ctrl-C can end.
struct CapturePass {
    let capture: Capture
    let title: String

    /// Gives every batch of the capture to `body`, in order.
    func forEachBatch(_ body: (EdgeBatch) throws -> Void) throws {
        var source = HandshakeOrderedSource(ReadAheadSource(try capture.edges()))
        var batch = EdgeBatch(levels: capture.initialLevels)
        var progress = Progress("\(title) \(capture.path)", total: Double(capture.edgeCount))
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
        var configuration = configuration
        configuration.observationStart = max(capture.observationStart, .zero)
        var decoder = LinkDecoder(configuration: configuration)
        var legibility = Legibility(vocabulary: configuration.vocabulary)
        func passOn() throws {
            for event in decoder.takeEvents() {
                legibility.take(event)
                try body(event)
            }
        }
        try forEachBatch { batch in
            legibility.take(batch)
            decoder.decode(batch)
            try passOn()
        }
        decoder.finish(at: capture.end)
        try passOn()
        return (decoder, legibility)
    }
}
