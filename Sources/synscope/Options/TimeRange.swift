import CaptureStore
import Reporting
import Signals

/// A stretch of a capture as it was asked for. One in which nothing can be is a slip of the pen.
struct TimeRange {
    var from: TimeArgument?
    var to: TimeArgument?
    /// What is at its end does not belong to it.
    var excludesEnd = false

    /// Throws, with the times that the capture has, when the stretch holds none of them.
    func check(in capture: Capture) throws {
        let start = capture.observationStart
        if let from, let to {
            if to.timestamp < from.timestamp { throw failure("--to is before --from", capture) }
            if excludesEnd, to.timestamp == from.timestamp {
                throw failure("--from and --to leave nothing", capture)
            }
        }
        if let from, from.timestamp > capture.end {
            throw failure("--from is behind the end", capture)
        }
        if let to, excludesEnd ? to.timestamp <= start : to.timestamp < start {
            throw failure("--to is before the begin", capture)
        }
    }

    private func failure(_ what: String, _ capture: Capture) -> Failure {
        Failure(
            .failed,
            "\(what): \(capture.path) goes from "
                + "\(TimeText.seconds(capture.observationStart.nanoseconds)) to "
                + "\(TimeText.seconds(capture.end.nanoseconds)) s")
    }
}
