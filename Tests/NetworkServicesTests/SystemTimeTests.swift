import Glibc
import LivePorts
import NetworkServices
import Testing

/// Against a small time server on loopback.
struct SystemTimeTests {
    private let failures = Heard<TimeQueryFailure>()

    private func port(
        timeout: Duration = .seconds(10),
        change: (inout SystemTime.Configuration) -> Void = { _ in }
    ) -> SystemTime {
        var configuration = SystemTime.Configuration()
        configuration.timeout = timeout
        change(&configuration)
        return SystemTime(configuration) { [failures] in failures.note($0) }
    }

    /// The answer, in seconds since 2000.
    private func ask(_ port: SystemTime, _ server: String) async -> Double? {
        await withCheckedContinuation { continuation in
            port.queryTime(of: server) { time in
                continuation.resume(returning: time.map { Double($0) / 1e9 })
            }
        }
    }

    /// How far the answer lies from what the clock shows at that moment, in seconds.
    private func deviation(
        _ port: SystemTime, _ server: String, from clock: ServerClock
    ) async -> Double? {
        await withCheckedContinuation { continuation in
            port.queryTime(of: server) { time in
                let now = clock.secondsSince2000
                continuation.resume(returning: time.map { abs(Double($0) / 1e9 - now) })
            }
        }
    }

    /// A server that answers at once with the time of a clock.
    private func server(_ clock: ServerClock, version6: Bool = false) throws -> DatagramServer {
        try DatagramServer(version6: version6) { request in
            let now = clock.timestamp
            return [ServerClock.reply(to: request, received: now, transmitted: now)]
        }
    }

