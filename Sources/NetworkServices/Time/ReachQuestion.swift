/// The question whether a name server is there: it is asked for the name servers of the root, and any
/// answer will do. Ref: RFC 1035 §4.1.
struct ReachQuestion: DatagramQuestion {
    struct Answer: Hashable, Sendable {}
    enum Refusal: Error, Hashable {}

    private static let headerLength = 12

    func request(sentAt: UInt64) -> [UInt8] {
        let recursionDesired: [UInt8] = [1, 0]
        let oneQuestion: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 0]
        let rootNameServers: [UInt8] = [0, 0, 2, 0, 1]
        return identifier(sentAt) + recursionDesired + oneQuestion + rootNameServers
    }

    func read(
        _ reply: [UInt8], sentAt: UInt64, receivedAt: UInt64
    ) -> DatagramReading<Answer, Refusal> {
        guard reply.count >= Self.headerLength, reply[0..<2] == identifier(sentAt)[...],
            reply[2] & 0x80 != 0
        else { return .unrelated }
        return .answer(Answer())
    }

    private func identifier(_ sentAt: UInt64) -> [UInt8] {
        let number = UInt16(truncatingIfNeeded: sentAt >> 10)
        return [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
    }
}
