// Whether anybody still writes a capture: a lock that the system takes away when its holder dies.

internal import Glibc

/// A writer's claim on the capture that it records.
///
/// SQLite's own locks cannot tell a recorder from a reader, and belong to the process: closing any
/// descriptor of the file lets go of all of them. This one is of another kind (`flock`), which
/// belongs to its descriptor. It must be dropped after the database is closed.
final class WriterClaim {
    private let descriptor: Int32

    /// Claims a file; nil where the file system has no such locks, and then nobody can tell.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Who has claimed a file.
    struct Holder {
        /// Its process; nil where the system does not tell.
        var process: Int32?
    }

    /// Who has claimed a file; nil if nobody has, or that cannot be told.
    ///
    /// Not for a file that this process has open by SQLite, whose locks it would let go of.
    static func holder(of path: String) -> Holder? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return Holder() }
        return Holder(process: process(holding: status))
    }

    /// The process that holds a lock of this kind. Ref: proc_locks(5).
    private static func process(holding status: stat) -> Int32? {
        guard let file = fopen("/proc/locks", "re") else { return nil }
        defer { fclose(file) }
        // As makedev(3) of the C library packs them.
        let device = UInt64(status.st_dev)
        let (major, minor) = (
            device >> 8 & 0xfff | device >> 32 & ~0xfff, device & 0xff | device >> 12 & 0xffff_ff00
        )
        var line = [CChar](repeating: 0, count: lockLineBytesMax)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            // 1: FLOCK ADVISORY WRITE 4711 08:01:123456 0 EOF
            let words = text.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", let process = Int32(words[4]), process > 0
            else { continue }
            let place = words[5].split(separator: ":")
            guard place.count == 3, UInt64(place[0], radix: 16) == major,
                UInt64(place[1], radix: 16) == minor, UInt64(place[2]) == UInt64(status.st_ino)
            else { continue }
            return process
        }
        return nil
    }

    private static let lockLineBytesMax = 256
}

/// Asks whether a capture has a writer.
///
/// To be kept for as long as the capture is open in this process: its end would let go of the locks
/// that SQLite holds on the same file.
public final class WriterProbe {
    private let descriptor: Int32

    /// A probe of a capture that exists.
    public init(_ path: String) throws(CaptureError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .reading(path, doing: "opening it", errno: errno) }
    }

    deinit { close(descriptor) }

    /// Whether somebody is recording the capture; true also where that cannot be told.
    public var hasWriter: Bool {
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return true }
        flock(descriptor, LOCK_UN)
        return false
    }
}
