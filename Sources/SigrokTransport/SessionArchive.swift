// A session file is a zip archive. libsigrok takes what it finds in one on trust, so the archive is
// looked at here first. Ref: PKWARE APPNOTE.TXT 6.3.

#if Sigrok
internal import CZlib
internal import Glibc

/// The list of members at the end of a zip archive.
struct SessionArchive {
    /// A member.
    struct Member: Hashable {
        var name: String
        /// 0 stored, 8 deflated.
        var method: UInt16
        var checksum: UInt32
        var packedSize: UInt64
        var size: UInt64
        fileprivate var headerOffset: UInt64
    }

    let path: String
    private(set) var members: [Member] = []
    private let file: ReadableFile

    /// More members than any session has.
    private static let membersMax: UInt64 = 1 << 20
    private static let listBytesMax: UInt64 = 256 << 20
    /// The end record with the longest comment.
    private static let endBytesMax: UInt64 = 22 + 65_535

    /// Reads the list, and throws when the archive could mislead whoever reads it.
    init(path: String) throws(SigrokError) {
        self.path = path
        file = try ReadableFile(path: path)
        let list = try findList()
        var bytes = Bytes(try file.read(at: list.offset, count: list.size))
        for _ in 0..<list.count { members.append(try readMember(&bytes)) }
        guard bytes.isAtEnd else { throw malformed("the list of its members has a rest") }
        for member in members { try check(member, listOffset: list.offset) }
        let names = members.map(\.name).sorted()
        if let twice = zip(names, names.dropFirst()).first(where: { $0 == $1 }) {
            throw malformed("it has two members \(twice.0.quoted)")
        }
    }

    /// The member of a name.
    func member(_ name: String) -> Member? { members.first { $0.name == name } }

