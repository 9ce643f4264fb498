import LinkProtocol
import Signals

/// Publications whose PUBOK takes longer than a limit.
///
/// One that is answered too late, or not at all, has its moment when the limit passes, known with the
/// next sign of time: nobody has to wait for the answer. Where edges are missing, or a reset has
/// forgotten the publication, nothing is said of it.
struct LatencyWatch {
    private let limit: Nanoseconds
    /// The ends of the publications that are not answered, in their order.
    private var open: [Timestamp] = []

    init(limit: Nanoseconds) { self.limit = limit }

    /// Takes an event; gives the moments at which a limit passed before it.
    mutating func take(_ event: LinkEvent) -> [Timestamp] {
        guard let end = event.end else { return [] }
        switch event {
        case .message(let message):
            let passed = advance(to: end)
            if case .host(.publish) = message.content, message.frame.condition == .whole {
                if open.count == SessionTracker.pendingRequestsMax { open.removeFirst() }
                open.append(message.frame.end)
            } else if let request = message.request, case .publish = request.kind {
                // Those before it will not be answered any more.
                open.removeAll { $0 <= request.end }
            }
            return passed
        case .reset:
            let passed = advance(to: event.start ?? end)
            open.removeAll(keepingCapacity: true)
            return passed
        case .gap:
            open.removeAll(keepingCapacity: true)
            return []
        default: return []
        }
    }

    /// Gives the moments at which a limit passed before `now`.
    mutating func advance(to now: Timestamp) -> [Timestamp] {
        guard let first = open.first, first + limit < now else { return [] }
        let count = open.firstIndex { $0 + limit >= now } ?? open.endIndex
        defer { open.removeFirst(count) }
        return open[..<count].map { $0 + limit }
    }
}
