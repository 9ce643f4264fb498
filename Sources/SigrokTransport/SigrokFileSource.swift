#if Sigrok
internal import CSigrok
public import Signals

/// The edges of a session file of sigrok.
///
/// The first sample has the levels at time 0. Reading waits; nothing is lost.
public struct SigrokFileSource: EdgeSource {
    /// What is read.
    public let file: SigrokFile
    /// Which of its channels are which wires.
    public let wires: [SigrokWire]
    /// When its samples were taken.
    public let clock: SampleClock
    /// The levels at time 0.
    public var initialLevels: LevelSet { stream.initialLevels }
    /// The latest moment of which all is known; in the end the time behind the last sample.
    public var end: Timestamp { stream.end }
    /// The number of edges read so far.
    public private(set) var edgeCount: Int64 = 0
    /// How much of the file has been read, from 0 to 1.
    public var share: Double? {
        Double(clock.sample(at: end)) / Double(max(1, file.sampleCount))
    }

    private var stream: SampleStream

    /// The disk may be slow.
    private static let patience = Duration.seconds(60)

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - sampleRate: in Hz, for a file that does not say it, or says it wrongly; 1 Hz to 1 GHz.
    ///   - isEndRequested: asked ten times a second until the first sample is there.
    public init(
        _ file: SigrokFile, wires: [SigrokWire], sampleRate: UInt64? = nil,
        isEndRequested: () -> Bool = { false }
    ) throws(SigrokError) {
        guard let clock = (sampleRate ?? file.sampleRate).flatMap(SampleClock.init(rate:))
        else { throw .noSampleRate(place: file.path) }
        self.file = file
        self.wires = wires
        self.clock = clock
        let places = try file.channels.places(of: wires, place: file.path)
        let feed = SampleFeed(
            run: SampleRun(clock: clock, wires: places), canWait: true,
            check: ChunkCheck(path: file.path, chunks: file.chunks))
        let path = file.path
        let session = try SigrokLibrary.withContext { context throws(SigrokError) in
            _ = SigrokLibrary.takeWords()
            var session: OpaquePointer?
            let result = sr_session_load(context, path, &session)
            guard result == 0, let session else {
                throw .malformedFile(path: path, problem: SigrokLibrary.problem(result))
            }
            return try SigrokSession(
                session, feed: feed,
                ending: { feed, result in
                    if feed.isComplete { return nil }
                    return result == 0
                        ? nil
                        : .malformedFile(path: path, problem: SigrokLibrary.problem(result))
                }, close: {})
        }
        stream = try SampleStream(
            session, patience: Self.patience,
            silence: .malformedFile(path: file.path, problem: "it gives no samples"),
            isEndRequested: isEndRequested)
    }

    /// Replaces the content of `batch` by the next run of edges; false at the end.
    ///
    /// Throws when the file contradicts itself, after what precedes that.
    public mutating func read(into batch: inout EdgeBatch) throws(SigrokError) -> Bool {
        guard try stream.read(into: &batch) else { return false }
        edgeCount += Int64(batch.edges.count)
        return true
    }
}
#endif
