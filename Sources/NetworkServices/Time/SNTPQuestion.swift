// The law of this file: what is asked of a time server, and which of its answers are believed.
// Ref: RFC 4330 §5, RFC 5905 §14.

/// The question for the time.
///
/// The request's transmit timestamp is a reading of the monotonic clock, which says nothing about
/// this machine's idea of the time. A server sends it back, and an answer without it is none: whoever
/// cannot see the request would have to guess 64 bits.
struct SNTPQuestion: DatagramQuestion {
    /// The time of a server, at the moment of the monotonic clock at which its answer came.
    struct Answer: Hashable, Sendable {
        var nanosecondsSince2000: Int64
        var receivedAt: UInt64

        /// The time at a later moment of the monotonic clock.
        func time(at now: UInt64) -> Int64 {
            let passed = Int64(clamping: now > receivedAt ? now - receivedAt : 0)
            return nanosecondsSince2000.addingReportingOverflow(passed).partialValue
        }
    }

    /// Why a server's answer holds no time.
    enum Refusal: Error, Hashable {
        /// It wants to be left alone, and says why in four letters. Ref: RFC 5905 §7.4.
        case kissOfDeath(code: String)
        /// It does not know the time itself.
        case unsynchronised(leap: UInt8, stratum: UInt8)
        /// It speaks another version.
        case version(UInt8)
        /// The time is zero, or before 2000.
        case implausibleTime(bits: UInt64)
    }

    static let packetLength = 48
    private static let version: UInt8 = 4
    private static let client: UInt8 = 3
    private static let server: UInt8 = 4
    private static let leapUnknown: UInt8 = 3
    private static let stratumMax: UInt8 = 15

    func request(sentAt: UInt64) -> [UInt8] {
        var packet = [UInt8](repeating: 0, count: Self.packetLength)
        packet[0] = Self.version << 3 | Self.client
        packet.replaceSubrange(40..<48, with: NTPTimestamp(clockNanoseconds: sentAt).bytes)
        return packet
    }

    func read(
        _ reply: [UInt8], sentAt: UInt64, receivedAt: UInt64
    ) -> DatagramReading<Answer, Refusal> {
        // Longer ones have extensions or a code of authentication behind the packet.
        guard reply.count >= Self.packetLength, reply[0] & 7 == Self.server,
            NTPTimestamp(reply[24..<32]) == NTPTimestamp(clockNanoseconds: sentAt)
        else { return .unrelated }
        let leap = reply[0] >> 6
        let version = reply[0] >> 3 & 7
        let stratum = reply[1]
        guard (1...Self.version).contains(version) else { return .refusal(.version(version)) }
        guard stratum > 0 else { return .refusal(.kissOfDeath(code: Self.code(reply[12..<16]))) }
        guard leap != Self.leapUnknown, stratum <= Self.stratumMax else {
            return .refusal(.unsynchronised(leap: leap, stratum: stratum))
        }
        let received = NTPTimestamp(reply[32..<40])
        let transmitted = NTPTimestamp(reply[40..<48])
        guard transmitted.bits != 0, transmitted.nanosecondsSince2000 > 0 else {
            return .refusal(.implausibleTime(bits: transmitted.bits))
        }
        // Half of what the answer took on the way, the server's own share taken off. A server whose
        // share makes no sense is believed the rest.
        let roundTrip = Int64(clamping: receivedAt > sentAt ? receivedAt - sentAt : 0)
        let share =
            received.bits == 0
            ? 0 : min(max(0, transmitted.nanoseconds(since: received)), roundTrip)
        return .answer(
            Answer(
                nanosecondsSince2000: transmitted.nanosecondsSince2000 + (roundTrip - share) / 2,
                receivedAt: receivedAt))
    }

    /// Four letters for a log, whatever the bytes are.
    private static func code(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            decoding: bytes.map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: ".") },
            as: UTF8.self)
    }
}

extension SNTPQuestion.Refusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .kissOfDeath(let code): "it refuses service (kiss of death \(code))"
        case .unsynchronised(let leap, let stratum):
            "it does not know the time itself (leap indicator \(leap), stratum \(stratum))"
        case .version(let version): "it answers in NTP version \(version)"
        case .implausibleTime(let bits):
            "it gives no time of this century (transmit timestamp 0x\(String(bits, radix: 16)))"
        }
    }
}
