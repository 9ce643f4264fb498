#if Sigrok
import CaptureStore
import Reporting
import Signals
import SigrokTransport

extension SigrokTap: RecordingSource {
    var channels: [CaptureChannel] {
        SigrokWiring.channels(plan.wires, levels: initialLevels)
    }

    /// Time 0 is the first sample.
    var start: Timestamp { .zero }

    /// The time between two samples: so much earlier an edge can have been.
    var resolution: Nanoseconds { clock.period }

    var notes: [JournalRecord] { [] }

    var origin: CaptureMetadata {
        var origin = CaptureMetadata()
        origin.source = "\(plan.device.words): \(SigrokWiring.words(plan.wires))"
        origin.instrument =
            "\(plan.device.words), \(SampleRateArgument.text(clock.rate)), libsigrok "
            + SigrokLibrary.version
        origin.clock = "samples"
        origin.resolution = clock.period
        origin.accuracy = "the analyzer's crystal, not calibrated"
        origin.extra = [StoredSampleRate.entry(clock.rate)]
        return origin
    }

    var remarks: [String] {
        var remarks = LowSampleRate.warning(of: clock.rate).map { [$0] } ?? []
        if lostEdges > 0 {
            remarks.append(
                "This program was too slow for the analyzer: "
                    + "\(CountText.counted(lostEdges, "edge")) lost, told as gaps of reason "
                    + "overflow; sample at a lower rate.")
        }
        if !isContinuous {
            remarks.append(
                "\(plan.device.words) records as much as its memory holds, and then ends.")
        }
        return remarks
    }

    /// Samples come whether somebody takes them or not.
    var canWait: Bool { plan.canWait }

    var isDemonstration: Bool { plan.device.driver == "demo" }
}
#endif
