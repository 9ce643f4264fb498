import ArgumentParser
import CaptureStore

/// How a value change dump is read.
struct DumpReadingOptions: ParsableArguments {
    @Option(
        help: """
            In a dump, a level stated again: gap (an edge before it is lost) or ignore. \
            (default: gap)
            """)
    var restated: Restated?

    @Option(
        help: """
            In a dump, levels x and z: error, or gap (that wire is unknown until it is known again). \
            (default: error for import, gap for record)
            """)
    var unknown: Unknown?

    enum Restated: String, ExpressibleByArgument, CaseIterable { case gap, ignore }
    enum Unknown: String, ExpressibleByArgument, CaseIterable { case error, gap }

    /// The options that were given.
    var used: [String] {
        [("--restated", restated != nil), ("--unknown", unknown != nil)]
            .compactMap { $0.1 ? $0.0 : nil }
    }

    /// Opens a dump, which waits for its header and its first levels.
    ///
    /// - Parameter standard: what is done with unknown levels if nobody says it.
    func open(
        _ path: String, map: ChannelMap, unknown standard: Unknown, isLive: Bool = false,
        isEndRequested: @escaping () -> Bool = { Interrupt.isRequested }
    ) throws -> VCDReader {
        let restatedLevels: RestatedLevels = restated == .ignore ? .ignore : .gap
        let unknownLevels: UnknownLevels = (unknown ?? standard) == .gap ? .gap : .error
        do throws(CaptureError) {
            return try VCDReader(
                path: path, map: map, restated: restatedLevels, unknown: unknownLevels,
                isLive: isLive, isEndRequested: isEndRequested)
        } catch {
            guard Interrupt.isRequested else { throw error }
            throw Failure(.interrupted, "interrupted before the first levels: nothing is written")
        }
    }
}
