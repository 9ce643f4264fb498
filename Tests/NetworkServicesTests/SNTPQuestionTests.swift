@testable import NetworkServices
import Testing

/// The arithmetic of an answer, without any clock.
struct SNTPQuestionTests {
    private let sentAt: UInt64 = 5_000_000_000_123
    private let second: Int64 = 1_000_000_000

    /// A moment: seconds since 1900, and 2^-32 s.
    private func stamp(_ seconds: UInt64, _ fraction: UInt64 = 0) -> [UInt8] {
        NTPTimestamp(bits: seconds << 32 | fraction).bytes
    }

    private func read(
        received: [UInt8], transmitted: [UInt8], after roundTrip: UInt64
    ) -> SNTPQuestion.Answer? {
        let question = SNTPQuestion()
        let reply = ServerClock.reply(
            to: question.request(sentAt: sentAt), received: received, transmitted: transmitted)
        switch question.read(reply, sentAt: sentAt, receivedAt: sentAt + roundTrip) {
        case .answer(let answer): return answer
        case .refusal, .unrelated: return nil
        }
    }

    // 3,155,673,600 s after 1900 it is 2000.
    @Test func halfOfTheWayIsAdded() throws {
        let answer = try #require(
            read(
                received: stamp(3_155_673_610), transmitted: stamp(3_155_673_612, 1 << 31),
                after: 4_500_000_000))
        // 2.5 s of 4.5 s are the server's; of the rest one half lies behind the transmit timestamp.
        #expect(answer.nanosecondsSince2000 == 13_500_000_000)
    }

    @Test func whatPassesAfterwardsIsAdded() throws {
        let answer = try #require(
            read(
                received: stamp(3_155_673_610), transmitted: stamp(3_155_673_610), after: 0))
        #expect(answer.time(at: sentAt) == 10 * second)
        #expect(answer.time(at: sentAt + 7_000_000_001) == 17 * second + 1)
    }

    // received before 2036-02-07 06:28:16, transmitted 0.75 s behind it
    @Test func theEraMayChangeMeanwhile() throws {
        let answer = try #require(
            read(
                received: stamp(0xffff_ffff, 0), transmitted: stamp(0, 3 << 30),
                after: 2_000_000_000))
        #expect(
            answer.nanosecondsSince2000
                == ((1 << 32) - 3_155_673_600) * second + 750_000_000 + 125_000_000)
    }

    @Test func aShareThatMakesNoSenseIsNotBelieved() throws {
        let transmitted = stamp(3_155_673_700)
        // Not told; longer than the whole round trip; less than nothing.
        for (received, half) in [
            (stamp(0), 1), (stamp(3_155_673_600), 0), (stamp(3_155_673_800), 1),
        ] {
            let answer = try #require(
                read(received: received, transmitted: transmitted, after: 2_000_000_000))
            #expect(answer.nanosecondsSince2000 == (100 + Int64(half)) * second)
        }
    }

    @Test func theFractionIsRead() {
        #expect(
            NTPTimestamp(bits: 3_155_673_601 << 32 | 1 << 30).nanosecondsSince2000 == 1_250_000_000)
        #expect(
            NTPTimestamp(bits: 3_155_673_600 << 32 | 0xffff_ffff).nanosecondsSince2000
                == 999_999_999)
    }

    // The first second that is meant lies in 1968, the last one in 2104.
    @Test func theEraFollowsFromTheTopBit() {
        #expect(NTPTimestamp(bits: 1 << 63).nanosecondsSince2000 == -1_008_189_952 * second)
        #expect(
            NTPTimestamp(bits: 0x7fff_ffff << 32).nanosecondsSince2000 == 3_286_777_343 * second)
    }

    @Test func anyBytesAreRead() {
        let question = SNTPQuestion()
        let request = question.request(sentAt: sentAt)
        for fill in [0, 0x24, 0x80, 0xff] as [UInt8] {
            for length in [0, 1, 47, 48, 49, 68, 1_500] {
                var bytes = [UInt8](repeating: fill, count: length)
                if length >= 48 {
                    bytes[0] = 0x24
                    bytes.replaceSubrange(24..<32, with: request[40..<48])
                }
                _ = question.read(bytes, sentAt: sentAt, receivedAt: 0)
                _ = question.read(bytes, sentAt: sentAt, receivedAt: .max)
            }
        }
    }
}
