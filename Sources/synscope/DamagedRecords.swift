import Decoding
import Reporting
import Signals

/// Tells of records that cannot be read: the first ones by name, the rest by their number.
struct DamagedRecords {
    /// So many are told one by one.
    private static let toldMax = 5

    let path: String
    private(set) var count = 0

    init(path: String) { self.path = path }

    /// Takes the next event; true when it is a record that cannot be read.
    mutating func take(_ event: JournalEvent) -> Bool {
        guard case .damaged(let kind, let fault) = event.content else { return false }
        count += 1
        if count > Self.toldMax { return true }
        let moment = "at \(TimeText.seconds(event.time.nanoseconds)) s"
        if let fault {
            Console.note(
                "warning: \(path): the record of kind \(kind.rawValue) \(moment) cannot be read: it "
                    + "\(fault.reason.name), byte \(fault.offset)")
        } else {
            Console.note(
                "warning: \(path): an entry of the application's log \(moment) is no JSON")
        }
        return true
    }

    /// Tells how many there were beyond those that were told.
    func finish() {
        if count > Self.toldMax {
            Console.note(
                "warning: \(path): \(CountText.counted(count - Self.toldMax, "more record")) "
                    + "cannot be read")
        }
    }
}
