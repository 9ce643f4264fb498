// SQLite's write-ahead log: what was committed while recording and not yet moved into the file.
// Ref: https://www.sqlite.org/fileformat2.html#the_write_ahead_log

internal import Glibc

/// The committed pages of a write-ahead log.
final class WriteAheadLog {
    /// The largest number of pages that a commit gave the database.
    let pageCountMax: Int

    private let descriptor: Int32
    private let pageSize: Int
    /// Where in the log the newest committed state of a page is.
    private let offsets: [Int: Int]

    private static let headerLength = 32
    private static let frameHeaderLength = 24

    /// Opens a log; nil when there is none, or none that fits.
    init?(path: String, pageSize: Int) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.pageSize = pageSize
        guard descriptor >= 0 else { return nil }
        (offsets, pageCountMax) = Self.scan(descriptor, pageSize: pageSize)
        if offsets.isEmpty {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Replaces the content of `bytes` by a page; false when the log does not have it.
    func read(_ page: Int, into bytes: inout [UInt8]) -> Bool {
        guard let offset = offsets[page] else { return false }
        return Self.read(descriptor, offset, into: &bytes)
    }

    private static func read(_ descriptor: Int32, _ offset: Int, into bytes: inout [UInt8]) -> Bool
    {
        bytes.withUnsafeMutableBytes { bytes in
            pread(descriptor, bytes.baseAddress, bytes.count, offset) == bytes.count
        }
    }

    /// Goes through the frames as far as their checksums hold.
    private static func scan(
        _ descriptor: Int32, pageSize: Int
    ) -> (offsets: [Int: Int], pageCountMax: Int) {
        var header = [UInt8](repeating: 0, count: headerLength)
        guard read(descriptor, 0, into: &header), word(header, 0) & ~1 == 0x377f_0682,
            Int(word(header, 8)) == pageSize
        else { return ([:], 0) }
        var sum = Checksum(isBigEndian: header[3] & 1 == 1)
        sum.add(header[..<24])
        guard sum.first == word(header, 24), sum.second == word(header, 28) else { return ([:], 0) }

        var committed: [Int: Int] = [:]
        var pageCountMax = 0
        var open: [(page: Int, offset: Int)] = []
        var frame = [UInt8](repeating: 0, count: frameHeaderLength + pageSize)
        var offset = headerLength
        while read(descriptor, offset, into: &frame) {
            sum.add(frame[..<8])
            sum.add(frame[frameHeaderLength...])
            guard frame[8..<16].elementsEqual(header[16..<24]), sum.first == word(frame, 16),
                sum.second == word(frame, 20)
            else { break }
            open.append((Int(word(frame, 0)), offset + frameHeaderLength))
            let pageCount = Int(word(frame, 4))
            if pageCount > 0 {
                // The last frame of a transaction.
                for change in open { committed[change.page] = change.offset }
                open.removeAll(keepingCapacity: true)
                pageCountMax = max(pageCountMax, pageCount)
            }
            offset += frame.count
        }
        return (committed, pageCountMax)
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The running sum over all frames.
    private struct Checksum {
        let isBigEndian: Bool
        var first: UInt32 = 0
        var second: UInt32 = 0

        mutating func add(_ bytes: ArraySlice<UInt8>) {
            var place = bytes.startIndex
            while place + 8 <= bytes.endIndex {
                first &+= number(bytes, place) &+ second
                second &+= number(bytes, place + 4) &+ first
                place += 8
            }
        }

        private func number(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt32 {
            var number: UInt32 = 0
            for index in 0..<4 { number = number << 8 | UInt32(bytes[place + index]) }
            return isBigEndian ? number : number.byteSwapped
        }
    }
}
