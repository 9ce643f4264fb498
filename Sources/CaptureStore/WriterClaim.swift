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
