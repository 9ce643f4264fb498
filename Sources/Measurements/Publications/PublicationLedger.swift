import Signals

/// Joins the steps of publications, from their calls to their returns.
///
/// A frame belongs to the oldest call with its topic, content and quality of service that has none
/// yet; one that has not returned goes before one that has, since most hosts wait. A frame that no
/// call fits, and that repeats a publication without PUBOK from before a reset, is that one sent
/// again. So of several publications that are equal it can be told how many were lost, and not which.
///
/// Bounded: what is open longer than the next ``openMax`` publications is judged as it is.
public struct PublicationLedger {
    /// So many publications are open at most.
    public static let openMax = 1_024

    /// The newest are never judged in a sweep: a subscriber may still get them.
    static let recentCount = 256

    /// Publications that are judged, for whoever takes them.
    private var finished: [PublicationTrace] = []
    private var open: [PublicationTrace] = []
    private var lastReset: Timestamp?
    private var isServing = false
    private var session = 0

    /// A ledger of nothing.
    public init() {}

    /// Takes the next step.
    ///
    /// - Parameter session: the session in which it happened.
    public mutating func take(_ event: PublicationEvent, session: Int) {
        self.session = session
        switch event {
        case .called(let content, let isRetained, let id, let time):
            var trace = new(content, isRetained)
            trace.called = time
            trace.id = id
            append(trace)
        case .crossed(let content, let isRetained, let firstBit, let frameEnd):
            let place = placeOfCall(for: content) ?? placeToRepeat(content)
            if place == nil { append(new(content, isRetained)) }
            record(firstBit, frameEnd, of: place ?? open.count - 1)
        case .sentToBroker(let content, let isDuplicate, let time):
            sent(content, isDuplicate: isDuplicate, at: time)
        case .acknowledgedByBroker(let content, let time):
            change(content, where: { $0.sentToBroker != nil && $0.acknowledgedByBroker == nil }) {
                $0.acknowledgedByBroker = time
            }
        case .acknowledged(let firstBit, let time):
            guard let place = open.lastIndex(where: { $0.lastFirstBit ?? $0.firstBit == firstBit })
            else { return }
            open[place].acknowledged = time
        case .returned(let id, let outcome, let time):
            let place = open.firstIndex {
                $0.called != nil && $0.returned == nil && (id == nil || $0.id == id)
            }
            if let place {
                open[place].returned = time
                open[place].outcome = outcome
            }
        case .arrived(let content, let time): arrived(content, at: time)
        case .service(let isUp):
            isServing = isUp
            if !isUp { for place in open.indices { holdBack(place) } }
        case .reset(let time): lastReset = time
        case .edgesMissing:
            for place in open.indices where open[place].acknowledged == nil {
                open[place].isDoubtful = true
            }
        }
    }

    /// How many were called for and neither got PUBOK nor returned: they are on their way.
    public var underWayCount: Int {
        open.count { $0.called != nil && $0.returned == nil && $0.acknowledged == nil }
    }

    /// The publications that were judged since the last call, mostly in the order of their calls.
    public mutating func takeFinished() -> [PublicationTrace] {
        if finished.isEmpty { return [] }
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }

    /// Judges what is still open; no step may follow.
    public mutating func finish() {
        finished += open
        open = []
    }

    // MARK: The broker

    /// The oldest that the bridge has and has not sent yet; else it is one that is sent again.
    private mutating func sent(_ content: PublicationContent, isDuplicate: Bool, at time: Timestamp)
    {
        var place: Int?
        if !isDuplicate {
            place = open.firstIndex {
                $0.frameEnd != nil && $0.sentToBroker == nil && $0.acknowledged == nil
                    && $0.content.matches(content)
            }
        }
        place =
            place
            ?? open.firstIndex {
                $0.sentToBroker != nil && $0.acknowledgedByBroker == nil
                    && $0.acknowledged == nil && $0.content.matches(content)
            }
        // A bridge that reports a publication done before it sends it, as with qos 0.
        place =
            place
            ?? open.lastIndex {
                $0.frameEnd != nil && $0.sentToBroker == nil && $0.content.matches(content)
            }
        guard let place else { return }
        open[place].sentCount += 1
        if open[place].sentToBroker == nil { open[place].sentToBroker = time }
    }

