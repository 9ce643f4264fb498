import CaptureStore
import PinFileTransport
import Reporting
import Signals

extension PinFileTap: RecordingSource {
    var channels: [CaptureChannel] {
        WireNames.all.map {
            CaptureChannel(
                channel: $0.channel, name: $0.host.description,
                initialLevel: initialLevels[$0.channel])
        }
    }

    /// Time 0 is the first look.
    var start: Timestamp { .zero }

    /// The clock counts nanoseconds; how late a look is, is another matter.
    var resolution: Nanoseconds { Nanoseconds(1) }

    var notes: [JournalRecord] { [] }

    var origin: CaptureMetadata {
        var origin = CaptureMetadata()
        origin.source = "wires in shared memory: \(path)"
        origin.instrument = "looks at the memory, Linux \(ThisMachine.kernelRelease)"
        origin.clock = "CLOCK_MONOTONIC"
        origin.accuracy = "the time between two looks, some 50 ns, not calibrated"
        origin.startText = ThisMachine.timeOfDay
        // By it the times of another program on this machine can be compared.
        origin.extra = [.init(key: "clock_start_ns", value: String(clockStart))]
        return origin
    }

    var remarks: [String] {
        var remarks: [String] = []
        if interruptions > 0 {
            remarks.append(
                "\(CountText.counted(interruptions, "time")) the link moved while nobody looked, told as "
                    + "gaps of reason unwatched: a tap needs a processor of its own, beside those "
                    + "of both ends.")
        }
        if overflowEdges > 0 {
            remarks.append(
                "\(CountText.counted(overflowEdges, "edge")) found no room, told as gaps of reason "
                    + "overflow.")
        }
        return remarks
    }

    /// The ends do not know that somebody watches.
    var canWait: Bool { false }
}
