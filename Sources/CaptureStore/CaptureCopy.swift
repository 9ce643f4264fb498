// A changed copy of a capture, which appears under its name only when it is complete.

internal import Glibc

/// A copy of a capture that is changed before it gets its name.
public enum CaptureCopy {
    /// Copies a complete capture, and changes the copy.
    ///
    /// - Parameters:
    ///   - capture: the capture; it stays as it is.
    ///   - output: where the copy shall be.
    ///   - replacing: whether a file that is there may be replaced.
    ///   - change: changes the copy; what it throws is thrown, and then there is no copy.
    public static func make(
        of capture: Capture, at output: String, replacing: Bool,
        changing change: (CaptureEditor) throws -> Void
    ) throws {
        try CaptureEditor.check(capture)
        let file = try OutputPlace.findDatabase(output, replacing: replacing)
        let partial = try OutputPlace.createPartial(for: file, path: output)
        close(partial.descriptor)
        do {
            try CaptureDatabase(path: capture.path, writable: false).copy(to: partial.path)
            let editor = try CaptureEditor(path: output, file: partial.path)
            try change(editor)
            try editor.commit()
            try OutputPlace.move(partial.path, to: output, replacing: replacing)
        } catch {
            OutputPlace.removeDatabase(partial.path)
            throw error
        }
    }
}
