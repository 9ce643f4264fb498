// A capture file as a database connection: how it is opened, and how every error of SQLite becomes
// one of ours. Nothing outside this file handles a `DatabaseError`.

internal import Foundation
internal import GRDB
internal import Glibc

/// One connection to a capture file.
struct CaptureDatabase: Sendable {
    /// The path that errors name: of what the user asked for, not of a file beside it.
    let path: String
    private let queue: DatabaseQueue

    /// Opens a connection to the database at `file`, `path` if nil.
    ///
    /// A file that is to be written must exist: created by its owner, who
    /// thereby learned why it could not be.
    init(path: String, file: String? = nil, writable: Bool) throws(CaptureError) {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = !writable
        configuration.allowsUnsafeTransactions = true
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(2)
        do {
            queue = try DatabaseQueue(path: file ?? path, configuration: configuration)
        } catch {
            throw Self.mapped(error, path: path, doing: "opening the database")
        }
    }

    /// Runs `body` on the connection, and maps what it throws.
    func access<Result>(
        _ doing: String, _ body: (Database) throws -> Result
    ) throws(CaptureError) -> Result {
        do {
            return try queue.unsafeReentrantRead(body)
        } catch {
            throw Self.mapped(error, path: path, doing: doing)
        }
    }

    /// Runs `body`, which may write, on the connection, and maps what it throws.
    func change<Result>(
        _ doing: String, _ body: (Database) throws -> Result
    ) throws(CaptureError) -> Result {
        do {
            return try queue.writeWithoutTransaction(body)
        } catch {
            throw Self.mapped(error, path: path, doing: doing)
        }
    }

    /// Writes the whole database, as it is now, to an empty file.
    func copy(to file: String) throws(CaptureError) {
        try change("copying it") { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [file])
        }
    }

    /// Closes the connection.
    func close() throws(CaptureError) {
        do {
            try queue.close()
        } catch {
            throw Self.mapped(error, path: path, doing: "closing the database")
        }
    }

    private static func mapped(_ error: any Error, path: String, doing: String) -> CaptureError {
        if let error = error as? CaptureError { return error }
        guard let error = error as? DatabaseError else {
            return .database(path: path, doing: doing, sqliteCode: 0, message: "\(error)")
        }
        let code = Int(error.extendedResultCode.rawValue)
        let message = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_FULL: return .diskFull(path: path, doing: doing)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return .damagedDatabase(
                path: path, doing: doing, sqliteCode: code, message: message)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path, doing: doing)
        case .SQLITE_READONLY, .SQLITE_PERM:
            return .cannotWrite(path: path, doing: doing, errno: EACCES)
        case .SQLITE_CANTOPEN where CaptureHeader.isLogged(path: path):
            return .needsWritableFolder(path: path)
        case .SQLITE_CANTOPEN:
            // SQLite does not hand on why; a second look usually finds out.
            let number: Int32 = Glibc.access(path, R_OK) == 0 ? EACCES : errno
            return .reading(path, doing: doing, errno: number)
        case .SQLITE_IOERR: return .inputOutput(path: path, doing: doing, errno: EIO)
        case .SQLITE_ERROR where message.hasPrefix("no such table"),
            .SQLITE_ERROR where message.hasPrefix("no such column"):
            return .damagedDatabase(
                path: path, doing: doing, sqliteCode: code, message: message)
        default:
            return .database(path: path, doing: doing, sqliteCode: code, message: message)
        }
    }
}
