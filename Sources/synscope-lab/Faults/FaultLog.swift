import Glibc

/// The log of what was lost and added: a JSON object a line.
///
/// What was done to an edge is in the file at once. Edges that passed, which are many, are written
/// when some have gathered.
final class FaultLog {
    private let descriptor: Int32?
    private let keepsUsual: Bool
    private var buffer: [UInt8] = []
    private static var bufferedBytesMax: Int { 1 << 16 }

    /// How many records there were of each kind.
    private(set) var counts: [FaultRecord.Kind: Int] = [:]

    /// - Parameters:
    ///   - path: the file, which is replaced; nil to count only.
    ///   - keepsUsual: whether edges that passed are written, too.
    init(path: String?, keepsUsual: Bool = false) throws(LabError) {
        self.keepsUsual = keepsUsual
        guard let path else {
            descriptor = nil
            return
        }
        descriptor = try system("cannot write the log \(path)") {
            open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        }
    }

    deinit {
        // An error has ended the work: what gathered is still worth having.
        try? flush()
        if let descriptor { close(descriptor) }
    }

    /// Counts a record, and writes it if it is wanted.
    func append(_ record: FaultRecord) throws(LabError) {
        counts[record.kind, default: 0] += 1
        guard descriptor != nil, keepsUsual || !record.kind.isUsual else { return }
        buffer.append(contentsOf: record.json.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if !record.kind.isUsual || buffer.count >= Self.bufferedBytesMax { try flush() }
    }

    /// Writes what has gathered.
    func flush() throws(LabError) {
        guard let descriptor else { return }
        var written = 0
        while written < buffer.count {
            written += try system("cannot write the log") {
                buffer[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// How many edges went each way, in words.
    var summary: String {
        let kinds: [(FaultRecord.Kind, String)] = [
            (.passed, "passed"), (.held, "held"), (.silent, "silent"), (.swallowed, "swallowed"),
            (.merged, "merged"), (.glitch, "movements added"),
        ]
        let told = kinds.compactMap { kind, word in counts[kind].map { "\($0) \(word)" } }
        return told.isEmpty ? "no edges" : told.joined(separator: ", ")
    }
}
