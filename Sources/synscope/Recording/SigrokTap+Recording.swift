#if Sigrok
    import CaptureStore
    import Reporting
    import Signals
    import SigrokTransport

    extension SigrokTap: RecordingSource {
        var channels: [CaptureChannel] {
            wires.map {
                CaptureChannel(
                    channel: $0.channel,
                    name: WireNames.all[Int($0.channel.index)].host.description,
                    initialLevel: initialLevels[$0.channel])
            }
        }

        /// Time 0 is the first sample.
        var start: Timestamp { .zero }

        /// The time between two samples: so much earlier an edge can have been.
        var resolution: Nanoseconds { clock.period }

        var notes: [JournalRecord] { [] }

        var origin: CaptureMetadata {
            var origin = CaptureMetadata()
            let names = wires.map { "\(WireNames.all[Int($0.channel.index)].host)=\($0.name)" }
            origin.source = "\(deviceTitle): \(names.joined(separator: ", "))"
            origin.instrument =
                "\(deviceTitle), \(SampleRateArgument.text(clock.rate)), libsigrok "
                + SigrokLibrary.version
            origin.clock = "samples"
            origin.resolution = clock.period
            origin.accuracy = "the analyzer's crystal, not calibrated"
            return origin
        }

        var remarks: [String] {
            let rate = SampleRateArgument.text(clock.rate)
            return switch clock.rate {
            case ..<Self.tooLow:
                [
                    "warning: \(rate) is too low for this link, whose clocks toggle every 300 us or "
                        + "faster: edges were missed. Sample at 100 kHz or more."
                ]
            case ..<Self.low:
                [
                    "warning: at \(rate) data and clock often share a sample, and a faster link than "
                        + "that of boards loses edges. Sample at 100 kHz or more."
                ]
            default: []
            }
        }

        /// Boards toggle each clock every 600 us, and data 50 us before that.
        private static var tooLow: UInt64 { 20_000 }
        private static var low: UInt64 { 100_000 }

        /// Samples come whether somebody takes them or not.
        var canWait: Bool { false }
    }
#endif
