// The tables of a capture file as they are before the first edge.

internal import GRDB
internal import Signals

/// Creates the tables of a capture, and writes the one that is written again at the end.
enum CaptureTables {
    /// Throws when no capture can have these channels.
    static func check(_ channels: [CaptureChannel]) throws(CaptureError) {
        guard !channels.isEmpty else { throw .invalidInput("a capture has at least one channel") }
        guard Set(channels.map(\.channel)).count == channels.count,
            Set(channels.map(\.name)).count == channels.count
        else { throw .invalidInput("two channels of a capture share their place or name") }
    }

    /// Creates all tables and describes the channels.
    static func create(
        in database: CaptureDatabase, channels: [CaptureChannel], metadata: CaptureMetadata,
        mode: CaptureWriter.Mode
    ) throws(CaptureError) {
        try database.change("creating the tables") { db in
            try db.execute(sql: CaptureSchema.prelude)
            // A file that is moved to its place when complete needs no journal.
            try db.execute(sql: "PRAGMA journal_mode = \(mode == .whole ? "OFF" : "DELETE")")
            try db.execute(sql: "PRAGMA synchronous = \(mode == .whole ? "OFF" : "NORMAL")")
            if mode == .whole { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            try db.execute(sql: "BEGIN IMMEDIATE")
            try db.execute(sql: CaptureSchema.creation)
            for channel in channels.sorted(by: { $0.channel.index < $1.channel.index }) {
                try db.execute(
                    sql: CaptureSchema.insertChannel,
                    arguments: [
                        Int64(channel.channel.index), channel.name,
                        channel.channel.isWire ? "wire" : "extra",
                        Int64(channel.initialLevel.rawValue), channel.seen.rawValue,
                    ])
            }
            if mode == .live { try write(metadata, to: db) }
            try db.execute(sql: "COMMIT")
            if mode == .live { try db.execute(sql: "PRAGMA journal_mode = WAL") }
        }
    }

    /// Replaces what the capture says about itself.
    static func write(_ metadata: CaptureMetadata, to db: Database) throws {
        try db.execute(sql: CaptureSchema.deleteMeta)
        let statement = try db.cachedStatement(sql: CaptureSchema.insertMeta)
        for entry in metadata.entries {
            try statement.execute(arguments: [entry.key, entry.value])
        }
    }
}
