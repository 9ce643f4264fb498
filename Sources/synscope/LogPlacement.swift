import CaptureStore
import Decoding
import LinkProtocol

/// Finds where the entries of a log belong in a capture, in one pass that decodes it and one that
/// counts its edges.
struct LogPlacement {
    let capture: Capture
    let link: LinkOptions

    func place(_ log: ApplicationLog, options: LogOptions) throws -> PlacedLog {
        var book = SecretBook()
        var statuses: [LogAlignment.Moment] = []
        let link = try link.resolved(for: capture)
        try CapturePass(capture: capture, title: "reading the statuses of")
            .decode(link.decoderConfiguration) { event in
                SecretSearch.learn(from: event, into: &book)
                PlacedLog.collect(event, into: &statuses)
            }
        return try PlacedLog(
            log, options: options, capture: capture, book: book, statuses: statuses)
    }
}
