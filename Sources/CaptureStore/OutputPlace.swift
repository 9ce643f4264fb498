// Where a file is to be: checks before work begins, and the move to its place when it is done.

internal import Glibc

/// Operations on the paths of files that are written.
enum OutputPlace {
    /// Throws when a file cannot be written at `path`.
    static func check(_ path: String, replacing: Bool) throws(CaptureError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory(path: path) }
        guard replacing else { throw .fileExists(path: path) }
    }

    /// Creates an empty file for what shall finally be at `path`.
    static func create(_ file: String, for path: String) throws(CaptureError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .writing(path, doing: "creating \(file)", errno: errno) }
        close(descriptor)
    }

    /// Moves a complete file to its place, after its content has reached the disk.
    static func move(_ file: String, to path: String, replacing: Bool) throws(CaptureError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .writing(path, doing: "opening \(file)", errno: errno) }
        let synced = fsync(descriptor)
        let number = errno
        close(descriptor)
        guard synced == 0 else { throw .writing(path, doing: "writing \(file)", errno: number) }
        try check(path, replacing: replacing)
        guard rename(file, path) == 0 else {
            throw .writing(path, doing: "renaming \(file)", errno: errno)
        }
    }

    /// Removes a database and what SQLite keeps beside it, as far as they exist.
    static func removeDatabase(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
}
