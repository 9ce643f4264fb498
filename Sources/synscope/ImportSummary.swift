import CaptureStore
import Decoding
import Reporting
import Signals

/// What was seen while a capture was made, for one line at its end.
struct ImportSummary {
    private(set) var frames = 0
    private(set) var resets = 0
    private(set) var gaps = 0
    private(set) var holdsSecret = false

    mutating func take(_ event: LinkEvent) {
        switch event {
        case .message:
            frames += 1
            holdsSecret = holdsSecret || SecretSearch.holdsSecret(event)
        case .reset: resets += 1
        case .gap: gaps += 1
        default: break
        }
    }

    /// Whether the capture holds secrets; without a frame nobody can know.
    var secrets: CaptureMetadata.Secrets {
        if frames == 0 { return .unknown }
        return holdsSecret ? .present : .none
    }

    func text(edges: Int64, end: Timestamp) -> String {
        let parts = [
            "\(CountText.grouped(edges)) edges",
            "\(TimeText.seconds(end.nanoseconds, digits: 2)) s",
            CountText.counted(resets, "session"), CountText.counted(frames, "frame"),
            gaps == 0 ? "no gap" : CountText.counted(gaps, "gap"),
        ]
        return parts.joined(separator: ", ")
    }
}
