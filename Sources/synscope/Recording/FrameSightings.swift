import CaptureStore
import Decoding
import LinkProtocol
import Signals

/// What the frames of the last moments show of secrets, for files that begin in the past.
final class FrameSightings {
    /// The step of the source's time stamps.
    var resolution: Nanoseconds?
    /// A stretch of time that was asked for showed a secret.
    private(set) var holdsSecret = false
    private let span: Nanoseconds
    private var sightings: [Sighting] = []
    /// There were more than are kept: what is not among them may have been.
    private var forgottenEnd = Timestamp.earliest
    private var isLegible = true

    private struct Sighting {
        var start: Timestamp
        var end: Timestamp
        var secrets: CaptureMetadata.Secrets
    }

    private static let countMax = 1 << 16

    init(span: Nanoseconds) { self.span = span }

    func take(_ event: LinkEvent, isLegible: Bool) {
        self.isLegible = isLegible
        guard case .message(let message) = event,
            let secrets = SecretSearch.finding(in: event, isLegible: true)
        else { return }
        let frame = message.frame
        sightings.append(Sighting(start: frame.start, end: frame.end, secrets: secrets))
        guard sightings.count > Self.countMax else { return }
        sightings.removeFirst(Self.countMax / 2)
        forgottenEnd = sightings.first?.start ?? frame.end
    }

    /// What is known of a stretch of time, which is not before those asked for earlier.
    func facts(from start: Timestamp, through end: Timestamp) -> RecordingFacts {
        let old = start - span
        if let first = sightings.first, first.end < old {
            sightings.removeAll { $0.end < old }
        }
        var facts = RecordingFacts(resolution: resolution)
        for sighting in sightings where sighting.end >= start && sighting.start <= end {
            // A part of a frame can hold a part of a password, and cannot vouch for anything.
            let isWhole = sighting.start >= start && sighting.end <= end
            if sighting.secrets == .present || isWhole && isLegible {
                facts.learn(RecordingFacts(secrets: sighting.secrets))
            }
        }
        if forgottenEnd >= start, facts.secrets != .present { facts.secrets = nil }
        if facts.secrets == .present { holdsSecret = true }
        return facts
    }
}
