import CaptureStore
import Decoding
import Replay
import Signals

/// Both passes of a link replay over a capture: the schedule, then the comparison.
struct LinkReplayPass {
    let capture: Capture
    let link: LinkOptions

    func results(for ends: [LinkEnd]) throws -> [LinkReplayResult] {
        var schedule = LinkSchedule()
        try CapturePass(capture: capture, title: "decoding")
            .decode(link.decoderConfiguration) { schedule.handle($0) }
        var replays = ends.map {
            LinkReplay(
                end: $0, schedule: schedule, characterSize: link.characterSize,
                start: capture.observationStart)
        }
        try CapturePass(capture: capture, title: "replaying").forEachBatch { batch in
            for index in replays.indices { replays[index].feed(batch) }
        }
        return replays.indices.map { replays[$0].finish(at: capture.end) }
    }
}
