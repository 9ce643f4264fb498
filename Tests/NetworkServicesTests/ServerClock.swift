import Glibc

/// The clock of a time server that is set to a moment of its own.
struct ServerClock: Sendable {
    /// Seconds since 1900 when the monotonic clock stood at 0.
    private let secondsAtZero: Double

    /// A clock that now shows so many seconds since 2000.
    init(secondsSince2000: Double) {
        secondsAtZero = secondsSince2000 + Self.secondsFrom1900To2000 - Self.monotonicSeconds
    }

    /// What it shows, in seconds since 2000.
    var secondsSince2000: Double {
        secondsAtZero + Self.monotonicSeconds - Self.secondsFrom1900To2000
    }

    /// What it shows as a time server writes it.
    var timestamp: [UInt8] { Self.timestamp(secondsSince2000: secondsSince2000) }

    /// A moment as a time server writes it; the seconds begin anew in 2036.
    static func timestamp(secondsSince2000: Double) -> [UInt8] {
        let seconds = secondsSince2000 + secondsFrom1900To2000
        let whole = seconds.rounded(.down)
        let bits =
            UInt64(UInt32(truncatingIfNeeded: Int64(whole))) << 32
            | UInt64((seconds - whole) * 4_294_967_295)
        return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
    }

    /// An answer of a server in good health to a request.
    static func reply(
        to request: [UInt8], received: [UInt8], transmitted: [UInt8], leap: UInt8 = 0,
        version: UInt8 = 4, mode: UInt8 = 4, stratum: UInt8 = 2
    ) -> [UInt8] {
        var reply = [UInt8](repeating: 0, count: 48)
        reply[0] = leap << 6 | version << 3 | mode
        reply[1] = stratum
        reply.replaceSubrange(12..<16, with: Array("RATE".utf8))
        reply.replaceSubrange(24..<32, with: request[40..<48])
        reply.replaceSubrange(32..<40, with: received)
        reply.replaceSubrange(40..<48, with: transmitted)
        return reply
    }

    private static let secondsFrom1900To2000 = 3_155_673_600.0

    private static var monotonicSeconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
