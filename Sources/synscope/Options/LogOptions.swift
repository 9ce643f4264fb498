import ArgumentParser
import Decoding
import Signals

/// An application's log, and how its clock belongs to the capture's.
struct LogOptions: ParsableArguments {
    @Option(
        help: """
            The application's own log: JSON, one object a line or one array of them, each with a \
            time `t` in seconds or `time_ns`; - is standard input.
            """)
    var log: String?

    @Option(
        parsing: .unconditional,
        help: """
            By how much the log's clock is ahead of the capture's, such as 0, -1.5 or 20ms; auto \
            finds it by the bridge's statuses, which are on the wires and in the log. (default: auto)
            """)
    var logOffset: LogOffset?

    func validate() throws {
        if logOffset != nil, log == nil { throw ValidationError("--log-offset wants a --log") }
    }

    /// The log, read; nil if there is none.
    func read() throws -> ApplicationLog? { try log.map { try ApplicationLogFile.read($0) } }
}

/// By how much a log's clock is ahead of a capture's.
enum LogOffset: ExpressibleByArgument {
    case auto
    case given(Nanoseconds)

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else if let time = TimeArgument(argument: argument) {
            self = .given(Nanoseconds(time.nanoseconds))
        } else {
            return nil
        }
    }
}