    /// Unpacks a small member.
    func content(of member: Member, bytesMax: UInt64) throws(SigrokError) -> [UInt8] {
        guard member.size <= bytesMax, member.packedSize <= bytesMax * 2 else {
            throw malformed("\(member.name.quoted) has \(member.size) bytes, which is too much")
        }
        let packed = try file.read(at: try dataOffset(of: member), count: member.packedSize)
        let bytes = member.method == 0 ? packed : Self.inflate(packed, size: Int(member.size))
        guard let bytes, bytes.count == Int(member.size) else {
            throw malformed("\(member.name.quoted) cannot be unpacked")
        }
        let checksum = bytes.withUnsafeBytes {
            crc32_z(0, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count)
        }
        guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
            throw malformed("\(member.name.quoted) contradicts its checksum")
        }
        return bytes
    }

    // MARK: The list

    private func findList() throws(SigrokError) -> (
        offset: UInt64, size: UInt64, count: UInt64
    ) {
        let tailSize = min(file.size, Self.endBytesMax)
        let tail = try file.read(at: file.size - tailSize, count: tailSize)
        guard tail.starts(with: Self.memberMark) || file.size > tailSize else {
            throw .notAnArchive(path: path)
        }
        let places = stride(from: tail.count - 22, through: 0, by: -1)
        // The comment behind the record says how long it is itself.
        guard
            let place = places.first(where: { place in
                tail[place...].starts(with: Self.endMark)
                    && place + 22 + Int(tail[place + 20]) + Int(tail[place + 21]) << 8
                        == tail.count
            })
        else { throw malformed("the list of its members is missing, as the end of the file is") }
        let endOffset = file.size - tailSize + UInt64(place)
        var end = Bytes(Array(tail[(place + 4)...]))
        let (disk, listDisk) = (end.number(2), end.number(2))
        _ = end.number(2)
        var (count, size, offset) = (end.number(2), end.number(4), end.number(4))
        guard disk == 0, listDisk == 0 else { throw malformed("it is in several parts") }
        if count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff {
            (count, size, offset) = try longEnd(before: endOffset)
        }
        guard count <= Self.membersMax, size <= Self.listBytesMax, offset <= endOffset,
            size <= endOffset - offset
        else { throw malformed("the list of its members cannot be where it says") }
        return (offset, size, count)
    }

    /// The numbers for which the end record has no room.
    private func longEnd(
        before endOffset: UInt64
    ) throws(SigrokError) -> (UInt64, UInt64, UInt64) {
        guard endOffset >= 20 else { throw malformed("the end of its list is missing") }
        var locator = Bytes(try file.read(at: endOffset - 20, count: 20))
        guard locator.number(4) == 0x0706_4b50 else {
            throw malformed("the end of its list is missing")
        }
        _ = locator.number(4)
        let place = locator.number(8)
        guard place <= endOffset, endOffset - place >= 56 else {
            throw malformed("the end of its list cannot be where it says")
        }
        var end = Bytes(try file.read(at: place, count: 56))
        guard end.number(4) == 0x0606_4b50 else {
            throw malformed("the end of its list is missing")
        }
        end.skip(8 + 2 + 2 + 4 + 4 + 8)
        let (count, size, offset) = (end.number(8), end.number(8), end.number(8))
        return (count, size, offset)
    }

    private func readMember(_ bytes: inout Bytes) throws(SigrokError) -> Member {
        guard bytes.number(4) == 0x0201_4b50 else {
            throw malformed("the list of its members is damaged")
        }
        bytes.skip(4)
        let (flags, method) = (bytes.number(2), bytes.number(2))
        bytes.skip(4)
        let checksum = bytes.number(4)
        var (packedSize, size) = (bytes.number(4), bytes.number(4))
        let lengths = (bytes.number(2), bytes.number(2), bytes.number(2))
        bytes.skip(8)
        var offset = bytes.number(4)
        let name = bytes.take(Int(lengths.0))
        var extra = Bytes(bytes.take(Int(lengths.1)))
        bytes.skip(Int(lengths.2))
        guard !bytes.isOverrun else { throw malformed("the list of its members is damaged") }
        while !extra.isAtEnd, !extra.isOverrun {
            let (kind, length) = (extra.number(2), extra.number(2))
            var field = Bytes(extra.take(Int(length)))
            guard kind == 1 else { continue }
            if size == 0xffff_ffff { size = field.number(8) }
            if packedSize == 0xffff_ffff { packedSize = field.number(8) }
            if offset == 0xffff_ffff { offset = field.number(8) }
        }
        guard let text = String(validating: name, as: UTF8.self) else {
            throw malformed("the name of a member is no UTF-8")
        }
        guard flags & 1 == 0 else { throw malformed("\(text.quoted) is encrypted") }
        return Member(
            name: text, method: UInt16(truncatingIfNeeded: method),
            checksum: UInt32(truncatingIfNeeded: checksum), packedSize: packedSize, size: size,
            headerOffset: offset)
    }

    private func check(_ member: Member, listOffset: UInt64) throws(SigrokError) {
        guard member.method == 0 || member.method == 8 else {
            throw malformed(
                "\(member.name.quoted) is packed by method \(member.method), not by deflate")
        }
        guard member.headerOffset < listOffset,
            member.packedSize <= listOffset - member.headerOffset
        else { throw malformed("\(member.name.quoted) is longer than the file") }
        // No deflated byte makes more than 1,032 others.
        let (most, overflow) = member.packedSize.multipliedReportingOverflow(by: 1_040)
        guard
            member.method == 0
                ? member.size == member.packedSize
                : overflow || member.size <= most + 1_040
        else { throw malformed("\(member.name.quoted) cannot have \(member.size) bytes") }
        _ = try dataOffset(of: member)
    }

    private func dataOffset(of member: Member) throws(SigrokError) -> UInt64 {
        var header = Bytes(try file.read(at: member.headerOffset, count: 30))
        guard header.number(4) == 0x0403_4b50 else {
            throw malformed("\(member.name.quoted) is not where the list has it")
        }
        header.skip(22)
        let length = header.number(2) + header.number(2)
        guard !header.isOverrun, member.headerOffset + 30 + length <= file.size,
            member.packedSize <= file.size - member.headerOffset - 30 - length
        else { throw malformed("\(member.name.quoted) is longer than the file") }
        return member.headerOffset + 30 + length
    }

    private func malformed(_ problem: String) -> SigrokError {
        .malformedFile(path: path, problem: problem)
    }

    private static let memberMark: [UInt8] = [0x50, 0x4b, 3, 4]
    private static let endMark: [UInt8] = [0x50, 0x4b, 5, 6]

    private static func inflate(_ packed: [UInt8], size: Int) -> [UInt8]? {
        var stream = z_stream()
        let version = zlibVersion()
        guard
            inflateInit2_(
                &stream, -15, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        var packed = packed
        // One more, to see whether there is more than was said.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let result = packed.withUnsafeMutableBufferPointer { input in
            bytes.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END, Int(stream.total_out) == size else { return nil }
        bytes.removeLast()
        return bytes
    }
}

/// Little-endian numbers from bytes; behind the end all are 0.
private struct Bytes {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether more was asked for than there was.
    var isOverrun: Bool { place > bytes.count }
    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ count: Int) { place += count }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { place += count }
        guard place <= bytes.count, count <= bytes.count - place else { return [] }
        return Array(bytes[place..<place + count])
    }

    mutating func number(_ count: Int) -> UInt64 {
        take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// A file of which any part can be read.
private final class ReadableFile {
    let size: UInt64
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(SigrokError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .file(path: path, doing: "opening", errno: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .file(path: path, doing: "looking at it", errno: number)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .malformedFile(
                path: path, problem: "it is no file in which one can go back, as a session needs")
        }
        size = UInt64(status.st_size)
    }

    deinit { close(descriptor) }

    func read(at offset: UInt64, count: UInt64) throws(SigrokError) -> [UInt8] {
        guard offset <= size, count <= size - offset else {
            throw .malformedFile(path: path, problem: "it ends too early")
        }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        var done = 0
        while done < bytes.count {
            let got = bytes.withUnsafeMutableBytes { bytes in
                pread(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                    Int(offset) + done)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .file(path: path, doing: "reading", errno: errno) }
            guard got > 0 else {
                throw .malformedFile(path: path, problem: "it became shorter meanwhile")
            }
            done += got
        }
        return bytes
    }
}
#endif
