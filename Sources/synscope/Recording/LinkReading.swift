import Decoding
import Signals

/// A source of `record` and what it means, a run of edges at a time: as it is to be stored, and
/// decoded in the order of the handshake.
struct LinkReading<Source: RecordingSource> {
    /// The run of edges that was decoded last, in the order of the handshake.
    private(set) var batch: EdgeBatch
    private(set) var decoder: LinkDecoder
    private var source: HandshakeOrderedSource<TappedSource<Source>>
    private let tap: TappedSource<Source>.Tap
    private var lastEdge: Timestamp

    /// - Parameter end: edges at and after this moment are left out, and end the source.
    init(_ source: Source, until end: Timestamp?, configuration: WireDecoder.Configuration) {
        let tapped = TappedSource(source, until: end)
        tap = tapped.tap
        self.source = HandshakeOrderedSource(tapped)
        batch = EdgeBatch(levels: source.channels.levels)
        lastEdge = source.start
        var configuration = configuration
        configuration.observationStart = source.start
        decoder = LinkDecoder(configuration: configuration)
    }

    /// The source as it is now.
    var input: Source { source.base.base }
    /// The source was ended at its limit.
    var isCut: Bool { tap.isCut }

    /// Exchanges what the source said last, in its own order, for an empty batch: it is to be stored
    /// when nothing is left behind, and only once.
    func takeStored(_ batch: inout EdgeBatch) {
        batch.gap = nil
        batch.levels = tap.batch.levels
        batch.edges.removeAll(keepingCapacity: true)
        swap(&batch, &tap.batch)
    }

    /// What the source said last is not decoded yet.
    var isBehind: Bool { source.isBehind }
    /// An edge that is not decoded yet says more than that the clocks go on.
    var holdsNews: Bool { source.holdsNews }

    /// Everything up to this moment is decoded.
    var decodedTime: Timestamp {
        isBehind || source.heldTime != nil ? lastEdge : max(lastEdge, input.end)
    }

    /// Reads and decodes the next run of edges; false at the end of the source.
    mutating func read() throws(Source.Failure) -> Bool {
        guard try source.read(into: &batch) else { return false }
        decode()
        // A link that stands still says nothing more: what was held back is all there is.
        if batch.edges.isEmpty, batch.gap == nil, !source.isBehind, let held = source.heldTime,
            held < input.end
        {
            return readRest() || true
        }
        return true
    }

    /// Decodes what was read and is not decoded yet; false when nothing is left.
    mutating func readRest() -> Bool {
        guard source.readRest(into: &batch) else { return false }
        decode()
        return true
    }

    /// Tells what is still open; no edge may follow.
    mutating func finish(at end: Timestamp) { decoder.finish(at: end) }

    /// The events since the last call.
    mutating func takeEvents() -> [LinkEvent] { decoder.takeEvents() }

    private mutating func decode() {
        decoder.decode(batch)
        lastEdge = max(lastEdge, batch.edges.last?.time ?? batch.gap?.end ?? lastEdge)
    }
}
