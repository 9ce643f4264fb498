import Decoding
import LinkProtocol
import Measurements
import Signals

extension FuzzTarget {
    /// Records: their kind, a length, and so many bytes. Each gives events or one that says why not,
    /// whose objects are JSON, and the figures hold together.
    func runJournal(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var decoder = JournalDecoder()
        var measurements = LinkMeasurements()
        var time = Timestamp.zero
        var damaged: Int64 = 0
        while let kind = rest.popFirst(), let length = rest.popFirst() {
            let payload = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(payload.count)
            let record = JournalRecord(
                time: time, edgesBefore: 0, kind: JournalKind(rawValue: kind), payload: payload)
            for event in decoder.events(of: record) {
                guard let again = try? JSONNode(parsing: event.object.bytes), again == event.object
                else { preconditionFailure("an object that is no JSON") }
                if case .damaged = event.content { damaged += 1 }
                precondition(event.detail != .none, "an event that nobody can see")
                measurements.handle(event, session: 1)
            }
            // Mostly forwards, as clocks go.
            time = length == 0 ? .earliest : time + .milliseconds(Int64(length))
        }
        let report = measurements.finish(
            wires: WireDecoder(), captureStart: .zero, captureEnd: max(time, .zero))
        guard let facts = report.publications else { return }
        precondition(
            facts.returned <= facts.called && facts.arrived <= facts.crossed,
            "more came of publications than there were")
        precondition(report.journal.map { $0.damagedCount == damaged } ?? true, "a fault got lost")
    }
}
