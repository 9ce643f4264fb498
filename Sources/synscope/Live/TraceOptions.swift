import ArgumentParser
import CaptureStore
import Decoding
import Glibc
import LinkRuntime
import Reporting

/// What a live end writes about itself.
struct TraceOptions: ParsableArguments {
    @Option(
        help: """
            Record every edge, byte, call and event of this end into a capture, which replays exactly. %n \
            in its name becomes the first number that is free.
            """)
    var trace: String?

    @Flag(help: "Replace the capture if it exists.")
    var force = false

    @Flag(name: [.short, .long], help: "Tell more on standard error: everything but timers.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Tell nothing on standard error but what goes wrong.")
    var quiet = false

    func validate() throws {
        if verbose, quiet { throw ValidationError("--verbose or --quiet, not both") }
    }

    /// How much of the journal is told.
    var detail: JournalEvent.Detail { quiet ? .none : verbose ? .all : .usual }

    /// The capture, if there is to be one.
    var plan: TracePlan? {
        trace.map {
            TracePlan(path: $0, replacing: force, toolVersion: "synscope \(Synscope.version)")
        }
    }

    /// Nothing that an end reads or drives may be written over, not even with --force; and whoever reads
    /// what is told may leave.
    func prepare(_ link: LiveOptions) throws {
        signal(SIGPIPE, SIG_IGN)
        if let trace { try OutputGuard.check(trace, isNone: link.inputs) }
    }

    /// Ends an end in good order, and says what became of its capture.
    ///
    /// - Parameter stop: ends it, and gives the number of edges that the capture lacks.
    func finish(path: String?, log: LiveLog, _ stop: () throws -> Int64) throws {
        let lost: Int64
        do {
            lost = try stop()
        } catch {
            throw Failure(
                .failed, "\(error)" + (path.map { "; what was recorded is in \($0)" } ?? ""))
        }
        guard let path else { return }
        log.note("Recorded: \(path). Next: synscope replay \(path)")
        if lost > 0 {
            log.note(
                "The disk was too slow: \(CountText.counted(lost, "edge")) lost, told as gaps of "
                    + "reason overflow.")
        }
    }
}
