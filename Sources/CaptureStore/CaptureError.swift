// Everything that can go wrong between a capture and its files. An error says what was being done,
// to which file, with the evidence, and what to do next; what only our own code can cause is a
// precondition instead.

public import Signals

/// Why a capture file could not be read or written.
public enum CaptureError: Error, Hashable, Sendable {
    /// There is no such file.
    case noSuchFile(path: String)
    /// The path names a directory.
    case isDirectory(path: String)
    /// The file has no bytes.
    case emptyFile(path: String)
    /// The file is something else.
    case notACapture(path: String, looksLike: FileKind)
    /// A newer (or impossible) version of the file format, its tables or a payload's coding.
    case unsupportedVersion(path: String, of: VersionedPart, found: Int, supported: Int)
    /// The file ends before its own header says it does.
    case truncatedFile(path: String, bytesExpected: Int64, bytesActual: Int64)
    /// SQLite finds the database malformed.
    case damagedDatabase(path: String, doing: String, sqliteCode: Int, message: String)
    /// A row holds what the format does not allow.
    case damagedRow(path: String, table: String, row: Int64, problem: String)
    /// A chunk of edges contradicts its checksum, its header or the format.
    case damagedChunk(path: String, sequence: Int64, fault: PayloadFault)
    /// The file or its folder does not allow writing.
    case cannotWrite(path: String, doing: String, errno: Int32)
    /// The capture was not completed, and SQLite reads such a file only where it can write.
    case needsWritableFolder(path: String)
    /// Reading is not allowed.
    case cannotRead(path: String, doing: String, errno: Int32)
    /// The file exists and was not to be replaced.
    case fileExists(path: String)
    /// The file was to be replaced, and a recorder still writes it; its process, if that is known.
    case beingRecorded(path: String, process: Int32?)
    /// The disk is full, or a quota or file size limit is reached.
    case diskFull(path: String, doing: String)
    /// The operating system reports an error on reading or writing.
    case inputOutput(path: String, doing: String, errno: Int32)
    /// The file was deleted (`movedTo` is nil) or moved while it was being written.
    case vanished(path: String, movedTo: String?)
    /// Another program holds the file.
    case busy(path: String, doing: String)
    /// The system has no memory left for what has to be kept in it.
    case outOfMemory(doing: String)
    /// Any other error of SQLite.
    case database(path: String, doing: String, sqliteCode: Int, message: String)
    /// What a source of edges delivered cannot be stored.
    case invalidEdge(number: Int64, problem: EdgeProblem)
    /// A gap, a record or metadata cannot be stored.
    case invalidInput(String)
    /// A value change dump cannot be read as edges of the link.
    case valueChangeDump(path: String, line: Int, problem: VCDProblem)
    /// An item of a channel map makes no sense.
    case channelMap(item: String, problem: String)

    /// What has a version of its own.
    public enum VersionedPart: String, Hashable, Sendable {
        /// The tables: SQLite's `user_version`.
        case fileFormat = "capture file format"
        /// The coding of a chunk's payload.
        case payloadCoding = "payload coding"
    }

    /// Why an edge cannot follow those before it.
    public enum EdgeProblem: Hashable, Sendable {
        /// Its time is before that of the edge before.
        case timeGoesBack(from: Timestamp, to: Timestamp)
        /// Its time lies outside what a capture can hold.
        case timeOutOfRange(Timestamp)
        /// Its channel already has the level.
        case sameLevel(Channel, Level, at: Timestamp)
        /// Its channel is none of the capture's.
        case undeclaredChannel(Channel)
        /// A batch begins with levels other than those that the batch before left.
        case levelsChanged(expected: LevelSet, actual: LevelSet)
    }
}

extension CaptureError: CustomStringConvertible {
    /// What to do with a damaged capture.
    private static var rescueAdvice: String {
        "copy it again, or save what is whole with `synscope doctor FILE -o RESCUED.syn`"
    }

