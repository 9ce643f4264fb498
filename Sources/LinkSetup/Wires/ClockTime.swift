internal import Glibc
internal import LivePorts

/// The time of this computer's own clock, as if it came from a server.
final class ClockTime: TimePort {
    func queryInternet(
        onTheWayTo server: String, _ answer: @escaping @Sendable (Bool) -> Void
    ) { answer(true) }

    func queryTime(of server: String, _ answer: @escaping @Sendable (Int64?) -> Void) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        answer((Int64(now.tv_sec) - Self.secondsTo2000) * 1_000_000_000 + Int64(now.tv_nsec))
    }

    /// From 1970-01-01 to 2000-01-01.
    private static let secondsTo2000: Int64 = 946_684_800
}
