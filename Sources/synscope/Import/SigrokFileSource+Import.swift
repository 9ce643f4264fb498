#if Sigrok
import CaptureStore
import Reporting
import Signals
import SigrokTransport

extension SigrokFile {
    /// Begins to read, after the wires are found.
    ///
    /// - Parameter stated: the sample rate by the user's word, for a file that does not say it.
    func source(map: ChannelMap, stated: SampleRateArgument?) throws -> SigrokFileSource {
        let wiring = try SigrokWiring(map, channels: channelNames, of: path)
        if let remark = wiring.remark { Console.note(remark) }
        let rate = try stated?.wholeHertz()
        if let rate, let own = sampleRate, own != rate {
            throw Failure(
                .failed,
                "--sample-rate \(SampleRateArgument.text(rate)): \(path) says that it was "
                    + "sampled at \(SampleRateArgument.text(own)); leave it out")
        }
        return try SigrokFileSource(
            self, wires: wiring.wires, sampleRate: rate,
            isEndRequested: { Interrupt.isRequested })
    }
}

extension SigrokFileSource: ImportSource {
    var channels: [CaptureChannel] {
        SigrokWiring.channels(wires, levels: initialLevels)
    }

    /// Time 0 is the first sample.
    var start: Timestamp { .zero }

    /// The time between two samples: so much earlier an edge can have been.
    var resolution: Nanoseconds { clock.period }

    var notes: [JournalRecord] { [] }

    var origin: CaptureMetadata {
        var origin = CaptureMetadata()
        origin.source = "sigrok session \(file.path.lastPathComponent)"
        origin.instrument =
            "logic analyzer at \(SampleRateArgument.text(clock.rate))"
            + (file.writer.map { ", libsigrok \($0)" } ?? "")
        origin.clock = "samples"
        origin.resolution = clock.period
        origin.extra = [StoredSampleRate.entry(clock.rate)]
        return origin
    }

    var remarks: [String] {
        let others = file.channelNames.filter { name in
            !wires.contains { $0.signal == name }
        }
        return (LowSampleRate.warning(of: clock.rate).map { [$0] } ?? [])
            + (others.isEmpty ? [] : ["ignored channels: \(others.joined(separator: ", "))"])
    }

    /// A file waits.
    var canWait: Bool { true }

    func resolution(stated: SampleRateArgument?) -> Nanoseconds { resolution }
}
#endif
