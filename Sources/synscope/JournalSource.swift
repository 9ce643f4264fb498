import CaptureStore
import Decoding
import Signals

/// What a capture's journal tells, one event after the other, as far as somebody wants to know it.
///
/// An event belongs before the edge of which it says the number.
struct JournalSource {
    private var records: RecordSource
    /// Entries of a log that is not stored yet, in place of those that are.
    private var entries: ArraySlice<JournalRecord> = []
    private var replacesEntries = false
    private let isWanted: (JournalEvent) -> Bool
    private var decoder = JournalDecoder()
    private var nextRecord: JournalRecord?
    private var waiting: ArraySlice<JournalEvent> = []

    /// A journal of nothing.
    init() {
        records = RecordSource([])
        isWanted = { _ in false }
    }

    /// The journal of a capture.
    ///
    /// - Parameters:
    ///   - entries: an application's log, in place of the one that the capture has.
    ///   - isWanted: which events are wanted; everything if not given.
    init(
        of capture: Capture, replacingLogBy entries: [JournalRecord]? = nil,
        where isWanted: @escaping (JournalEvent) -> Bool = { _ in true }
    ) {
        records = capture.recordSource()
        self.entries = (entries ?? [])[...]
        replacesEntries = entries != nil
        self.isWanted = isWanted
    }

    /// The next event; nil behind the last one.
    mutating func next() throws -> JournalEvent? {
        while true {
            if let event = waiting.popFirst() { return event }
            guard let record = try takeRecord() else { return nil }
            waiting = decoder.events(of: record).filter(isWanted)[...]
        }
    }

    /// The next record of both lists, by the edges before it and then by its time.
    private mutating func takeRecord() throws -> JournalRecord? {
        while nextRecord == nil {
            guard let record = try records.next() else { return entries.popFirst() }
            if !(replacesEntries && record.kind == .applicationLog) { nextRecord = record }
        }
        if let entry = entries.first, let record = nextRecord,
            (entry.edgesBefore, entry.time) < (record.edgesBefore, record.time)
        {
            return entries.popFirst()
        }
        defer { nextRecord = nil }
        return nextRecord
    }
}
