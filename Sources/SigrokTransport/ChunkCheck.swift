#if Sigrok
internal import CZlib

/// Compares the bytes of a file's chunks, as they come, with the checksums that the archive has
/// of them.
///
/// libsigrok passes over a chunk that it cannot unpack without a word.
struct ChunkCheck {
    /// What an archive says of one of its members.
    struct Chunk: Hashable {
        var name: String
        var size: UInt64
        var checksum: UInt32
    }

    private let path: String
    private let chunks: [Chunk]
    private var index = 0
    private var taken: UInt64 = 0
    private var checksum = crc32(0, nil, 0)

    init(path: String, chunks: [Chunk]) {
        self.path = path
        self.chunks = chunks
        skipEmpty()
    }

    /// Whether all chunks have come.
    var isComplete: Bool { index == chunks.count }

    /// Takes the next bytes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(SigrokError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard index < chunks.count else {
                throw .malformedFile(path: path, problem: "it has more samples than it says")
            }
            let chunk = chunks[index]
            let count = min(rest.count, Int(clamping: chunk.size - taken))
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
            checksum = crc32_z(
                checksum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), part.count)
            taken += UInt64(count)
            rest = rest.dropFirst(count)
            guard taken == chunk.size else { continue }
            guard UInt32(truncatingIfNeeded: checksum) == chunk.checksum else {
                throw .malformedFile(
                    path: path, problem: "\(chunk.name) contradicts its checksum")
            }
            index += 1
            taken = 0
            checksum = crc32(0, nil, 0)
            skipEmpty()
        }
    }

    /// Throws if something is missing.
    func finish() throws(SigrokError) {
        guard index < chunks.count else { return }
        throw .malformedFile(
            path: path,
            problem: "\(chunks[index].name) cannot be unpacked beyond byte \(taken) of "
                + "\(chunks[index].size)")
    }

    private mutating func skipEmpty() {
        while index < chunks.count, chunks[index].size == 0 { index += 1 }
    }
}
#endif
