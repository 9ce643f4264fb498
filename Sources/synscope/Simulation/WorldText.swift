import Reporting
import Simulation

/// What came of a simulated world, in words.
enum WorldText {
    /// No violation.
    static let allHeld = "nothing that had to arrive is missing, and nothing is stuck"

    /// The figures of a world.
    static func lines(_ summary: WorldLedger.Summary) -> [String] {
        [
            "publications  \(summary.publications), \(summary.publicationsWithQoS1) with qos 1; "
                + "\(summary.publicationsMissed) never arrived, \(summary.arrivedTwice) arrived twice",
            "messages      \(summary.messagesFromOutside) from other clients, "
                + "\(summary.messagesDelivered) reached the host, \(summary.messagesOwed) had to",
            "bridge        \(CountText.counted(summary.restarts, "restart")), "
                + "\(CountText.counted(summary.reconnections, "connection")) lost",
        ]
    }
}
