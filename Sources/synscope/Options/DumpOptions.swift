import ArgumentParser
import CaptureStore

/// A value change dump as what is recorded.
struct DumpOptions: ParsableArguments {
    @Option(help: "Record a dump (VCD) that is being written; - is standard input.")
    var vcd: String?

    @OptionGroup var reading: DumpReadingOptions

    func validate() throws {
        guard vcd == nil, let option = reading.used.first else { return }
        throw ValidationError("\(option) is for --vcd")
    }

    /// Opens the dump, which waits for its header and its first levels.
    func open(_ path: String, map: ChannelMap, deadline: RecordingDeadline) throws -> VCDReader {
        try reading.open(
            path, map: map, unknown: .gap, isLive: true,
            isEndRequested: { Interrupt.isRequested || deadline.isReached })
    }
}
