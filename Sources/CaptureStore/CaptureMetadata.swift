// What a capture says about itself: keys and values in a fixed order, so that the same capture is
// always the same file. Nothing here is read off a clock or made up.

public import Signals

/// Where a capture comes from and how good its time stamps are.
public struct CaptureMetadata: Hashable, Sendable {
    /// What was recorded, in words: a file, a device, a simulation's seed.
    public var source: String?
    /// What made the time stamps.
    public var instrument: String?
    /// The clock of the time stamps, such as `CLOCK_MONOTONIC`.
    public var clock: String?
    /// The step of the time stamps; nil when unknown.
    public var resolution: Nanoseconds?
    /// How far the time stamps can be off, in words.
    public var accuracy: String?
    /// The program that wrote the capture, with its version.
    public var toolVersion: String?
    /// When the capture began, as its source wrote it; never parsed.
    public var startText: String?
    /// When the observation began, if not at time 0: what came before is unknown, and not idle.
    public var observationStart: Timestamp?
    /// Anything else worth knowing.
    public var notes: String?
    /// Whether the edges or records contain secrets.
    public var secrets: Secrets = .unknown
    /// Further keys and values, in the order in which they are stored.
    ///
    /// A key that is already stored for one of the properties above is refused by the writer.
    public var extra: [Entry] = []

    /// Whether a capture contains secrets.
    ///
    /// Raw values are stored in captures: never rename.
    public enum Secrets: String, Hashable, Sendable, CaseIterable {
        /// Nobody looked.
        case unknown
        /// Looked for and not found, in an `init` too.
        case none
        /// Looked for and not found; there was no `init`, which would hold them.
        case notSeen = "not-seen"
        /// Found: a password is readable in the edges.
        case present
        /// Found, and replaced by other characters of equal length.
        case scrubbed
    }

    /// A key and its value.
    public struct Entry: Hashable, Sendable {
        /// The key, unique in a capture.
        public var key: String
        /// The value.
        public var value: String

        /// A key and its value.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Metadata that says nothing yet.
    public init() {}
}

extension CaptureMetadata {
    /// Keys of the store itself, which are no metadata.
    enum StoreKey {
        static let end = "end_ns"
        static let edgeCount = "edges"
        static let finished = "finished"
        static let all = [end, edgeCount, finished]
    }

    /// Keys of the properties, in the order in which they are stored.
    static let propertyKeys = [
        "source", "instrument", "clock", "resolution_ns", "accuracy", "tool_version",
        "start_text", "start_ns", "notes", "secrets",
    ]

    /// Everything that is known, in the order in which it is stored.
    var entries: [Entry] {
        let values: [String?] = [
            source, instrument, clock, resolution.map { String($0.count) }, accuracy,
            toolVersion, startText, observationStart.map { String($0.nanoseconds) }, notes,
            secrets.rawValue,
        ]
        let known = zip(Self.propertyKeys, values).compactMap { key, value in
            value.map { Entry(key: key, value: $0) }
        }
        return known + extra
    }

    /// The first key in ``extra`` that is not free, or nil.
    var keyInUse: String? {
        var taken = Set(Self.propertyKeys + StoreKey.all)
        return extra.first { !taken.insert($0.key).inserted }?.key
    }

    /// The coarsest step of time stamps that makes sense: 18 minutes.
    static let resolutionMax = Nanoseconds(1 << 40)

    /// Throws when it cannot be stored.
    func check() throws(CaptureError) {
        if let key = keyInUse {
            throw .invalidInput("metadata key `\(key)` is already used; choose another")
        }
        if let resolution, resolution < .zero || resolution > Self.resolutionMax {
            throw .invalidInput("a resolution of \(resolution.count) ns makes no sense")
        }
        if let start = observationStart, start < .earliest || start > .latest {
            throw .invalidInput("the capture's start, \(start.nanoseconds) ns, is out of range")
        }
    }

    /// Metadata from stored entries.
    ///
    /// Values that a property cannot hold are kept as they are in
    /// ``extra``, so that nothing that a newer version wrote is lost.
    init(entries: [Entry]) {
        self.init()
        for entry in entries {
            switch entry.key {
            case "source": source = entry.value
            case "instrument": instrument = entry.value
            case "clock": clock = entry.value
            case "resolution_ns" where Int64(entry.value) != nil:
                resolution = Int64(entry.value).map { Nanoseconds($0) }
            case "accuracy": accuracy = entry.value
            case "tool_version": toolVersion = entry.value
            case "start_text": startText = entry.value
            case "start_ns" where Int64(entry.value).flatMap(Timestamp.init(stored:)) != nil:
                observationStart = Int64(entry.value).flatMap(Timestamp.init(stored:))
            case "notes": notes = entry.value
            case "secrets" where Secrets(rawValue: entry.value) != nil:
                secrets = Secrets(rawValue: entry.value) ?? .unknown
            case StoreKey.end, StoreKey.edgeCount, StoreKey.finished: break
            default: extra.append(entry)
            }
        }
    }
}
