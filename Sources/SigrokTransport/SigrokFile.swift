#if Sigrok
internal import CSigrok

/// A session file of sigrok (`.sr`), looked at but not loaded.
///
/// libsigrok stops the program, or never stops itself, at some contents of such a file, so all on which
/// it relies is checked here before it gets the file.
public struct SigrokFile {
    /// The path of the file.
    public let path: String
    /// The version of libsigrok that wrote it, if it says.
    public let writer: String?
    /// Samples a second, in Hz; nil when the file does not say.
    public let sampleRate: UInt64?
    /// The names of the logic channels.
    public var channelNames: [String] { channels.map(\.name) }
    /// The number of samples.
    public let sampleCount: UInt64
    let channels: [SigrokChannel]
    let chunks: [ChunkCheck.Chunk]

    /// Only names of this length keep libsigrok from reading one chunk for ever.
    private static let captureFile = "logic-1"
    /// libsigrok has room for so many digits.
    private static let chunksMax = 999_999
    private static let metadataBytesMax: UInt64 = 1 << 20
    private static let channelsMax = 1024
    private static let unitSizeMax = 128
    /// More than a minute at 1 GHz on 16 channels.
    private static let bytesMax: UInt64 = 1 << 40

    /// Whether a file begins as a session does; it can be another zip archive.
    public static func isSession(firstBytes: some Collection<UInt8>) -> Bool {
        firstBytes.starts(with: [0x50, 0x4b, 3, 4])
    }

    /// Looks at a file.
    public init(path: String) throws(SigrokError) {
        self.path = path
        let archive = try SessionArchive(path: path)
        func malformed(_ problem: String) -> SigrokError {
            .malformedFile(path: path, problem: problem)
        }
        guard let version = archive.member("version"),
            let metadata = archive.member("metadata")
        else { throw malformed("it has no `version` and `metadata`, as sessions have") }
        let versionText = String(
            decoding: try archive.content(of: version, bytesMax: 64), as: UTF8.self)
        let digits = versionText.filter { !$0.isWhitespace }
        guard let number = Int(digits), (1...2).contains(number) else {
            throw malformed("its version is \(digits.quoted), and not 1 or 2")
        }
        let facts = try SessionMetadata(
            try archive.content(of: metadata, bytesMax: Self.metadataBytesMax), path: path)
        writer = facts.writer
        sampleRate = facts.sampleRate
        guard facts.captureFile == Self.captureFile else {
            throw malformed(
                facts.captureFile.map { "its samples are called \($0.quoted), not `logic-1`" }
                    ?? "it has no logic samples (analog ones say nothing of levels)")
        }
        guard let total = facts.channelCount, (1...Self.channelsMax).contains(total) else {
            throw malformed("its number of channels makes no sense (`total probes`)")
        }
        guard let unitSize = facts.unitSize, (1...Self.unitSizeMax).contains(unitSize),
            unitSize * 8 >= total
        else {
            throw malformed(
                "a sample of \(facts.unitSize.map(String.init) ?? "an unknown number of") bytes "
                    + "cannot hold \(total) channels (`unitsize`)")
        }
        if let rate = sampleRate, SampleClock(rate: rate) == nil {
            throw malformed("its sample rate is \(rate) Hz, which is not between 1 Hz and 1 GHz")
        }
        if let wrong = facts.channels.first(where: { !(1...total).contains($0.number) }) {
            throw malformed("its channel \(wrong.number) is none of its \(total)")
        }
        channels = facts.channels.sorted { $0.number < $1.number }
            .map { SigrokChannel(name: $0.name, index: $0.number - 1) }
        guard !channels.isEmpty else { throw malformed("it names no logic channel") }
        chunks = try Self.chunks(of: archive)
        for chunk in chunks where !chunk.size.isMultiple(of: UInt64(unitSize)) {
            throw malformed(
                "\(chunk.name.quoted) has \(chunk.size) bytes, which are no whole samples of "
                    + "\(unitSize) bytes")
        }
        var bytes: UInt64 = 0
        for chunk in chunks {
            guard chunk.size <= Self.bytesMax - bytes else {
                throw malformed("it claims more than \(Self.bytesMax) bytes of samples")
            }
            bytes += chunk.size
        }
        sampleCount = bytes / UInt64(unitSize)
        guard sampleCount > 0 else { throw malformed("it has no samples") }
    }

