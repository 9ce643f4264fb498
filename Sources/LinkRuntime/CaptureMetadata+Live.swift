internal import CaptureStore
internal import Glibc
internal import Signals

extension CaptureMetadata {
    /// What a live end's capture says about itself.
    static func live(_ what: String, wires: String, trace: TracePlan?) -> CaptureMetadata {
        var metadata = CaptureMetadata()
        metadata.source = wires.isEmpty ? what : "\(what), on \(wires)"
        metadata.instrument = "synscope's own end: what it drove, and what it saw of the other"
        metadata.clock = "CLOCK_MONOTONIC"
        metadata.resolution = Nanoseconds(1)
        metadata.accuracy = "its own edges: before the write; the other's: when they were noticed"
        metadata.toolVersion = trace?.toolVersion
        metadata.startText = timeOfDay
        // The `init` crosses the wires in the clear.
        metadata.secrets = .present
        return metadata
    }

    /// The present time of day in UTC, as RFC 3339 has it.
    private static var timeOfDay: String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
