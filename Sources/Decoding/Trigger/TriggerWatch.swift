import LinkProtocol
public import Signals

/// Watches what a link does until one of several triggers fires.
///
///     var watch = TriggerWatch(triggers, start: start, levels: levels)
///     watch.take(batch)                                  // in the order of the handshake
///     for event in decoder.takeEvents() { watch.take(event) { describe(event) } }
///     watch.advance(to: batch.edges.last?.time)
///     for firing in watch.takeFirings() { … }
///
/// A trigger on wires fires at its edge. One of levels alone fires with the edge after which they
/// hold, at the start if they do from the beginning, and not again before they have ceased to. A
/// trigger on a frame fires at the clock edge of the last bit of its closing zero, and one on another
/// event at that event's end.
public struct TriggerWatch {
    /// A trigger that has fired.
    public struct Firing: Hashable, Sendable {
        /// When.
        public var time: Timestamp
        /// The trigger, by its place in the list.
        public var trigger: Int
    }

    /// The line of a conversation that tells an event.
    public struct Line: Sendable {
        /// The whole line, its columns of times and direction included.
        public var text: String
        /// What it says behind the columns.
        public var words: String

        /// A line.
        public init(text: String, words: String) {
            self.text = text
            self.words = words
        }
    }

    private var wires: [WireWatch] = []
    private var events: [(trigger: Int, conditions: [EventCondition])] = []
    private var latencies: [(trigger: Int, watch: LatencyWatch)] = []
    private var levels: LevelSet
    private var firings: [Firing] = []
    private let readsLines: Bool

    /// A watch over a link of which nothing was seen yet.
    ///
    /// - Parameters:
    ///   - start: the first moment at which the levels are known.
    ///   - levels: the levels at that moment.
    public init(_ triggers: [Trigger], start: Timestamp, levels: LevelSet) {
        self.levels = levels
        readsLines = triggers.contains(where: \.readsLines)
        for (index, trigger) in triggers.enumerated() {
            switch trigger.condition {
            case .wires(let condition):
                let holds = condition.channel == nil && condition.holds(levels)
                wires.append(WireWatch(trigger: index, condition: condition, held: holds))
                if holds { firings.append(Firing(time: start, trigger: index)) }
            case .event(let conditions): events.append((index, conditions))
            case .latency(let limit): latencies.append((index, LatencyWatch(limit: limit)))
            }
        }
    }

    /// Takes the next run of edges.
    public mutating func take(_ batch: EdgeBatch) {
        if wires.isEmpty { return }
        if batch.levels != levels {
            // Edges are missing: what holds now came about in the gap.
            levels = batch.levels
            let time = batch.gap?.end ?? batch.edges.first?.time
            for index in wires.indices where wires[index].beginsToHold(levels) {
                if let time { firings.append(Firing(time: time, trigger: wires[index].trigger)) }
            }
        }
        for edge in batch.edges {
            levels[edge.channel] = edge.level
            for index in wires.indices where wires[index].isFulfilled(by: edge, levels) {
                firings.append(Firing(time: edge.time, trigger: wires[index].trigger))
            }
        }
    }

    /// Takes the next event.
    ///
    /// - Parameter line: the line that tells it; asked for only if a trigger wants to know.
    public mutating func take(_ event: LinkEvent, line: () -> Line?) {
        guard let end = event.end else { return }
        for index in latencies.indices {
            for time in latencies[index].watch.take(event) {
                firings.append(Firing(time: time, trigger: latencies[index].trigger))
            }
        }
        if events.isEmpty { return }
        let told = readsLines ? line() : nil
        for (trigger, conditions) in events
        where conditions.allSatisfy({ $0.isFulfilled(by: event, line: told) }) {
            firings.append(Firing(time: end, trigger: trigger))
        }
    }

    /// So much time has passed, and all edges and events before it were taken.
    public mutating func advance(to now: Timestamp) {
        for index in latencies.indices {
            for time in latencies[index].watch.advance(to: now) {
                firings.append(Firing(time: time, trigger: latencies[index].trigger))
            }
        }
    }

    /// What has fired since the last call, in the order of time.
    public mutating func takeFirings() -> [Firing] {
        if firings.isEmpty { return [] }
        defer { firings.removeAll(keepingCapacity: true) }
        return firings.sorted { ($0.time, $0.trigger) < ($1.time, $1.trigger) }
    }
}

/// One condition on wires, and whether it holds already.
private struct WireWatch {
    let trigger: Int
    let condition: WireCondition
    /// It is one of levels alone, and held after the last edge.
    var held: Bool

    @inline(__always)
    mutating func isFulfilled(by edge: Edge, _ levels: LevelSet) -> Bool {
        guard condition.channel == nil else { return condition.isFulfilled(by: edge, levels) }
        return beginsToHold(levels)
    }

    /// Whether levels hold, and did not before.
    @inline(__always)
    mutating func beginsToHold(_ levels: LevelSet) -> Bool {
        guard condition.channel == nil else { return false }
        let holds = condition.holds(levels)
        defer { held = holds }
        return holds && !held
    }
}

extension EventCondition {
    func isFulfilled(by event: LinkEvent, line: TriggerWatch.Line?) -> Bool {
        switch self {
        case .text(let text): return line.map { Self.contains(text, in: $0.words) } ?? false
        case .pattern(let pattern): return line.map { pattern.isFound(in: $0.text) } ?? false
        case .type(let name): return event.typeName == name
        case .error: return event.isError
        case .watchdog:
            if case .watchdog = event { return true }
            return false
        case .status(let status):
            guard case .message(let message) = event, case .bridge(let said) = message.content
            else { return false }
            return said.status == status
        }
    }

    private static func contains(_ text: [UInt8], in words: String) -> Bool {
        var words = words
        return words.withUTF8 { bytes in
            guard let first = text.first, bytes.count >= text.count else { return false }
            for start in 0...(bytes.count - text.count)
            where bytes[start] == first && bytes[start...].starts(with: text) {
                return true
            }
            return false
        }
    }
}
