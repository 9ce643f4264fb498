import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// A capture in memory, and what an undamaged decode of it says.
struct WholeCapture {
    let path: String
    let edges: [Edge]
    let initialLevels: LevelSet
    let end: Timestamp
    let events: [LinkEvent]

    init(path: String) throws {
        self.path = path
        let capture = try Capture(opening: path)
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var edges: [Edge] = []
        while try source.read(into: &batch) { edges += batch.edges }
        self.edges = edges
        initialLevels = capture.initialLevels
        end = capture.end
        var whole = EdgeBatch(levels: initialLevels)
        whole.edges = edges
        events = WholeCapture.decode([whole], end: end)
    }

    /// The frames of an undamaged decode.
    var frames: [Frame] { events.compactMap(\.frame) }

    static func decode(_ batches: [EdgeBatch], end: Timestamp) -> [LinkEvent] {
        var decoder = LinkDecoder()
        var events: [LinkEvent] = []
        for batch in batches {
            decoder.decode(batch)
            events += decoder.takeEvents()
        }
        decoder.finish(at: end)
        return events + decoder.takeEvents()
    }
}

extension LinkEvent {
    /// The frame of a message, if the event is one.
    var frame: Frame? { if case .message(let message) = self { message.frame } else { nil } }

    /// The gap, if the event is one.
    var gap: Gap? { if case .gap(let gap, _) = self { gap } else { nil } }
}

extension Frame {
    /// Whether another frame is the same one, whatever its session's number.
    ///
    /// - Parameter startIsKnown: false where the first bits may have been missed.
    func isSame(as other: Frame, startIsKnown: Bool = true) -> Bool {
        from == other.from && end == other.end && text == other.text
            && condition == other.condition && (start == other.start || !startIsKnown)
    }
}
