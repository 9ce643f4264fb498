internal import Glibc

extension PinPage {
    /// Makes a file of wires at rest.
    ///
    /// - Parameter replacing: take the place of a file of this name, unless somebody uses it as wires.
    ///   Whoever has that one open keeps it.
    public static func create(_ path: String, replacing: Bool = false) throws(PinFileError) {
        guard replacing, access(path, F_OK) == 0 else { return try write(path) }
        if let page = try? PinPage(opening: path, for: .reading) {
            for role in PinRole.allCases {
                if let holder = page.holder(of: role) {
                    throw .inUse(path: path, role, by: holder)
                }
            }
        }
        let temporary = "\(path).\(getpid()).partial"
        try write(temporary)
        guard rename(temporary, path) == 0 else {
            let reason = errno
            unlink(temporary)
            throw .system(path, doing: "replacing the file", reason: reason)
        }
    }

    private static func write(_ path: String) throws(PinFileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw creationFailure(path, reason: errno) }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: bytes)
        content[PinSignal.reset.rawValue] = 1
        content.replaceSubrange(magicOffset..<magicOffset + magic.count, with: magic)
        // All at once, so that nobody opens half of it.
        let count = content.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == bytes else {
            let reason = count < 0 ? errno : ENOSPC
            unlink(path)
            throw .system(path: path, doing: "writing the wires", errno: reason)
        }
    }

    /// A name in a folder that there is not is no hint to create the wires first.
    private static func creationFailure(_ path: String, reason: Int32) -> PinFileError {
        reason == ENOENT || reason == ENOTDIR
            ? .system(path: path, doing: "creating the wires", errno: reason)
            : .system(path, doing: "creating the wires", reason: reason)
    }
}
