public import Decoding
public import Signals

/// The way of one publication, as much of it as is known.
public struct PublicationTrace: Equatable, Sendable {
    /// What became of it.
    public enum Fate: String, Hashable, Sendable, CaseIterable {
        /// A frame has brought it to the bridge, and PUBOK came.
        case acknowledged
        /// A frame has brought it to the bridge, and PUBOK did not come.
        case unacknowledged
        /// Its call returned, and no frame of it ever crossed the wire.
        case lost
        /// Its call was refused: nothing was done.
        case refused
        /// Its call returned, and said that nobody knows what came of it: the bridge crashed.
        case unconfirmed
        /// Neither a frame of it crossed the wire nor did its call return.
        case waiting
        /// Edges are missing, which may have been its frame's.
        case doubtful
    }

    /// Its topic, content and quality of service.
    public var content: PublicationContent
    /// The broker shall keep it.
    public var isRetained: Bool
    /// The call's id, if the application said one.
    public var id: String?
    /// When the application called.
    public var called: Timestamp?
    /// The first bit of its first frame.
    public var firstBit: Timestamp?
    /// The first bit of its last frame, if it has more than one.
    public var lastFirstBit: Timestamp?
    /// The end of its last frame.
    public var frameEnd: Timestamp?
    /// How many frames of it crossed the wire.
    public var frameCount = 0
    /// The last reset between two of its frames.
    public var resetBetween: Timestamp?
    /// When the bridge sent it to the broker, for the first time after its last frame.
    public var sentToBroker: Timestamp?
    /// How often a bridge sent it to the broker.
    public var sentCount = 0
    /// When the broker acknowledged that.
    public var acknowledgedByBroker: Timestamp?
    /// The end of PUBOK's frame.
    public var acknowledged: Timestamp?
    /// When its call returned.
    public var returned: Timestamp?
    /// What its call returned.
    public var outcome = ApplicationEvent.Return.Outcome.done
    /// When the broker, or a subscriber, first had it.
    public var arrived: Timestamp?
    /// How often it arrived.
    public var arrivalCount = 0
    /// The bridge did not serve at some moment between its call, or its frame, and PUBOK.
    public var isHeldBack: Bool
    /// Edges are missing while its frame was to be expected.
    public var isDoubtful = false
    /// The session of its last frame, or that in which it was called.
    public var session: Int

    /// What became of it.
    public var fate: Fate {
        if acknowledged != nil { return .acknowledged }
        if returned != nil, outcome == .refused { return .refused }
        if returned != nil, outcome == .unconfirmed { return .unconfirmed }
        if frameEnd != nil { return .unacknowledged }
        if isDoubtful { return .doubtful }
        return returned != nil ? .lost : .waiting
    }

    /// How long a stretch of its way took; nil when one of its ends is not known.
    ///
    /// Negative when the clocks contradict each other.
    public subscript(hop: PublicationHop) -> Nanoseconds? {
        // The return of a call that nothing came of measures something else.
        let returned = firstBit == nil ? nil : returned
        return switch hop {
        case .callToFirstBit: span(called, firstBit)
        case .firstBitToFrameEnd: span(lastFirstBit ?? firstBit, frameEnd)
        case .frameEndToSent: span(frameEnd, sentToBroker)
        case .sentToBrokerAcknowledgement: span(sentToBroker, acknowledgedByBroker)
        case .brokerAcknowledgementToAcknowledgement: span(acknowledgedByBroker, acknowledged)
        case .frameEndToAcknowledgement: span(frameEnd, acknowledged)
        case .acknowledgementToReturn: isAwaited ? span(acknowledged, returned) : nil
        case .callToReturn: span(called, returned)
        case .callToArrival: span(called, arrived)
        }
    }

    /// Its call returned, and said or let believe that all is done.
    var isReportedDone: Bool { returned != nil && outcome == .done }

    /// The call returned after its frame: the host waits for PUBOK.
    private var isAwaited: Bool {
        guard let returned, let frameEnd else { return false }
        return returned > frameEnd
    }

    private func span(_ start: Timestamp?, _ end: Timestamp?) -> Nanoseconds? {
        guard let start, let end else { return nil }
        return end - start
    }
}
