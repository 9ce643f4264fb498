#if Sigrok
import CaptureStore
import Reporting
import Signals
import SigrokTransport

/// A session file of sigrok, whose time 0 is the beginning of the stretch.
final class SigrokSink: ExportSink {
    private let writer: SigrokFileWriter
    private let file: PendingFile
    private let start: Timestamp
    private var gaps = 0

    /// For captures that were not sampled.
    private static let usualRate: UInt64 = 1_000_000

    init(
        _ stretch: ExportStretch, path: String, replacing: Bool, rate: SampleRateArgument?
    ) throws {
        let hertz =
            try rate?.wholeHertz() ?? StoredSampleRate.rate(of: stretch.metadata)
            ?? Self.usualRate
        guard let clock = SampleClock(rate: hertz) else {
            throw Failure(
                .failed,
                "--sample-rate \(SampleRateArgument.text(hertz)): times are whole nanoseconds, so "
                    + "1 GHz is the most")
        }
        // A change in the first sample would be none.
        let isTooEarly = stretch.firstEdge.map {
            clock.sample(at: Timestamp.zero + ($0 - stretch.start)) == 0
        }
        start = isTooEarly == true ? stretch.start - clock.period : stretch.start
        do {
            // Before anything is written.
            _ = try SigrokFileWriter.sampleCount(
                from: start, to: stretch.end, clock: clock)
            file = try PendingFile(path: path, replacing: replacing)
            writer = try SigrokFileWriter(
                path: file.partial,
                channels: stretch.channels.map { .init($0.channel, name: $0.name) },
                levels: stretch.levels, start: start, clock: clock,
                isEndRequested: { Interrupt.isRequested })
        } catch let error as SigrokError {
            throw Failure(error)
        }
    }

    func append(_ batch: EdgeBatch) throws {
        if batch.gap != nil { gaps += 1 }
        do {
            try writer.append(batch)
        } catch {
            throw Failure(error)
        }
    }

    func finish(at end: Timestamp) throws {
        do {
            try writer.finish(at: end)
        } catch {
            throw Failure(error)
        }
        try file.finish()
    }

    var remarks: [String] {
        var remarks = [
            "\(CountText.grouped(Int64(clamping: writer.sampleCount))) samples at "
                + SampleRateArgument.text(writer.clock.rate)
        ]
        if start != .zero {
            remarks.append(
                "A session begins at 0: that is \(TimeText.seconds(start.nanoseconds)) s of the "
                    + "capture.")
        }
        if writer.mergedEdges > 0 {
            remarks.append(
                "warning: not in the file: \(CountText.counted(writer.mergedEdges, "edge")) with "
                    + "another one of the same wire in the same sample; give a higher "
                    + "--sample-rate, or export a dump, which has every edge")
        }
        if gaps > 0 {
            remarks.append(
                "warning: \(CountText.counted(gaps, "gap")) not told, as samples cannot: the levels "
                    + "behind one follow those before it")
        }
        return remarks
    }
}
#endif