    /// The members with samples, in their order.
    private static func chunks(
        of archive: SessionArchive
    ) throws(SigrokError) -> [ChunkCheck.Chunk] {
        var found: [(number: Int, member: SessionArchive.Member)] = []
        for member in archive.members {
            if member.name == captureFile {
                found.append((0, member))
            } else if member.name.hasPrefix(captureFile + "-"),
                let number = Int(member.name.dropFirst(captureFile.utf8.count + 1)),
                member.name == "\(captureFile)-\(number)"
            {
                found.append((number, member))
            }
        }
        found.sort { $0.number < $1.number }
        let numbers = found.map(\.number)
        guard let first = numbers.first else {
            throw .malformedFile(path: archive.path, problem: "its samples are missing")
        }
        // Either one member, or a numbered series: libsigrok ends at the first that is not there.
        let wanted = first == 0 ? [0] : Array(1...max(1, min(numbers.count, chunksMax)))
        guard numbers == wanted else {
            throw .malformedFile(
                path: archive.path,
                problem: "the parts of its samples are not numbered from 1 without a hole")
        }
        return found.map {
            .init(name: $0.member.name, size: $0.member.size, checksum: $0.member.checksum)
        }
    }
}

/// What a session says of its samples.
private struct SessionMetadata {
    private(set) var writer: String?
    private(set) var captureFile: String?
    private(set) var sampleRate: UInt64?
    private(set) var unitSize: Int?
    private(set) var channelCount: Int?
    private(set) var channels: [(number: Int, name: String)] = []

    /// Reads it by the same functions of GLib as libsigrok.
    init(_ bytes: [UInt8], path: String) throws(SigrokError) {
        func malformed(_ problem: String) -> SigrokError {
            .malformedFile(path: path, problem: problem)
        }
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw malformed("its metadata is no UTF-8")
        }
        guard let file = g_key_file_new() else { throw malformed("no memory for its metadata") }
        defer { g_key_file_free(file) }
        let isLoaded = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                g_key_file_load_from_data(
                    file, bytes.baseAddress, UInt(bytes.count), G_KEY_FILE_NONE, nil)
            }
        }
        guard isLoaded != 0 else { throw malformed("its metadata is damaged") }
        let groups = Self.strings(g_key_file_get_groups(file, nil))
        let devices = groups.filter { $0.hasPrefix("device ") }
        guard devices.count == 1, let device = devices.first else {
            throw malformed("it holds \(devices.count) devices, and not one")
        }
        writer = Self.value(file, "global", "sigrok version")
        for key in Self.strings(g_key_file_get_keys(file, device, nil, nil)) {
            guard let value = Self.value(file, device, key) else {
                throw malformed("its \(key.quoted) cannot be read")
            }
            try take(key, value, malformed)
        }
    }

    private mutating func take(
        _ key: String, _ value: String, _ malformed: (String) -> SigrokError
    ) throws(SigrokError) {
        func count(_ digits: some StringProtocol) throws(SigrokError) -> Int {
            guard let number = Int(digits), (0...1_000_000).contains(number) else {
                throw malformed("its \(key.quoted) is \(value.quoted), and no sensible number")
            }
            return number
        }
        switch key {
        case "capturefile": captureFile = value
        case "samplerate":
            var rate: UInt64 = 0
            guard sr_parse_sizestring(value, &rate) == 0 else {
                throw malformed("its sample rate is \(value.quoted)")
            }
            sampleRate = rate == 0 ? nil : rate
        case "unitsize": unitSize = try count(value)
        case "total probes": channelCount = try count(value)
        case "total analog":
            guard try count(value) <= 1024 else {
                throw malformed("its number of analog channels makes no sense")
            }
        case _ where key.hasPrefix("probe"):
            let number = try count(key.dropFirst(5))
            guard !channels.contains(where: { $0.number == number }) else {
                throw malformed("its channel \(number) has two names")
            }
            channels.append((number, value))
        default: break
        }
    }

    private static func value(_ file: OpaquePointer, _ group: String, _ key: String) -> String? {
        guard let bytes = g_key_file_get_string(file, group, key, nil) else { return nil }
        defer { g_free(bytes) }
        return String(cString: bytes)
    }

    /// The strings of a list that ends with nil, which is freed.
    private static func strings(
        _ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> [String] {
        guard let list else { return [] }
        defer { g_strfreev(list) }
        var strings: [String] = []
        var place = 0
        while let string = list[place] {
            strings.append(String(cString: string))
            place += 1
        }
        return strings
    }
}
#endif
