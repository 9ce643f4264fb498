import Foundation
import Glibc
import LiveEdges
import LivePorts
import Signals
import Synchronization
import Testing

@testable import PinFileTransport

/// An end on wires in shared memory. What waits does so on a thread of its own.
@Suite(.timeLimit(.minutes(2))) struct PinFilePortTests {
    /// Runs `work` on a thread, and tells when it is over.
    private final class Waiter: Sendable {
        private let isDone = Monitor(false)

        init(_ work: @escaping @Sendable () -> Void) {
            Thread { [isDone] in
                work()
                isDone.change { isDone in
                    isDone = true
                    return true
                }
            }.start()
        }

        /// Whether it is over within some time.
        func ends(within seconds: UInt64) -> Bool {
            isDone.wait(atMost: seconds * 1_000_000_000) { $0 }
        }
    }

    private static func ends(
        policy: WaitPolicy = .standard
    ) throws -> (page: PinPage, host: PinFilePort, bridge: PinFilePort) {
        let page = try PinPage()
        return (
            page, try PinFilePort(.host, on: page, policy: policy),
            try PinFilePort(.bridge, on: page, policy: policy)
        )
    }

    private static func bit(_ round: Int, _ seed: Int) -> Level {
        Level(bit: UInt8(truncatingIfNeeded: (round &* 0x9E37_79B9 &+ seed) >> 7))
    }

    /// Toggles as an end does, and gives what it sampled.
    private static func exchange(
        _ port: any WirePort, rounds: Int, seed: Int
    ) throws -> [Level] {
        let (end, peer) = (port.end, port.end.peer)
        var phase = Level.low
        var sampled: [Level] = []
        for round in 0..<rounds {
            // The host begins, and the bridge answers.
            while true {
                let seen = try port.read()
                if (seen[peer.clock] == phase) == (end == .host) {
                    sampled.append(seen[peer.data])
                    break
                }
                try port.wait(whileAt: seen, until: nil)
            }
            try port.drive(end.data, bit(round, seed))
            phase = phase.toggled
            try port.drive(end.clock, phase)
        }
        return sampled
    }

    private static var policies: [WaitPolicy] {
        // One that never looks twice, and one that sleeps at once.
        var sleepy = WaitPolicy.oneProcessor
        sleepy.yieldsMax = 0
        return [WaitPolicy(), .oneProcessor, sleepy]
    }

    @Test(arguments: policies)
    func bitsArriveInOrderBothWays(policy: WaitPolicy) throws {
        let (_, host, bridge) = try Self.ends(policy: policy)
        let rounds = 3_000
        let fromHost = Monitor<[Level]>([])
        let waiter = Waiter {
            let sampled = (try? Self.exchange(bridge, rounds: rounds, seed: 2)) ?? []
            fromHost.change { levels in
                levels = sampled
                return true
            }
        }
        let fromBridge = try Self.exchange(host, rounds: rounds, seed: 1)
        #expect(waiter.ends(within: 60))
        #expect(fromHost.read { $0 } == (0..<rounds).map { Self.bit($0, 1) })
        // What the host samples first was there before the bridge's first bit.
        #expect(fromBridge.dropFirst() == (0..<rounds - 1).map { Self.bit($0, 2) }[...])
    }

    // MARK: Waiting

    @Test func aWaitThatSleepsEndsWhenTheOtherEndDrives() throws {
        let (_, host, bridge) = try Self.ends()
        let waiter = Waiter {
            guard let seen = try? bridge.read() else { return }
            while (try? bridge.read()) == seen { try? bridge.wait(whileAt: seen, until: nil) }
        }
        #expect(!waiter.ends(within: 0))
        usleep(50_000)
        try host.drive(.sckout, .high)
        #expect(waiter.ends(within: 20))
    }

    @Test func resetEndsTheWaitOfABridge() throws {
        let (_, host, bridge) = try Self.ends()
        let waiter = Waiter { try? bridge.wait(whileAt: .rest, until: nil) }
        try host.drive(.reset, .low)
        #expect(waiter.ends(within: 20))
        #expect(try bridge.read()[.reset] == .low)
    }

    @Test func aCallEndsAWaitThatSleeps() throws {
        let (_, host, _) = try Self.ends()
        let waiter = Waiter { try? host.wait(whileAt: LevelSet(bits: 0), until: nil) }
        usleep(50_000)
        #expect(!waiter.ends(within: 0))
        host.wake()
        #expect(waiter.ends(within: 20))
    }

    @Test func aCallBeforeAWaitEndsIt() throws {
        let (_, host, _) = try Self.ends()
        host.wake()
        let waiter = Waiter { try? host.wait(whileAt: LevelSet(bits: 0), until: nil) }
        #expect(waiter.ends(within: 20))
        // It was heard: the next wait lasts.
        let other = Waiter { try? host.wait(whileAt: LevelSet(bits: 0), until: nil) }
        usleep(50_000)
        #expect(!other.ends(within: 0))
        host.wake()
        #expect(other.ends(within: 20))
    }

    @Test(arguments: [UInt64(0), 100_000, 1_000_000, 40_000_000])
    func aWaitIsOverAtItsDeadline(nanoseconds: UInt64) throws {
        let (_, host, _) = try Self.ends()
        let start = MonotonicClock.nanoseconds()
        let deadline = start + nanoseconds
        var waits = 0
        while MonotonicClock.nanoseconds() < deadline {
            try host.wait(whileAt: LevelSet(bits: 0), until: deadline)
            waits += 1
        }
        #expect(waits <= 10)
        #expect(MonotonicClock.nanoseconds() - start < 20_000_000_000)
    }

    @Test func aDeadlineInThePastIsNoWait() throws {
        let (_, host, _) = try Self.ends()
        let waiter = Waiter { try? host.wait(whileAt: LevelSet(bits: 0), until: 1) }
        #expect(waiter.ends(within: 20))
    }

    @Test func aLongWaitTakesLittleOfAProcessor() throws {
        let (_, host, _) = try Self.ends()
        let used = Monitor(Int.max)
        let waiter = Waiter {
            var before = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
            let deadline = MonotonicClock.nanoseconds() + 500_000_000
            try? host.wait(whileAt: LevelSet(bits: 0), until: deadline)
            var after = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
            used.change { used in
                used = (after.tv_sec - before.tv_sec) * 1_000_000_000
                used += after.tv_nsec - before.tv_nsec
                return true
            }
        }
        #expect(waiter.ends(within: 20))
        #expect(used.read { $0 } < 150_000_000)
    }

    @Test func restsOfALinkAreSleptThrough() throws {
        let (_, host, bridge) = try Self.ends()
        let isOver = Waiter { _ = try? Self.exchange(bridge, rounds: 30, seed: 0) }
        var phase = Level.low
        for _ in 0..<30 {
            phase = phase.toggled
            try host.drive(.sckout, phase)
            while true {
                let seen = try host.read()
                if seen[.sckin] == phase { break }
                try host.wait(whileAt: seen, until: nil)
            }
            usleep(1_000)
        }
        #expect(isOver.ends(within: 20))
    }

    // MARK: Taking and giving back

    @Test func anEndIsDrivenByOne() throws {
        let (page, host, _) = try Self.ends()
        let taken = PinFileError.taken(.host, path: nil, by: PinHolder(process: getpid()))
        #expect(throws: taken) { try PinFilePort(.host, on: page) }
        #expect(taken.description == "this process is its host already")
        host.close()
        _ = try PinFilePort(.host, on: page)
    }

    @Test func anEndThatLeavesDrivesNothingHigh() throws {
        let (page, host, bridge) = try Self.ends()
        for wire in [Channel.stx, .sckout] { try host.drive(wire, .high) }
        try host.drive(.reset, .low)
        try host.show(.application, .high)
        for wire in [Channel.srx, .sckin] { try bridge.drive(wire, .high) }
        try bridge.show(.heartbeat, .high)
        try bridge.show(.broker, .low)
        #expect(page.wires == LevelSet(bits: 0b11110))
        host.close()
        #expect(page.wires == LevelSet(bits: 0b11001))
        #expect(page[.lamp] == .low)
        bridge.close()
        #expect(page.wires == .rest)
        #expect(page[.heartbeat] == .low && page[.broker] == .high)
    }

    @Test func anEndThatCameInTheMiddleBringsItsWiresToRest() throws {
        let page = try PinPage()
        for wire in Channel.wires { page[try #require(PinSignal(wire))] = .high }
        _ = try PinFilePort(.host, on: page)
        #expect(page.wires == LevelSet(bits: 0b11001))
    }

    @Test func lampsOfTheOtherEndAreNotThere() throws {
        let (page, host, bridge) = try Self.ends()
        try host.show(.heartbeat, .high)
        try host.show(.broker, .low)
        try bridge.show(.application, .high)
        #expect(page[.heartbeat] == .low && page[.broker] == .high && page[.lamp] == .low)
    }
}