    /// The oldest that the bridge has and that has not arrived; else it is one that arrives again.
    private mutating func arrived(_ content: PublicationContent, at time: Timestamp) {
        let place =
            open.firstIndex {
                $0.frameEnd != nil && $0.arrived == nil && $0.content.matches(content)
            } ?? open.lastIndex { $0.arrived != nil && $0.content.matches(content) }
        guard let place else { return }
        open[place].arrivalCount += 1
        if open[place].arrived == nil { open[place].arrived = time }
    }

    // MARK: Places

    private func new(_ content: PublicationContent, _ isRetained: Bool) -> PublicationTrace {
        PublicationTrace(
            content: content, isRetained: isRetained, isHeldBack: !isServing, session: session)
    }

    private mutating func append(_ trace: PublicationTrace) {
        if open.count == Self.openMax { judgeSome() }
        open.append(trace)
    }

    /// Judges the publications of which nothing is still to come; if there are none, the oldest.
    private mutating func judgeSome() {
        var kept: [PublicationTrace] = []
        let recent = Self.openMax - Self.recentCount
        for (place, trace) in open.enumerated() {
            if place < recent, trace.isSettled, trace.acknowledged != nil {
                finished.append(trace)
            } else {
                kept.append(trace)
            }
        }
        if kept.count == open.count { finished.append(kept.removeFirst()) }
        open = kept
    }

    private func placeOfCall(for content: PublicationContent) -> Int? {
        func place(isReturned: Bool) -> Int? {
            open.firstIndex {
                $0.called != nil && $0.firstBit == nil && ($0.returned != nil) == isReturned
                    && $0.content.matches(content)
            }
        }
        if let place = place(isReturned: false) {
            // A publication that is being repeated is older than one that waits its turn.
            let repeated = placeToRepeat(content)
            if let repeated, repeated < place, open[repeated].returned == nil { return repeated }
            return place
        }
        return place(isReturned: true)
    }

    /// A publication that crossed before the last reset and still wants PUBOK.
    private func placeToRepeat(_ content: PublicationContent) -> Int? {
        guard let lastReset else { return nil }
        return open.firstIndex { trace in
            guard let frameEnd = trace.frameEnd, frameEnd < lastReset else { return false }
            return trace.acknowledged == nil && trace.content.matches(content)
        }
    }

    private mutating func record(_ firstBit: Timestamp, _ frameEnd: Timestamp, of place: Int) {
        if open[place].firstBit == nil {
            open[place].firstBit = firstBit
        } else {
            open[place].lastFirstBit = firstBit
            open[place].resetBetween = lastReset
            // The bridge begins anew with it, whatever the one before has done.
            open[place].sentToBroker = nil
            open[place].acknowledgedByBroker = nil
        }
        open[place].frameEnd = frameEnd
        open[place].frameCount += 1
        open[place].session = session
        open[place].isDoubtful = false
        if !isServing { holdBack(place) }
    }

    private mutating func holdBack(_ place: Int) {
        if open[place].acknowledged == nil { open[place].isHeldBack = true }
    }

    private mutating func change(
        _ content: PublicationContent, where isMeant: (PublicationTrace) -> Bool,
        _ body: (inout PublicationTrace) -> Void
    ) {
        let place = open.firstIndex { isMeant($0) && $0.content.matches(content) }
        if let place { body(&open[place]) }
    }
}

extension PublicationTrace {
    /// Its call has returned, or nobody knows of a call.
    fileprivate var isSettled: Bool { called == nil || returned != nil }
}
