import CaptureStore
import Decoding
import LinkProtocol
import Reporting
import Signals

/// An application's log at its places among a capture's edges, its secrets masked.
struct PlacedLog {
    /// The entries as records, in their order.
    private(set) var records: [JournalRecord] = []
    private let name: String
    private let offset: Nanoseconds
    private let alignment: LogAlignment?
    private let entryCount: Int
    private let disorderCount: Int
    /// Entries before the capture's begin or behind its end.
    private var leftOutCount: Int { entryCount - records.count }

    /// The most statuses of a capture that are kept for the alignment.
    private static let statusesMax = 1 << 20

    /// Joins the clocks, and finds the places.
    init(
        _ log: ApplicationLog, options: LogOptions, capture: Capture,
        book: SecretBook, statuses: [LogAlignment.Moment]
    ) throws {
        let path = options.log ?? "-"
        name = path == "-" ? "standard input" : path.lastPathComponent
        entryCount = log.entries.count
        disorderCount = log.disorderCount
        var entries = log.sorted
        switch options.logOffset ?? .auto {
        case .given(let given): (offset, alignment) = (given, nil)
        case .auto:
            let found = try Self.align(entries, path: path, capture: capture, statuses: statuses)
            (offset, alignment) = (found?.offset ?? .zero, found)
        }
        let (start, end) = (capture.observationStart, capture.end)
        for index in entries.indices { entries[index].time = entries[index].time - offset }
        entries.removeAll { $0.time < start || $0.time > end }
        for index in entries.indices {
            entries[index].object = book.mask(entries[index].object)
        }
        records = try Self.place(entries, in: capture)
    }

    /// The statuses that a capture's frames tell.
    static func collect(_ event: LinkEvent, into statuses: inout [LogAlignment.Moment]) {
        guard statuses.count < statusesMax, case .message(let message) = event,
            case .bridge(let answer) = message.content, let status = answer.status
        else { return }
        statuses.append(.init(time: message.frame.end, status: status.rawValue))
    }

    /// An empty log needs no offset.
    private static func align(
        _ entries: [ApplicationLogEntry], path: String, capture: Capture,
        statuses: [LogAlignment.Moment]
    ) throws -> LogAlignment? {
        if entries.isEmpty { return nil }
        let told = entries.compactMap { entry -> LogAlignment.Moment? in
            guard case .status(let number) = ApplicationEvent(entry.object),
                let status = UInt8(exactly: number).flatMap(Status.init(rawValue:)),
                !status.isHostLocal
            else { return nil }
            return .init(time: entry.time, status: status.rawValue)
        }
        do throws(LogAlignment.Fault) {
            return try LogAlignment(log: told, wire: statuses)
        } catch {
            throw Failure(
                .failed,
                "\(path): the log's clock cannot be joined with that of \(capture.path): "
                    + why(error)
                    + "; give --log-offset, by how much the log's clock is ahead (0: not at all)")
        }
    }

    private static func why(_ fault: LogAlignment.Fault) -> String {
        switch fault {
        case .noStatusInLog:
            "the log has no status of the bridge ({\"t\":…,\"ev\":\"status\",\"n\":5})"
        case .noStatusOnWire: "no status of the bridge is on the wires"
        case .noMatch(let found, let count):
            "at no offset do more than \(found) of \(count) statuses fit; is it the log of this capture?"
        case .ambiguous(let first, let second):
            "the statuses fit as well at \(TimeText.seconds(first.count)) s as at "
                + "\(TimeText.seconds(second.count)) s"
        }
    }

    /// The number of edges before each entry: those whose time is earlier.
    private static func place(
        _ entries: [ApplicationLogEntry], in capture: Capture
    ) throws -> [JournalRecord] {
        var records: [JournalRecord] = []
        var rest = entries[...]
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var position: Int64 = 0
        while !rest.isEmpty, try source.read(into: &batch) {
            if Interrupt.isRequested { throw Failure(.interrupted, "interrupted") }
            var edge = 0
            while let entry = rest.first, let last = batch.edges.last, last.time >= entry.time {
                while batch.edges[edge].time < entry.time { edge += 1 }
                records.append(entry.record(edgesBefore: position + Int64(edge)))
                rest.removeFirst()
            }
            position += Int64(batch.edges.count)
        }
        for entry in rest { records.append(entry.record(edgesBefore: position)) }
        return records
    }

    // MARK: Storing and telling

    /// Has an editor write it, with where it comes from.
    func write(to editor: CaptureEditor) throws {
        try editor.replaceRecords(of: .applicationLog, by: records)
        try editor.set(Key.source, to: name)
        try editor.set(Key.offset, to: String(offset.count))
        try editor.set(
            Key.statuses, to: alignment.map { "\($0.matchedCount) of \($0.statusCount)" })
        try editor.set(Key.spread, to: alignment.map { String($0.spread.count) })
    }

    /// The keys under which a capture remembers them.
    enum Key {
        static let source = "application_log_source"
        static let offset = "application_log_offset_ns"
        static let statuses = "application_log_statuses"
        static let spread = "application_log_spread_ns"
    }

    /// Tells how the clocks were joined.
    func tell() {
        Console.note(
            "\(name): " + CountText.counted(records.count, "entry", "entries") + " taken, "
                + clock)
        if let alignment, alignment.matchedCount * 2 < alignment.statusCount {
            Console.note("warning: most statuses of the log have no frame on the wires")
        }
        if leftOutCount > 0 {
            Console.note(
                "\(CountText.counted(leftOutCount, "entry", "entries")) before the begin of the "
                    + "capture or behind its end left out")
        }
        if disorderCount > 0 {
            Console.note(
                "\(CountText.counted(disorderCount, "entry", "entries")) came earlier than the one "
                    + "before; the log was put into order")
        }
    }

    private var clock: String {
        guard let alignment else {
            return "its clock \(TimeText.seconds(offset.count)) s ahead of the capture's, as told"
        }
        return "its clock \(TimeText.seconds(offset.count)) s ahead of the capture's by "
            + "\(alignment.matchedCount) of \(CountText.counted(alignment.statusCount, "status", "statuses"))"
            + ", told up to \(TimeText.milliseconds(alignment.spread.count)) ms "
            + "(median \(TimeText.milliseconds(alignment.median.count))) later than the fastest one"
    }
}
