// The file that a capture is written to: where it is, and its transactions. What the rows mean is
// CaptureWriter's business.

internal import GRDB
internal import Glibc

/// A capture file under construction.
///
/// The first error of a change ends it: every later call throws the same error again.
final class WritableCapture {
    /// The path of the finished capture.
    let path: String
    let mode: CaptureWriter.Mode
    private let replacing: Bool
    private let database: CaptureDatabase
    private let databasePath: String
    private var state = State.open
    /// Whether changes wait for the next ``commit()``.
    private(set) var isInTransaction = false
    /// The size of the database after the last commit, in bytes; 0 before, and in `.whole` mode.
    private(set) var byteCount: Int64 = 0
    /// Where a live capture was created.
    private let place: FilePlace?
    /// Others can tell from it that a live capture is still being recorded.
    private var claim: WriterClaim?

    private enum State {
        case open
        case failed(CaptureError)
        case finished
    }

    /// Creates the file with its tables.
    init(
        creating path: String, metadata: CaptureMetadata, channels: [CaptureChannel],
        mode: CaptureWriter.Mode, replacing: Bool
    ) throws(CaptureError) {
        self.path = path
        self.mode = mode
        self.replacing = replacing
        let file = try OutputPlace.findDatabase(path, replacing: replacing)
        switch mode {
        case .whole:
            let partial = try OutputPlace.createPartial(for: file, path: path)
            Glibc.close(partial.descriptor)
            databasePath = partial.path
            place = nil
            claim = nil
        case .live:
            if replacing { OutputPlace.removeDatabase(file) }
            try OutputPlace.create(file, for: path)
            databasePath = file
            place = try FilePlace(file)
            claim = WriterClaim(file)
        }
        do throws(CaptureError) {
            database = try CaptureDatabase(path: path, file: databasePath, writable: true)
            try CaptureTables.create(
                in: database, channels: channels, metadata: metadata, mode: mode)
        } catch {
            OutputPlace.removeDatabase(databasePath)
            throw error
        }
    }

    deinit {
        if case .open = state { abandon() }
    }

    /// Throws the error that ended it, if one did.
    func checkOpen() throws(CaptureError) {
        switch state {
        case .open: return
        case .failed(let error): throw error
        case .finished: preconditionFailure("a finished capture takes nothing more")
        }
    }

    /// Runs a change inside the present transaction, beginning one if there is none.
    func change(_ doing: String, _ body: (Database) throws -> Void) throws(CaptureError) {
        let begins = !isInTransaction
        do throws(CaptureError) {
            try database.change(doing) { db in
                if begins { try db.execute(sql: "BEGIN IMMEDIATE") }
                try body(db)
            }
            isInTransaction = true
        } catch {
            fail(error)
            throw error
        }
    }

    /// Ends the present transaction, if there is one.
    func commit() throws(CaptureError) {
        guard isInTransaction else { return }
        do throws(CaptureError) {
            try database.change("committing") { db in
                try db.execute(sql: "COMMIT")
                isInTransaction = false
                guard mode == .live else { return }
                let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                byteCount = pages * Int64(CaptureSchema.pageSize)
            }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Looks whether a live capture is still in its place; if not, it ends where it is.
    func checkPlace() throws(CaptureError) {
        let error: CaptureError
        switch place?.find() {
        case .inPlace, nil: return
        case .deleted: error = .vanished(path: path, movedTo: nil)
        case .moved(let present):
            // The log may have been left behind: what it holds goes into the database itself.
            try? database.change("moving the log into the database") { db in
                try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            error = .vanished(path: path, movedTo: present ?? "an unknown place")
        }
        fail(error)
        throw error
    }

    /// Closes the database, all of whose changes are committed.
    func close() throws(CaptureError) {
        do throws(CaptureError) {
            if mode == .live {
                do throws(CaptureError) {
                    try database.change("closing the log") { db in
                        try db.execute(sql: "PRAGMA journal_mode = DELETE")
                    }
                } catch .busy {
                    // Somebody reads the capture: the log stays, empty, until it is next written.
                }
            }
            try database.close()
            claim = nil
        } catch {
            fail(error)
            throw error
        }
    }

    /// Has `check` read the closed file; what it throws is thrown, and then the file is gone.
    func check(_ check: (Capture) throws -> Void) throws {
        do {
            try check(try Capture(opening: databasePath))
        } catch {
            OutputPlace.removeDatabase(databasePath)
            state = .finished
            throw error
        }
    }

    /// Has `change` read the closed file, and change it with the editor that it asks for; what it
    /// throws is thrown, and then the file is gone.
    func edit(
        _ change: (Capture, () throws(CaptureError) -> CaptureEditor) throws -> Void
    ) throws {
        try check { capture in
            try change(capture) { () throws(CaptureError) in
                try CaptureEditor(path: path, file: databasePath)
            }
        }
    }

    /// Gives the closed file its name.
    func moveToItsPlace() throws(CaptureError) {
        do throws(CaptureError) {
            if mode == .whole {
                try OutputPlace.move(databasePath, to: path, replacing: replacing)
            }
            state = .finished
        } catch {
            fail(error)
            throw error
        }
    }

    private func fail(_ error: CaptureError) {
        abandon()
        state = .failed(error)
    }

    private func abandon() {
        // In live mode what is not yet committed would be lost with a killed process, too.
        if mode == .live {
            try? database.change("rolling back") { db in try? db.execute(sql: "ROLLBACK") }
        }
        try? database.close()
        claim = nil
        if mode == .whole { OutputPlace.removeDatabase(databasePath) }
    }
}
