import Decoding
import LinkProtocol
import Measurements
import Signals

/// What a world or a capture shows on its wires, and what its application and its broker saw.
struct LinkObservation {
    /// A call of the application.
    struct Call {
        /// The string that it put on the link's queue; a publication's topic and message.
        var text: [UInt8]
        var calledAt: Timestamp
        var returnedAt: Timestamp?
    }

    /// A message from the broker, as the application got it.
    struct Delivery {
        var text: [UInt8]
        var time: Timestamp
    }

    var report: LinkReport
    /// Whole frames, in order of their ends.
    var messages: [DecodedMessage]
    var resets: [LinkEvent.Reset]
    var synchronisations: [LinkEvent.Synchronisation]
    var end: Timestamp
    /// When the host drove each of its bits.
    var hostBits: [Timestamp] = []
    /// Calls of publish, in order.
    var calls: [Call] = []
    /// Messages that reached the application.
    var deliveries: [Delivery] = []
    /// When the broker, or a subscriber beside it, first had a message, by topic and message.
    var arrivals: [[UInt8]: Timestamp] = [:]

    /// Reads the wires.
    ///
    /// - Parameter read: gives the next edges; false at the end.
    init(
        from start: Timestamp, to end: Timestamp,
        reading read: (inout EdgeBatch) throws -> Bool
    ) rethrows {
        var decoder = LinkDecoder()
        var measurements = LinkMeasurements()
        var batch = EdgeBatch(levels: .rest)
        messages = []
        resets = []
        synchronisations = []
        self.end = end
        var events: [LinkEvent] = []
        while try read(&batch) {
            decoder.decode(batch)
            for edge in batch.edges where edge.channel == .sckout { hostBits.append(edge.time) }
            events += decoder.takeEvents()
        }
        decoder.finish(at: end)
        events += decoder.takeEvents()
        for event in events {
            measurements.handle(event)
            switch event {
            case .message(let message) where message.frame.condition == .whole:
                messages.append(message)
            case .reset(let reset): resets.append(reset)
            case .synchronised(let synchronisation) where synchronisation.completesSession:
                synchronisations.append(synchronisation)
            default: break
            }
        }
        report = measurements.finish(
            wires: decoder.wires, captureStart: start, captureEnd: end)
    }

    /// Topic and message as one key.
    static func key(_ topic: [UInt8], _ message: [UInt8]) -> [UInt8] { topic + [127] + message }
}