    /// What happened and what to do next, in one or two sentences without a final period.
    public var description: String {
        switch self {
        case .noSuchFile(let path):
            "\(path): no such file; check the name"
        case .isDirectory(let path):
            "\(path) is a directory; name a file in it"
        case .emptyFile(let path):
            "\(path) is empty; if it was being written, its writer did not get far"
        case .notACapture(let path, let kind):
            "\(path) is not a capture but \(kind.rawValue)\(kind.advice)"
        case .unsupportedVersion(let path, let part, let found, let supported):
            "\(path): its \(part.rawValue) is version \(found), this build reads version "
                + "\(supported); "
                + (found > supported
                    ? "use a newer synscope"
                    : "an older synscope wrote it: import its source again, or export it with that one")
        case .truncatedFile(let path, let expected, let actual):
            "\(path) is truncated: \(actual) of \(expected) bytes are there; \(Self.rescueAdvice)"
        case .damagedDatabase(let path, let doing, let code, let message):
            "\(path) is damaged: \(doing): \(message) (SQLite \(code)); \(Self.rescueAdvice)"
        case .damagedRow(let path, let table, let row, let problem):
            "\(path) is damaged: row \(row) of table \(table): \(problem); \(Self.rescueAdvice)"
        case .damagedChunk(let path, let sequence, let fault):
            "\(path) is damaged: chunk \(sequence): \(fault); \(Self.rescueAdvice)"
        case .needsWritableFolder(let path):
            "\(path) was not completed by its recorder, and can be read only in a folder that allows "
                + "writing; copy it to one, with \(path)-wal if that exists"
        case .cannotWrite(let path, let doing, let errno):
            "\(path): \(doing): \(systemMessage(errno)); choose a place where you may write"
        case .cannotRead(let path, let doing, let errno):
            "\(path): \(doing): \(systemMessage(errno)); check its permissions"
        case .fileExists(let path):
            "\(path) exists; choose another name, or replace it with --force"
        case .beingRecorded(let path, let process):
            "\(path) is being recorded by another synscope"
                + (process.map { " (process \($0))" } ?? "")
                + "; end that one first with Ctrl-C"
                + (process.map { " or `kill -INT \($0)`" } ?? "") + ", or choose another name"
        case .diskFull(let path, let doing):
            "\(path): \(doing): no space is left; free some, or write to another disk"
        case .inputOutput(let path, let doing, let errno):
            "\(path): \(doing): \(systemMessage(errno)); check the disk"
        case .vanished(let path, nil):
            "\(path) was deleted while it was being recorded; record again, to a place that stays"
        case .vanished(let path, let present?):
            "\(path) was moved to \(present) while it was being recorded; it ends there"
        case .busy(let path, let doing):
            "\(path): \(doing): another program holds the file; wait for it or stop it"
        case .outOfMemory(let doing):
            "\(doing): no memory is left; end other programs, or raise the limit that this one has"
        case .database(let path, let doing, let code, let message):
            "\(path): \(doing): \(message) (SQLite \(code))"
        case .invalidEdge(let number, let problem):
            "edge \(number) cannot be stored: \(problem)"
        case .invalidInput(let problem):
            problem
        case .valueChangeDump(let path, let line, let problem):
            "\(path):\(line): \(problem)"
        case .channelMap(let item, let problem):
            "channel map: `\(item)`: \(problem)"
        }
    }
}

extension CaptureError.EdgeProblem: CustomStringConvertible {
    /// What contradicts what.
    public var description: String {
        switch self {
        case .timeGoesBack(let from, let to):
            "its time is \(to.nanoseconds) ns, after an edge at \(from.nanoseconds) ns"
        case .timeOutOfRange(let time):
            "its time is \(time.nanoseconds) ns, more than 73 years away from the start"
        case .sameLevel(let channel, let level, let time):
            "\(Self.name(of: channel)) is already \(level.rawValue) at \(time.nanoseconds) ns; an "
                + "edge was lost, which must be said by a gap"
        case .undeclaredChannel(let channel):
            "its channel, \(Self.name(of: channel)), is none of the capture's"
        case .levelsChanged(let expected, let actual):
            Self.changes(from: expected, to: actual)
                + " since the edge before without an edge of its own; an edge was lost, which must "
                + "be said by a gap"
        }
    }

    /// Which channels have which level now, such as `reset became 1, sckin became 0`.
    private static func changes(from expected: LevelSet, to actual: LevelSet) -> String {
        let changed = (0..<Channel.countMax).compactMap(Channel.init(index:)).filter {
            expected[$0] != actual[$0]
        }
        return changed.map { "\(name(of: $0)) became \(actual[$0].rawValue)" }
            .joined(separator: ", ")
    }

    private static func name(of channel: Channel) -> String {
        WireNames.all.first { $0.channel == channel }.map { "`\($0.host)`" }
            ?? "channel \(channel.index)"
    }
}
