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
    private(set) var legibility: Legibility

    init(vocabulary: Vocabulary) { legibility = Legibility(vocabulary: vocabulary) }

    mutating func take(_ batch: EdgeBatch) { legibility.take(batch) }

    mutating func take(_ event: LinkEvent) {
        legibility.take(event)
        switch event {
        case .message:
            frames += 1
            holdsSecret = holdsSecret || SecretSearch.holdsSecret(event)
        case .reset: resets += 1
        case .gap: gaps += 1
        default: break
        }
    }

    /// Whether the capture holds secrets; of one that is not legible nobody can know.
    var secrets: CaptureMetadata.Secrets {
        if holdsSecret { return .present }
        if frames == 0 || legibility.problem != nil { return .unknown }
        return legibility.hasInitialise ? .none : .notSeen
    }

    func text(edges: Int64, duration: Nanoseconds) -> String {
        let parts = [
            CountText.counted(edges, "edge"),
            "\(TimeText.seconds(duration.count, digits: 2)) s",
            CountText.counted(resets, "session"), CountText.counted(frames, "frame"),
            gaps == 0 ? "no gap" : CountText.counted(gaps, "gap"),
        ]
        return parts.joined(separator: ", ")
    }
}
