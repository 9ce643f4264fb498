// Edges out to a value change dump that other programs can read.

internal import Glibc
public import Signals

/// Writes a value change dump (IEEE 1364-2005 §18.2) in nanoseconds.
///
/// One token group per line, initial levels in `$dumpvars`, wires of one bit. A gap becomes `x` on
/// the channels that it affects, with a comment. Edges and gaps of channels that the file does not
/// have are left out. The file appears under its name when finished; a writer that is dropped before
/// leaves nothing behind. `-` is standard output.
public final class VCDWriter {
    /// The path of the finished file.
    public let path: String
    /// The number of edges written so far.
    public internal(set) var edgeCount: Int64 = 0

    let output: OutputFile
    let channels: [CaptureChannel]
    /// The identifier of each channel; 0 for channels that the file does not have.
    let identifiers: [UInt8]
    var levels: LevelSet
    /// The last time written.
    var time: Timestamp

    /// Creates a file and writes its header.
    ///
    /// - Parameters:
    ///   - initialLevels: the levels before the first edge; nil for those of the channels.
    ///   - start: the start of the observation, the file's first time; a negative one, which the
    ///     format cannot say, becomes 0.
    public init(
        path: String, channels: [CaptureChannel] = CaptureChannel.wires(),
        initialLevels: LevelSet? = nil, start: Timestamp = .zero,
        metadata: CaptureMetadata = CaptureMetadata(), replacing: Bool = false
    ) throws(CaptureError) {
        self.path = path
        time = max(start, .zero)
        self.channels = channels.sorted { $0.channel.index < $1.channel.index }
        levels = initialLevels ?? channels.initialLevels
        var identifiers = [UInt8](repeating: 0, count: Channel.countMax)
        for (place, channel) in self.channels.enumerated() {
            identifiers[Int(channel.channel.index)] = UInt8(ascii: "!") + UInt8(place)
        }
        self.identifiers = identifiers
        output = try OutputFile(path: path, replacing: replacing)
        try writeHeader(metadata)
    }

    private func writeHeader(_ metadata: CaptureMetadata) throws(CaptureError) {
        var text = "$date \(plain(metadata.startText ?? "unknown")) $end\n"
        text += "$version \(plain(metadata.toolVersion ?? "synscope")) $end\n"
        if let source = metadata.source { text += "$comment source: \(plain(source)) $end\n" }
        text += "$timescale 1 ns $end\n$scope module synlink $end\n"
        for channel in channels {
            let identifier = UnicodeScalar(identifiers[Int(channel.channel.index)])
            text += "$var wire 1 \(identifier) \(plain(channel.name, keepsSpaces: false)) $end\n"
        }
        text += "$upscope $end\n$enddefinitions $end\n#\(time.nanoseconds)\n$dumpvars\n"
        for channel in channels {
            let identifier = UnicodeScalar(identifiers[Int(channel.channel.index)])
            text += "\(levels[channel.channel].rawValue)\(identifier)\n"
        }
        text += "$end\n"
        try output.write(text.utf8)
    }

    /// Text that stays inside its section and line: printable ASCII without `$`.
    private func plain(_ text: String, keepsSpaces: Bool = true) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            if scalar == " " { return keepsSpaces ? " " : "_" }
            return scalar.value > 32 && scalar.value < 127 && scalar != "$" ? scalar : "?"
        }
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: scalars)
        return plain.isEmpty ? "-" : String(plain)
    }
}
