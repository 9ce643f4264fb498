#if GPIO
import CaptureStore
import GPIOTransport
import Reporting
import Signals

extension GPIOTap: RecordingSource {
    var channels: [CaptureChannel] {
        plan.wires.map {
            CaptureChannel(
                channel: $0.channel,
                name: WireNames.all[Int($0.channel.index)].host.description,
                initialLevel: initialLevels[$0.channel])
        }
    }

    /// Time 0 is when the lines were first known.
    var start: Timestamp { .zero }

    /// The kernel counts nanoseconds; how late it is, is another matter.
    var resolution: Nanoseconds { Nanoseconds(1) }

    var notes: [JournalRecord] { [] }

    var origin: CaptureMetadata {
        var origin = CaptureMetadata()
        let lines = plan.wires.map { wire in
            "\(WireNames.all[Int(wire.channel.index)].host)=\(wire.offset)"
                + (wire.isActiveLow ? " (active low)" : "")
        }
        origin.source =
            "GPIO lines of \(plan.chip.name) (\(plan.chip.label)): "
            + lines.joined(separator: ", ")
        origin.instrument = "libgpiod \(GPIOLibrary.version), Linux \(ThisMachine.kernelRelease)"
        origin.clock = "CLOCK_MONOTONIC"
        origin.accuracy = "the kernel's interrupt latency, not calibrated"
        origin.startText = ThisMachine.timeOfDay
        // By it the times of another program on this machine can be compared.
        origin.extra = [.init(key: "clock_start_ns", value: String(clockStart))]
        return origin
    }

    var remarks: [String] {
        var remarks: [String] = []
        if lostEvents > 0 {
            remarks.append(
                "The kernel dropped \(CountText.counted(lostEvents, "edge")) for which nobody "
                    + "came in time, told as gaps of reason sequence.")
        }
        if overflowEdges > 0 {
            remarks.append(
                "\(CountText.counted(overflowEdges, "edge")) found no room, told as gaps of reason "
                    + "overflow.")
        }
        if lateEvents > 0 {
            remarks.append(
                "\(CountText.counted(lateEvents, "edge")) came so late that the order among "
                    + "wires there is not certain.")
        }
        return remarks
    }

    /// The kernel keeps a few events, and drops others when nobody reads them.
    var canWait: Bool { false }
}
#endif
