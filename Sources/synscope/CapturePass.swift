import CaptureStore
import Decoding
import Signals

/// One pass over a capture, with progress, that Ctrl-C can end.
struct CapturePass {
    let capture: Capture
    let title: String

    /// Gives every batch of the capture to `body`, in order.
    func forEachBatch(_ body: (EdgeBatch) throws -> Void) throws {
        var source = HandshakeOrderedSource(try capture.edges())
        var batch = EdgeBatch(levels: capture.initialLevels)
        var progress = Progress("\(title) \(capture.path)", total: Double(capture.edgeCount))
        defer { progress.end() }
        while try source.read(into: &batch) {
            try body(batch)
            progress.update(Double(source.base.edgesBefore))
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
        }
    }

    /// Decodes the capture and gives every event to `body`, in order; returns the decoder, which
    /// then holds its counts.
    @discardableResult
    func decode(
        _ configuration: WireDecoder.Configuration, _ body: (LinkEvent) throws -> Void
    ) throws -> LinkDecoder {
        var decoder = LinkDecoder(configuration: configuration)
        try forEachBatch { batch in
            decoder.decode(batch)
            for event in decoder.takeEvents() { try body(event) }
        }
        decoder.finish(at: capture.end)
        for event in decoder.takeEvents() { try body(event) }
        return decoder
    }
}
