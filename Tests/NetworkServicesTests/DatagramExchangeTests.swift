import Glibc
import Testing

@testable import NetworkServices

/// A server with several addresses.
struct DatagramExchangeTests {
    private func address(_ port: UInt16) throws -> SocketAddress {
        try #require(SocketAddress(figures: "127.0.0.1", port: port))
    }

    private func ask(_ ports: [UInt16], seconds: Double = 20) throws -> Bool {
        let exchange = DatagramExchange(
            question: ReachQuestion(),
            deadline: DatagramExchangeTests.now + UInt64(seconds * 1e9),
            patienceNanoseconds: 200_000_000)
        let addresses = try ports.map(address)
        do throws(DatagramExchange<ReachQuestion>.Failure) {
            _ = try exchange.ask(addresses)
            return true
        } catch {
            return false
        }
    }

    private static var now: UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    private func server(afterMicroseconds delay: UInt32 = 0) throws -> DatagramServer {
        try DatagramServer { request in
            if delay > 0 { usleep(delay) }
            var reply = request
            reply[2] |= 0x80
            return [reply]
        }
    }

    @Test func theNextAddressIsAskedWhenOneFailsOrIsSilent() throws {
        let silent = try DatagramServer { _ in [] }
        let good = try server()
        #expect(try ask([1, silent.port, 1, good.port]))
        #expect(silent.requestCount == 1)
        #expect(good.requestCount == 1)
    }

    @Test func anAnswerThatComesLateStillCounts() throws {
        let slow = try server(afterMicroseconds: 600_000)
        let silent = try DatagramServer { _ in [] }
        #expect(try ask([slow.port, silent.port]))
        #expect(slow.requestCount == 1)
        #expect(silent.requestCount == 1)
    }

    @Test func addressesBehindOneThatAnswersAreLeftAlone() throws {
        let good = try server()
        let other = try server()
        #expect(try ask([good.port, other.port]))
        #expect(other.requestCount == 0)
    }

    @Test func whenAllFailNobodyWaitsForTheTimeToBeUp() throws {
        let start = DatagramExchangeTests.now
        #expect(try !ask([1, 1, 1], seconds: 60))
        #expect(DatagramExchangeTests.now - start < 30_000_000_000)
    }

    // The port of a server that sends without end, none of which is an answer.
    @Test func aFloodDoesNotHoldItUp() throws {
        let flood = try DatagramServer { request in
            [[UInt8]](repeating: [UInt8](request.reversed()), count: 20_000)
        }
        let start = DatagramExchangeTests.now
        #expect(try !ask([flood.port], seconds: 0.3))
        #expect(DatagramExchangeTests.now - start < 10_000_000_000)
    }
}
