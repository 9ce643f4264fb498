#if Sigrok
internal import CSigrok
public import Signals

/// The edges that a logic analyzer sees while it looks.
///
/// Time 0 is the first sample, which has the levels at the beginning. A session of libsigrok runs
/// on a thread of its own until the last copy of the tap has gone. ``read(into:)`` waits at most a
/// tenth of a second. Edges that nobody takes in time are counted and become gaps of reason
/// `overflow`, unless the device can be made to wait.
public struct SigrokTap: EdgeSource {
    /// What is recorded, and how.
    public let plan: SigrokTapPlan
    /// When the samples are taken.
    public let clock: SampleClock
    /// Whether the device goes on until it is stopped, and does not end with its memory.
    public let isContinuous: Bool
    /// The levels at time 0; wires without a channel are at rest.
    public var initialLevels: LevelSet { stream.initialLevels }
    /// The latest moment of which all is known.
    public var end: Timestamp { stream.end }
    /// Edges for which there was no room, each stretch of them a gap.
    public var lostEdges: Int64 { stream.lostEdges }
    private var stream: SampleStream

    /// So long a device can take to begin, beside some of its samples.
    private static let patienceSeconds: UInt64 = 5
    private static let patienceSamples: UInt64 = 4

    /// Opens the device, begins, and waits for the first sample.
    ///
    /// - Parameter isEndRequested: asked ten times a second meanwhile.
    public init(
        _ plan: SigrokTapPlan, isEndRequested: () -> Bool = { false }
    ) throws(SigrokError) {
        self.plan = plan
        let device = plan.device
        guard let clock = SampleClock(rate: plan.sampleRate) else {
            throw .unsupportedRate(
                plan.sampleRate, device: device.words, supported: "1 Hz to 1 GHz at most")
        }
        self.clock = clock
        let places = try device.channels.places(of: plan.wires, place: device.words)
        let (session, isContinuous) = try SigrokLibrary.withContext {
            context throws(SigrokError) in
            try Self.begin(plan, clock: clock, places: places, context: context)
        }
        self.isContinuous = isContinuous
        let patience = Self.patienceSeconds + Self.patienceSamples / clock.rate
        stream = try SampleStream(
            session, patience: .seconds(Int64(patience)),
            silence: .silent(device: device.words), isEndRequested: isEndRequested)
    }

    /// Replaces the content of `batch` by the next run of edges, or by nothing if there is none
    /// within a tenth of a second; false at the end.
    ///
    /// Throws ``SigrokError/deviceGone(device:hint:)`` when the device stops by itself, after all
    /// edges before that.
    public mutating func read(into batch: inout EdgeBatch) throws(SigrokError) -> Bool {
        try stream.read(into: &batch)
    }

    private static func begin(
        _ plan: SigrokTapPlan, clock: SampleClock, places: [SampleRun.Wire],
        context: OpaquePointer
    ) throws(SigrokError) -> (SigrokSession, isContinuous: Bool) {
        let setUp = try DeviceSetUp(opening: plan.device)
        var session: OpaquePointer?
        do throws(SigrokError) {
            try setUp.apply(plan.device.settings)
            try setUp.set(sampleRate: plan.sampleRate)
            try setUp.enableChannels(upTo: places.map(\.bit).max() ?? 0)
            let isContinuous = setUp.isContinuous
            if !isContinuous, let span = plan.span {
                let end = Timestamp(nanoseconds: max(0, span.count))
                setUp.set(samplesMax: clock.sample(at: end) + 1)
            }
            guard sr_session_new(context, &session) == 0, let session,
                sr_session_dev_add(session, plan.device.handle) == 0
            else {
                throw .library(
                    doing: "making a session of \(plan.device.words)",
                    problem: SigrokLibrary.takeWords())
            }
            let feed = SampleFeed(
                run: SampleRun(clock: clock, wires: places), canWait: plan.canWait)
            let endsByItself = !isContinuous
            let words = plan.device.words
            let handle = Closing(handle: plan.device.handle)
            let thread = try SigrokSession(
                session, feed: feed,
                ending: { feed, result in
                    if feed.isComplete { return nil }
                    let said = SigrokLibrary.takeWords()
                    if result != 0 {
                        return .library(
                            doing: "recording from \(words)",
                            problem: said.isEmpty ? String(cString: sr_strerror(result)) : said)
                    }
                    if endsByItself, feed.sampleCount > 0 { return nil }
                    return .deviceGone(device: words, hint: said)
                },
                close: { sr_dev_close(handle.handle) })
            return (thread, isContinuous)
        } catch {
            if let session { sr_session_destroy(session) }
            setUp.close()
            throw error
        }
    }

    /// A device on its way to the thread that closes it.
    private struct Closing: @unchecked Sendable {
        let handle: OpaquePointer
    }
}
#endif
