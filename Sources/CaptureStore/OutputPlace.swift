// Where a file is to be: checks before work begins, and the move to its place when it is done.

internal import Glibc

/// What is at the place of a file that is to be written.
enum OutputPlace: Hashable {
    /// A file, or nothing yet; its path, with the symbolic links of the file itself resolved.
    case file(String)
    /// A device or a pipe, which takes bytes as they come and is never replaced.
    case stream

    /// Looks at `path`, and throws when no file can be written there.
    static func find(_ path: String, replacing: Bool) throws(CaptureError) -> OutputPlace {
        guard !path.isEmpty else { throw .invalidInput("the name of the output file is empty") }
        var status = stat()
        guard lstat(path, &status) == 0 else { return .file(path) }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard stat(path, &status) == 0 else {
                // A link to nothing yet: its file can be created, if somebody insists.
                guard errno == ENOENT else {
                    throw .writing(path, doing: "following the link", errno: errno)
                }
                guard replacing else { throw .fileExists(path: path) }
                return try find(destination(ofLink: path), replacing: replacing)
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw .isDirectory(path: path)
        case S_IFCHR, S_IFIFO: return .stream
        case S_IFREG:
            guard replacing else { throw .fileExists(path: path) }
            guard let resolved = realpath(path, nil) else {
                throw .writing(path, doing: "following the link", errno: errno)
            }
            defer { free(resolved) }
            return .file(String(cString: resolved))
        default:
            throw .invalidInput("\(path) is a socket or a disk; name a file")
        }
    }

    /// Looks at the place of a database, which cannot be a device or a pipe.
    static func findDatabase(_ path: String, replacing: Bool) throws(CaptureError) -> String {
        guard path != "-" else {
            throw .invalidInput("a capture cannot go to standard output; name a file")
        }
        guard case .file(let file) = try find(path, replacing: replacing) else {
            throw .invalidInput(
                "\(path) is a device or a pipe, where a capture cannot go; name a file")
        }
        if replacing, let holder = WriterClaim.holder(of: file) {
            throw .beingRecorded(path: path, process: holder.process)
        }
        // SQLite would take what a lost capture left for a part of the new one.
        if !replacing {
            for suffix in logSuffixes where access(file + suffix, F_OK) == 0 {
                throw .fileExists(path: file + suffix)
            }
        }
        return file
    }

    /// Creates an empty file, of a name that nobody uses, beside what shall finally be `file`.
    ///
    /// - Returns: its path, and the descriptor with which it is open for writing.
    static func createPartial(
        for file: String, path: String
    ) throws(CaptureError) -> (path: String, descriptor: Int32) {
        let scalars = file.unicodeScalars
        let nameStart = scalars.lastIndex(of: "/").map { scalars.index(after: $0) }
        let folder = file[..<(nameStart ?? file.startIndex)]
        var name = scalars[(nameStart ?? file.startIndex)...]
        while Substring(name).utf8.count > nameBytesMax { name.removeLast() }
        var number = 0
        while true {
            let counter = number == 0 ? "" : ".\(number)"
            let partial = "\(folder).\(Substring(name)).\(getpid())\(counter).partial"
            let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (partial, descriptor) }
            guard errno == EEXIST else {
                throw .writing(path, doing: "creating \(partial)", errno: errno)
            }
            number += 1
        }
    }

    /// Removes a file that ``createPartial(for:path:)`` made.
    static func discard(_ partial: (path: String, descriptor: Int32)) {
        close(partial.descriptor)
        unlink(partial.path)
    }

    /// Creates an empty file in its place.
    static func create(_ file: String, for path: String) throws(CaptureError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .writing(path, doing: "creating \(file)", errno: errno) }
        close(descriptor)
    }

    /// Moves a complete database to its place; with what it replaces go that one's logs.
    static func move(_ partial: String, to path: String, replacing: Bool) throws(CaptureError) {
        try sync(partial, for: path)
        let file = try findDatabase(path, replacing: replacing)
        if replacing { removeLogs(of: file) }
        try rename(partial, to: file, for: path)
    }

    /// Moves a complete file to its place.
    static func moveFile(_ partial: String, to path: String, replacing: Bool) throws(CaptureError) {
        try sync(partial, for: path)
        guard case .file(let file) = try find(path, replacing: replacing) else {
            throw .invalidInput("\(path) became a device or a pipe meanwhile; name a file")
        }
        try rename(partial, to: file, for: path)
    }

    private static func rename(
        _ partial: String, to file: String, for path: String
    ) throws(CaptureError) {
        guard Glibc.rename(partial, file) == 0 else {
            throw .writing(path, doing: "renaming \(partial)", errno: errno)
        }
    }

    /// Waits until a file's content has reached the disk.
    private static func sync(_ partial: String, for path: String) throws(CaptureError) {
        let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .writing(path, doing: "opening \(partial)", errno: errno)
        }
        var synced = fsync(descriptor)
        while synced != 0, errno == EINTR { synced = fsync(descriptor) }
        let number = errno
        close(descriptor)
        guard synced == 0 else {
            throw .writing(path, doing: "writing \(partial)", errno: number)
        }
    }

    /// Removes a database and what SQLite keeps beside it, as far as they exist.
    static func removeDatabase(_ path: String) {
        unlink(path)
        removeLogs(of: path)
    }

    /// Removes what SQLite keeps beside a database.
    static func removeLogs(of path: String) {
        for suffix in logSuffixes { unlink(path + suffix) }
    }

    private static let logSuffixes = ["-wal", "-shm", "-journal"]
    /// So much of a name that a file system takes it with what we and SQLite add.
    private static let nameBytesMax = 200

    private static func destination(ofLink path: String) throws(CaptureError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { throw .writing(path, doing: "following the link", errno: errno) }
        let destination = String(
            decoding: bytes[..<count].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard !destination.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
            return destination
        }
        return path[...slash] + destination
    }
}
