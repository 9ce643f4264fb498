import Decoding
import LinkProtocol
import LinkTesting
import Signals

/// Batches from memory.
struct BatchSource: EdgeSource {
    var batches: [EdgeBatch]
    var next = 0

    mutating func read(into batch: inout EdgeBatch) -> Bool {
        guard next < batches.count else { return false }
        batch = batches[next]
        next += 1
        return true
    }
}

/// What the decoder makes of batches, and of a capture that ends with its last edge.
func events(
    of batches: [EdgeBatch], end: Timestamp? = nil,
    configuration: WireDecoder.Configuration = .init()
) -> [LinkEvent] {
    var source = HandshakeOrderedSource(BatchSource(batches: batches))
    var decoder = LinkDecoder(configuration: configuration)
    var events: [LinkEvent] = []
    var batch = EdgeBatch()
    while source.read(into: &batch) {
        decoder.decode(batch)
        events += decoder.takeEvents()
    }
    decoder.finish(at: end ?? batches.lastTime)
    return events + decoder.takeEvents()
}

func events(
    of batch: EdgeBatch, end: Timestamp? = nil,
    configuration: WireDecoder.Configuration = .init()
) -> [LinkEvent] {
    events(of: [batch], end: end, configuration: configuration)
}

extension [LinkEvent] {
    var messages: [DecodedMessage] {
        compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    var frames: [Frame] { messages.map(\.frame) }

    var resets: [LinkEvent.Reset] {
        compactMap { if case .reset(let reset) = $0 { reset } else { nil } }
    }

    var synchronisations: [LinkEvent.Synchronisation] {
        compactMap { if case .synchronised(let found) = $0 { found } else { nil } }
    }

    var watchdogs: [LinkEvent.Watchdog] {
        compactMap { if case .watchdog(let watchdog) = $0 { watchdog } else { nil } }
    }

    var runnings: [LinkEvent.Running] {
        compactMap { if case .running(let running) = $0 { running } else { nil } }
    }

    var stops: [LinkEvent.Stop] {
        compactMap { if case .stopped(let stop) = $0 { stop } else { nil } }
    }

    var gaps: [Gap] {
        compactMap { if case .gap(let gap, _) = $0 { gap } else { nil } }
    }

    /// The whole frames as `host: text`.
    var said: [String] {
        frames.filter { $0.condition == .whole }.map { "\($0.from): \(drawn($0.text))" }
    }
}

extension EdgeBatch {
    /// The same edges as an instrument sees them that samples so seldom: what shares a sample
    /// comes in the order of the channels.
    func sampled(every step: Nanoseconds) -> EdgeBatch {
        var batch = self
        for index in edges.indices {
            let steps = edges[index].time.nanoseconds / step.count
            batch.edges[index].time = Timestamp(nanoseconds: steps * step.count)
        }
        batch.edges.sort { ($0.time, $0.channel.index) < ($1.time, $1.channel.index) }
        return batch
    }
}

/// A start with a few messages each way.
func conversation(
    _ configuration: LinkConfiguration = Pair.quick, world: Pair.World = Pair.World()
) -> Pair {
    let pair = Pair.synchronised(configuration, world: world)
    converse(on: pair)
    return pair
}

func converse(on pair: Pair) {
    for (end, text) in conversationLines {
        pair.send(text, from: end)
        _ = pair.settle()
    }
}

let conversationLines: [(LinkEnd, String)] = [
    (.bridge, "t|2"), (.bridge, "t|1"), (.bridge, "t|0"), (.bridge, "t|5"), (.bridge, "t|9"),
    (.host, "s|cmd/in|1"), (.host, "p|out/a|hello|1|0"), (.bridge, "t|4"),
    (.bridge, "u|cmd/in|some payload|False"), (.host, "i"), (.bridge, "i|845000000"),
    (.host, "m"), (.bridge, "m|20000|17000"),
]
