// What a file looks like by its first bytes, so that "not a capture" can say what to do instead.

internal import Glibc

/// What a file that is no capture seems to be.
public enum FileKind: String, Hashable, Sendable {
    /// A value change dump.
    case valueChangeDump = "a VCD file"
    /// A session of sigrok, which is a zip archive.
    case zip = "a zip archive (sigrok's .sr is one)"
    /// Compressed by xz.
    case xz = "an xz archive"
    /// Compressed by gzip.
    case gzip = "a gzip archive"
    /// Compressed by zstd.
    case zstandard = "a zstd archive"
    /// A capture of ours, of whatever version.
    case capture = "a capture of synscope"
    /// An SQLite database of somebody else.
    case database = "an SQLite database of another application"
    /// Text of another kind.
    case text = "a text file"
    /// Anything else.
    case unknown = "a binary file of unknown kind"

    /// Looks at up to the first 512 bytes of a file.
    public init(firstBytes bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(512))
        func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
        if begins(Array("SQLite format 3\0".utf8)) {
            let identifier = bytes.dropFirst(68).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            self = identifier == CaptureSchema.applicationID ? .capture : .database
        } else if begins([0x50, 0x4b, 3, 4]) {
            self = .zip
        } else if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a]) {
            self = .xz
        } else if begins([0x1f, 0x8b]) {
            self = .gzip
        } else if begins([0x28, 0xb5, 0x2f, 0xfd]) {
            self = .zstandard
        } else {
            let dump = ["$date", "$version", "$timescale", "$scope", "$comment", "$var"]
            let text = bytes.drop { $0 <= 32 }
            if dump.contains(where: { text.starts(with: $0.utf8) }) {
                self = .valueChangeDump
            } else {
                let isBinary = bytes.contains { $0 < 9 || ($0 > 13 && $0 < 32) }
                self = isBinary ? .unknown : .text
            }
        }
    }

    /// Looks at a file; nil for one that cannot be read, and for a pipe, of which a look would take
    /// something away.
    public init?(ofFile path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { return nil }
        self.init(firstBytes: bytes.prefix(count))
    }

    /// What to know when such a file was to be imported, as the end of a sentence.
    var importAdvice: String {
        switch self {
        case .valueChangeDump, .zip, .xz, .gzip, .zstandard: advice
        case .capture: "; it needs no import: `synscope decode FILE`"
        case .database, .text, .unknown:
            "; a VCD file begins with words such as $date, $timescale or $scope"
        }
    }

    /// What can be done with such a file, as the end of a sentence; empty when nothing.
    var advice: String {
        switch self {
        case .valueChangeDump: "; import it with `synscope import FILE -o CAPTURE.syn`"
        case .zip:
            "; if sigrok wrote it, import it with `synscope import FILE.sr -o CAPTURE.syn`, as a file and "
                + "not through a pipe"
        case .xz: "; unpack it with `xz -dk FILE` first"
        case .gzip: "; unpack it with `gzip -dk FILE` first"
        case .zstandard: "; unpack it with `zstd -d FILE` first"
        case .capture, .database, .text, .unknown: "; a capture's name usually ends in .syn"
        }
    }
}
