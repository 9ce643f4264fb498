import Decoding
import LinkProtocol
import Measurements
import Signals

extension FuzzTarget {
    /// A log: what is read is written and read as the same, masked or not, and joined with nothing.
    func runLog(_ bytes: [UInt8]) {
        var log = ApplicationLog()
        do throws(ApplicationLogFault) {
            try log.read(bytes)
            try log.finish()
        } catch {
            precondition(error.line >= 1 && !error.description.isEmpty, "a fault without a place")
        }
        var book = SecretBook()
        book.learn(Array("hunter2".utf8))
        var publications = PublicationCollector(keepsTraces: true)
        var calls = 0
        var last = Timestamp.earliest
        for entry in log.sorted {
            precondition(entry.time >= last && entry.time <= .latest, "the log is out of order")
            last = entry.time
            check(entry.object)
            let masked = book.mask(entry.object)
            check(masked)
            let event = ApplicationEvent(masked)
            if case .called(let call) = event, call.publication != nil { calls += 1 }
            publications.take(
                JournalEvent(
                    time: entry.time, edgesBefore: 0, .application(masked, isFromLog: true)),
                session: 1)
        }
        publications.finish()
        precondition(publications.takeTraces().count == calls, "a publication got lost")
    }

    private func check(_ object: JSONNode) {
        guard let again = try? JSONNode(parsing: object.bytes), again == object else {
            preconditionFailure("what is written is not what was read")
        }
    }
}
