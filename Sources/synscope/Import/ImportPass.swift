import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// Reads a file to its end, stores its edges, and decodes them for what is told at the end.
struct ImportPass<Source: ImportSource> {
    private var source: HandshakeOrderedSource<StoredSource<Source>>
    private let title: String
    private var decoder: LinkDecoder
    private(set) var summary: ImportSummary
    private(set) var wiring: WiringCheck

    /// - Parameter title: what is being done, for the line that shows how far it is.
    init(
        _ input: Source, storedBy writer: CaptureWriter, link: LinkOptions, title: String
    ) {
        // Stored is what the file says; the decoder gets it in the order of the handshake.
        source = HandshakeOrderedSource(StoredSource(input, storedBy: writer))
        self.title = title
        summary = ImportSummary(vocabulary: link.decoderConfiguration.vocabulary)
        wiring = WiringCheck(start: input.start, levels: input.channels.levels)
        var configuration = link.decoderConfiguration
        configuration.observationStart = input.start
        decoder = LinkDecoder(configuration: configuration)
    }

    /// The file as far as it is read.
    var input: Source { source.base.base }

    /// Reads until the end, or until somebody wants it to end.
    mutating func run() throws {
        var batch = EdgeBatch(levels: input.channels.levels)
        var progress = Progress(title, total: input.share == nil ? 0 : 1)
        defer { progress.end() }
        while !Interrupt.isRequested, try source.read(into: &batch) {
            take(batch)
            progress.update(input.share ?? 0)
        }
        // What is stored is looked at, even if the rest of the file is not read.
        while source.readRest(into: &batch) { take(batch) }
        decoder.finish(at: input.end)
        for event in decoder.takeEvents() { summary.take(event) }
    }

    private mutating func take(_ batch: EdgeBatch) {
        summary.take(batch)
        wiring.take(batch)
        decoder.decode(batch)
        for event in decoder.takeEvents() { summary.take(event) }
    }
}
