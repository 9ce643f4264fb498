import Signals

/// What will happen in a world's surroundings, soonest first; at equal times in the order in which
/// it was put down.
struct Agenda: Sendable {
    private struct Entry: Sendable {
        var time: Timestamp
        var sequence: UInt64
        var event: WorldEvent
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var sequence: UInt64 = 0

    /// When the next event is due.
    var nextTime: Timestamp { entries.first?.time ?? .never }

    var count: Int { entries.count }

    mutating func add(_ event: WorldEvent, at time: Timestamp) {
        sequence += 1
        entries.append(Entry(time: time, sequence: sequence, event: event))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(child, parent) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> WorldEvent? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return first.event
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && isBefore(child, least) {
                least = child
            }
            if least == parent { return }
            entries.swapAt(least, parent)
            parent = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (entries[left], entries[right])
        return first.time == second.time
            ? first.sequence < second.sequence : first.time < second.time
    }
}

extension Timestamp {
    /// Later than anything that happens.
    static var never: Timestamp { Timestamp(nanoseconds: .max) }
}

/// Something that happens around the two machines.
enum WorldEvent: Sendable {
    /// The host's program begins.
    case startHost
    /// The bridge's firmware begins; a reset in between makes it void.
    case bootBridge(power: Int)
    /// The bridge's search for its network has an end; a newer search makes it void.
    case associated(search: Int)
    /// The bridge notices that it has lost its network.
    case networkLost(search: Int)
    /// The way to the broker is open.
    case transportOpened(connection: Int)
    /// Nobody listens, or the broker has closed.
    case transportClosed(connection: Int)
    /// Bytes arrive at the broker; whole ones are all of what the bridge sent at once.
    case bytesToBroker(connection: Int, [UInt8], isWhole: Bool)
    /// The broker notices that the client is gone.
    case clientGone(connection: Int)
    /// Bytes arrive at the bridge.
    case bytesToBridge(connection: Int, [UInt8])
    /// The internet has answered, or not.
    case internet(isReachable: Bool, power: Int)
    /// The time server has answered.
    case serverTime(isKnown: Bool, power: Int)
    /// The bridge has counted its memory.
    case memory(free: Int64, power: Int)
    /// The application does its next thing.
    case application(ApplicationAction)
    /// A fault begins.
    case fault(Fault)
    /// A fault ends.
    case faultEnds(FaultEnd)
}