    // 2026; the last second of era 0; in era 1: 2036-02-07 06:28:16 UTC begins it.
    @Test(arguments: [820_000_000, 1_139_293_690.0, 1_139_293_696.5, 1_300_000_000])
    func tellsTheTimeOfTheServer(secondsSince2000: Double) async throws {
        let clock = ServerClock(secondsSince2000: secondsSince2000)
        let server = try server(clock)
        let deviation = try #require(
            await self.deviation(port(), "127.0.0.1:\(server.port)", from: clock))
        #expect(deviation < 0.3)
        #expect(failures.all.isEmpty)
    }

    @Test func asksAtAnIPv6Address() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try server(clock, version6: true)
        let deviation = try #require(
            await self.deviation(port(), "[::1]:\(server.port)", from: clock))
        #expect(deviation < 0.3)
    }

    // Whatever else the name stands for, nobody listens there.
    @Test func looksUpAName() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try server(clock)
        let deviation = try #require(
            await self.deviation(port(), "localhost:\(server.port)", from: clock))
        #expect(deviation < 0.3)
    }

    @Test func asksTheConfiguredServerInPlaceOfTheHosts() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try server(clock)
        let port = port { $0.server = ServerAddress(host: "127.0.0.1", port: server.port) }
        #expect(await ask(port, "time.example") != nil)
    }

    @Test func sendsARequestOfAClient() async throws {
        let requests = Heard<[UInt8]>()
        let server = try DatagramServer { request in
            requests.note(request)
            return []
        }
        let address = "127.0.0.1:\(server.port)"
        _ = await ask(port(timeout: .milliseconds(100)), address)
        _ = await ask(port(timeout: .milliseconds(100)), address)
        let sent = requests.all
        try #require(sent.count == 2)
        // Version 4, mode 3, and nothing else but a transmit timestamp that is never the same.
        #expect(sent[0].count == 48)
        #expect(sent[0][0] == 0x23)
        #expect(sent[0][1..<40].allSatisfy { $0 == 0 })
        #expect(sent[0][40..<48] != sent[1][40..<48])
    }

    // The clock is read 0.6 s after the request came and 0.6 s before the answer leaves, as if the
    // way took that long.
    @Test func addsHalfOfTheRoundTrip() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try DatagramServer { request in
            usleep(600_000)
            let now = clock.timestamp
            usleep(600_000)
            return [ServerClock.reply(to: request, received: now, transmitted: now)]
        }
        let deviation = try #require(
            await self.deviation(port(), "127.0.0.1:\(server.port)", from: clock))
        #expect(deviation < 0.3)
    }

    // The server says itself that the answer took it 1.2 s.
    @Test func takesTheServersOwnShareOff() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try DatagramServer { request in
            let received = clock.timestamp
            usleep(1_200_000)
            return [
                ServerClock.reply(to: request, received: received, transmitted: clock.timestamp)
            ]
        }
        let deviation = try #require(
            await self.deviation(port(), "127.0.0.1:\(server.port)", from: clock))
        #expect(deviation < 0.3)
    }

    @Test func passesOverWhatDoesNotBelongToTheQuestion() async throws {
        let clock = ServerClock(secondsSince2000: 820_000_000)
        let server = try DatagramServer { request in
            let now = clock.timestamp
            let good = ServerClock.reply(to: request, received: now, transmitted: now)
            let wrong = ServerClock.timestamp(secondsSince2000: 1)
            let untrue = ServerClock.reply(to: request, received: wrong, transmitted: wrong)
            var notAsked = untrue
            notAsked[31] ^= 1
            var fromClient = untrue
            fromClient[0] = 0x23
            return [
                [], [0xff], [UInt8](repeating: 0xff, count: 1_400), Array(untrue.prefix(47)),
                notAsked, fromClient, good,
            ]
        }
        let deviation = try #require(
            await self.deviation(port(), "127.0.0.1:\(server.port)", from: clock))
        #expect(deviation < 0.3)
    }

    @Test func hasNoTimeFromNothingButGarbage() async throws {
        let server = try DatagramServer { request in
            [request, Array(request.prefix(47)), [UInt8](repeating: 0x24, count: 48)]
        }
        #expect(await ask(port(timeout: .milliseconds(500)), "127.0.0.1:\(server.port)") == nil)
        #expect(failures.all.map(\.reason) == [.silent(unrelated: 3)])
    }

    @Test func givesUpWhenNobodyAnswers() async throws {
        let server = try DatagramServer { _ in [] }
        let clock = ContinuousClock()
        let start = clock.now
        #expect(await ask(port(timeout: .milliseconds(500)), "127.0.0.1:\(server.port)") == nil)
        #expect(clock.now - start >= .milliseconds(500))
        #expect(server.requestCount == 1)
        #expect(failures.all.map(\.reason) == [.silent(unrelated: 0)])
    }

    @Test func knowsAtOnceThatNobodyListens() async throws {
        var port: UInt16 = 0
        do { port = try DatagramServer { _ in [] }.port }
        try await Task.sleep(for: .milliseconds(300))
        #expect(await ask(self.port(timeout: .seconds(60)), "127.0.0.1:\(port)") == nil)
        #expect(
            failures.all.map(\.reason)
                == [.system(doing: "waiting for its answer", errno: ECONNREFUSED)])
    }

    /// What a server can answer that is no time, and the words for it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var leap: UInt8 = 0
        var version: UInt8 = 4
        var stratum: UInt8 = 2
        var secondsSince2000: Double? = 820_000_000
        var words: String

        var testDescription: String { words }
    }

    @Test(arguments: [
        Refusal(stratum: 0, words: "it refuses service (kiss of death RATE)"),
        Refusal(
            leap: 3, words: "it does not know the time itself (leap indicator 3, stratum 2)"),
        Refusal(
            stratum: 16, words: "it does not know the time itself (leap indicator 0, stratum 16)"),
        Refusal(version: 7, words: "it answers in NTP version 7"),
        Refusal(
            secondsSince2000: nil,
            words: "it gives no time of this century (transmit timestamp 0x0)"),
        Refusal(
            secondsSince2000: -946_684_800,
            words: "it gives no time of this century (transmit timestamp 0x83aa7e8000000000)"),
    ])
    func hasNoTimeWhenTheServerHasNone(refusal: Refusal) async throws {
        let server = try DatagramServer { request in
            let time =
                refusal.secondsSince2000.map { ServerClock.timestamp(secondsSince2000: $0) }
                ?? [UInt8](repeating: 0, count: 8)
            return [
                ServerClock.reply(
                    to: request, received: time, transmitted: time, leap: refusal.leap,
                    version: refusal.version, stratum: refusal.stratum)
            ]
        }
        // It does not wait for the time to be up.
        #expect(await ask(port(timeout: .seconds(60)), "127.0.0.1:\(server.port)") == nil)
        #expect(failures.all.map(\.reason) == [.refused(refusal.words)])
    }

    @Test(arguments: ["", ":123", "192.0.2.1:", "192.0.2.1:70000", "two words", "[::1"])
    func hasNoTimeFromWhatIsNoServer(text: String) async {
        #expect(await ask(port(), text) == nil)
        #expect(failures.all == [TimeQueryFailure(server: text, reason: .malformedAddress)])
    }

    @Test func hasNoTimeFromANameThatDoesNotExist() async {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(await ask(port(timeout: .seconds(1)), "no-such-name.invalid") == nil)
        // A resolver without a server takes up to half a minute, but nobody waits for it.
        #expect(clock.now - start < .seconds(8))
        guard case .name = failures.all.first?.reason else {
            Issue.record("\(failures.all)")
            return
        }
    }

    @Test func doesNotAskWithoutBound() async throws {
        let server = try DatagramServer { _ in [] }
        let port = port(timeout: .seconds(3))
        let answers = Heard<Int64?>()
        for _ in 0..<SystemTime.questionsMax {
            port.queryTime(of: "127.0.0.1:\(server.port)") { answers.note($0) }
        }
        #expect(await ask(port, "127.0.0.1:\(server.port)") == nil)
        #expect(failures.all.map(\.reason) == [.busy(questions: SystemTime.questionsMax)])
        #expect(try await eventually { answers.all.count == SystemTime.questionsMax })
        _ = await ask(self.port(timeout: .milliseconds(1)), "127.0.0.1:\(server.port)")
        #expect(!failures.all.suffix(1).map(\.reason).contains(.busy(questions: 8)))
    }
}
