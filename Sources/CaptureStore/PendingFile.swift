// A file that somebody else writes by its name, and that still appears in its place all at once.

internal import Glibc

/// The place of a file that another library writes, which wants a name.
///
/// It gets the name of an empty file beside that place. What is not finished is removed.
public final class PendingFile {
    /// The path of the finished file.
    public let path: String
    /// The path under which it is written.
    public let partial: String
    private let replacing: Bool
    private var isFinished = false

    /// Finds a name, and creates an empty file of it.
    ///
    /// - Parameter replacing: whether a file that exists in its place may be replaced.
    public init(path: String, replacing: Bool) throws(CaptureError) {
        guard path != "-" else {
            throw .invalidInput("this format cannot go to standard output; name a file")
        }
        self.path = path
        self.replacing = replacing
        guard case .file(let file) = try OutputPlace.find(path, replacing: replacing) else {
            throw .invalidInput(
                "\(path) is a device or a pipe, where this format cannot go; name a file")
        }
        let created = try OutputPlace.createPartial(for: file, path: path)
        close(created.descriptor)
        partial = created.path
    }

    deinit {
        if !isFinished { unlink(partial) }
    }

    /// Moves the complete file to its place.
    public func finish() throws(CaptureError) {
        try OutputPlace.moveFile(partial, to: path, replacing: replacing)
        isFinished = true
    }
}
