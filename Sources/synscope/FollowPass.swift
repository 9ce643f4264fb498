import CaptureStore
import Decoding
import Glibc
import LinkProtocol
import Reporting
import Signals

/// Decodes a capture while somebody records it, up to its end.
struct FollowPass {
    let capture: Capture
    let filter: ConversationFilter
    let format: ConversationFormat
    /// The secrets that are known already; nil to show everything.
    var secrets: SecretBook?

    /// A link that is silent for so long has said what it had to say.
    private static let silence = Duration.seconds(1)

    /// Prints what is there, and then what comes, as soon as it is on disk; returns what can be said
    /// of the capture's legibility.
    mutating func run(_ configuration: WireDecoder.Configuration) throws -> Legibility {
        var configuration = configuration
        configuration.observationStart = capture.observationStart
        var decoder = LinkDecoder(configuration: configuration)
        var legibility = Legibility(vocabulary: configuration.vocabulary)
        var source = HandshakeOrderedSource(try GrowingCapture(capture))
        var batch = EdgeBatch(levels: capture.initialLevels)
        var lastEdges = ContinuousClock.now
        while try source.read(into: &batch) {
            if batch.edges.isEmpty, batch.gap == nil {
                let isSilent = .now - lastEdges >= Self.silence
                guard isSilent, source.heldTime != nil, source.readRest(into: &batch) else {
                    try Console.flush()
                    continue
                }
            }
            lastEdges = .now
            legibility.take(batch)
            decoder.decode(batch)
            try print(decoder.takeEvents(), into: &legibility)
        }
        if !Interrupt.isRequested {
            decoder.finish(at: source.base.capture.end)
            try print(decoder.takeEvents(), into: &legibility)
        }
        try Console.flush()
        if source.base.isAbandoned {
            Console.note(
                "\(capture.path): nobody records it any more, and it was not completed: "
                    + "this is all there is")
        }
        return legibility
    }

    private mutating func print(
        _ events: [LinkEvent], into legibility: inout Legibility
    ) throws {
        for event in events {
            legibility.take(event)
            if var book = secrets {
                SecretSearch.learn(from: event, into: &book)
                secrets = book
            }
            try filter.print(
                .event(event), by: ConversationWriter(format: format, secrets: secrets))
        }
    }
}

/// The edges of a capture that is being recorded: where there are no more yet it waits, a tenth of a
/// second at a time, and hands out an empty run.
private struct GrowingCapture: EdgeSource {
    private(set) var capture: Capture
    /// Its recorder has died.
    private(set) var isAbandoned = false
    private var source: CaptureEdgeSource
    private let probe: WriterProbe
    /// Nothing comes any more but what is there.
    private var isLast = false

    private static let waitMicroseconds: UInt32 = 100_000

    init(_ capture: Capture) throws(CaptureError) {
        self.capture = capture
        source = try capture.edges()
        probe = try WriterProbe(capture.path)
    }

    mutating func read(into batch: inout EdgeBatch) throws(CaptureError) -> Bool {
        if Interrupt.isRequested { return false }
        if try source.read(into: &batch) { return true }
        if isLast {
            try capture.refresh()
            isAbandoned = !capture.isFinished
            return false
        }
        // What was written before its end is read after it is known to have come.
        isLast = capture.isFinished || !probe.hasWriter
        if !isLast {
            usleep(Self.waitMicroseconds)
            try capture.refresh()
        }
        batch.gap = nil
        batch.edges.removeAll(keepingCapacity: true)
        return true
    }
}
