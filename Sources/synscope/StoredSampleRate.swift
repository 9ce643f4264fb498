import CaptureStore
import Signals

/// The sample rate as a capture remembers it: its resolution is rounded to whole nanoseconds.
enum StoredSampleRate {
    private static let key = "sample_rate_hz"

    /// What a capture of samples says about itself.
    static func entry(_ rate: UInt64) -> CaptureMetadata.Entry {
        .init(key: key, value: String(rate))
    }

    /// The rate at which a capture was sampled, in Hz; nil for one that was not, or finer than 1 ns.
    static func rate(of metadata: CaptureMetadata) -> UInt64? {
        if let stored = metadata.extra.first(where: { $0.key == key }),
            let rate = UInt64(stored.value), rate > 0
        {
            return rate
        }
        guard let step = metadata.resolution, step.count > 1, second.isMultiple(of: step.count)
        else { return nil }
        return UInt64(second / step.count)
    }

    private static let second: Int64 = 1_000_000_000
}
