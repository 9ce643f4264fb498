import ArgumentParser
import CaptureStore

/// A value change dump as what is recorded.
struct DumpOptions: ParsableArguments {
    @Option(help: "Record a dump (VCD) that is being written; - is standard input.")
    var vcd: String?

    @Option(help: "In a dump, a level stated again: gap (an edge before it is lost) or ignore.")
    var restated: ImportVerb.Restated = .gap

    @Option(
        help: """
            In a dump, levels x and z: error, or gap (that wire is unknown until it is known again).
            """)
    var unknown: ImportVerb.Unknown = .gap

    /// Opens the dump, which waits for its header and its first levels.
    func open(_ path: String, map: ChannelMap, deadline: RecordingDeadline) throws -> VCDReader {
        do {
            return try VCDReader(
                path: path, map: map, restated: restated == .gap ? .gap : .ignore,
                unknown: unknown == .gap ? .gap : .error, isLive: true,
                isEndRequested: { Interrupt.isRequested || deadline.isReached })
        } catch  where Interrupt.isRequested {
            throw Failure(.interrupted, "interrupted before the first levels: nothing is written")
        }
    }
}
