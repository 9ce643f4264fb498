import HostProtocol
import HostTesting
import LinkProtocol
import LinkRuntime
import Signals
import Testing

@Suite(.timeLimit(.minutes(2)))
struct MQTTLinkCallTests {
    @Test func aPublicationReturnsWhenTheBridgeHasReportedIt() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        _ = bench.engine.takeFrames()
        let link = bench.link
        async let result = link.publish("a/b", "hello", qos: .atLeastOnce, retain: true)
        #expect(await bench.calls(1))
        #expect(bench.engine.takeFrames() == ["p|a/b|hello|1|1"])
        bench.engine.hear("t|4")
        #expect(try await result.isConfirmed)
        #expect(try await result.duration > .zero)
    }

    @Test func aPublicationOfQosZeroInACrashIsNotConfirmed() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let link = bench.link
        async let result = link.publish("a", "b")
        #expect(await bench.calls(1))
        bench.engine.handle(.failed(.watchdog))
        #expect(try await !result.isConfirmed)
    }

    @Test func timeMemoryAndCommandsReturnWhatTheBridgeSays() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let link = bench.link
        async let time = link.time()
        #expect(await bench.calls(1))
        async let y2k = link.time(y2k: true)
        #expect(await bench.calls(2))
        async let memory = link.memory()
        #expect(await bench.calls(3))
        bench.engine.hear("i|1000", "i|1001", "m|20000|10000")
        #expect(try await time == 946_685_800)
        #expect(try await y2k == 1_001)
        #expect(try await memory.freeBytes == 20_000)
        #expect(try await memory.allocatedBytes == 10_000)
        _ = bench.engine.takeFrames()
        try await link.command("x", "1", "2")
        #expect(bench.engine.takeFrames() == ["x|1|2"])
    }

    @Test func readyReturnsWhenTheBridgeRunsAndTheNetworkIsUp() async throws {
        let bench = try MQTTLinkBench()
        let link = bench.link
        let isReady = Collected<Bool>()
        let waiting = Task {
            try await link.ready()
            isReady.add(true)
        }
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|2", "t|1", "t|0")
        #expect(!link.isRunning && !link.isOnline)
        bench.engine.hear("t|5")
        #expect(link.isRunning && link.isOnline)
        try await Task.sleep(nanoseconds: 50_000_000)
        #expect(isReady.values.isEmpty)
        bench.engine.hear("t|9")
        try await waiting.value
        // From now on at once, but not in an outage.
        try await link.ready()
        bench.engine.hear("t|10")
        #expect(link.isRunning && !link.isOnline)
        let late = Task { try await link.ready() }
        try await Task.sleep(nanoseconds: 50_000_000)
        bench.engine.hear("t|9")
        try await late.value
    }

    static let refusals: [(String, String, String, String)] = [
        ("a", "b\u{7f}", "unsendable", "publish: byte 1 of its message is 0x7f"),
        ("ä", "b", "unsendable", "publish: byte 0 of its topic is 0xc3"),
        ("", "b", "unsendable", "publish: its topic is empty"),
        ("a/+", "b", "wildcardInTopic", "publish: a topic to publish to must not hold + or #"),
        (
            "a", String(repeating: "x", count: 20_000), "tooLong",
            "publish: too long for the link: with its topic and separators it may have 16384 bytes"
        ),
    ]

    @Test(arguments: refusals)
    func aRefusalIsAnErrorInWords(
        topic: String, message: String, kind: String, words: String
    ) async throws {
        let bench = try MQTTLinkBench()
        let error = await #expect(throws: MQTTLinkError.self) {
            try await bench.link.publish(topic, message)
        }
        #expect(error?.kind == kind)
        #expect("\(try #require(error))".hasPrefix(words))
    }

    @Test func moreThanMayWaitIsRefused() async throws {
        let bench = try MQTTLinkBench(change: { $0.callsMax = 1 })
        let link = bench.link
        let waiting = Task { try await link.memory() }
        #expect(await bench.calls(1))
        let error = await #expect(throws: MQTTLinkError.self) { try await link.memory() }
        #expect(
            "\(try #require(error))"
                == "memory: 1 such calls wait, and more may not; await some of them")
        waiting.cancel()
    }

    @Test func aCancelledCallThrowsAtOnceAndWhatReturnsLaterIsPassedOver() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let link = bench.link
        let publishing = Task { try await link.publish("a", "b") }
        #expect(await bench.calls(1))
        publishing.cancel()
        await #expect(throws: CancellationError.self) { try await publishing.value }
        bench.engine.hear("t|4")
        // The link works on.
        async let next = link.publish("a", "c")
        #expect(await bench.calls(2))
        bench.engine.hear("t|4")
        #expect(try await next.isConfirmed)
    }

    @Test func aCancelledWaitForReadinessThrows() async throws {
        let bench = try MQTTLinkBench()
        let link = bench.link
        let waiting = Task { try await link.ready() }
        try await Task.sleep(nanoseconds: 10_000_000)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        bench.engine.runBridge()
        try await link.ready()
    }

    /// Ways in which a link can end, and what a call that waits is told.
    enum Ending: CaseIterable, Sendable {
        case closed, failed, unsendableConfiguration
    }

    struct WiresGone: Error, CustomStringConvertible {
        var description: String { "the wires are gone" }
    }

    @Test(arguments: Ending.allCases)
    func whenTheLinkEndsEverybodyWhoWaitsIsTold(ending: Ending) async throws {
        let bench = try MQTTLinkBench()
        let link = bench.link
        let calls: [@Sendable () async throws -> Void] = [
            { try await link.publish("a", "b", qos: .atLeastOnce) },
            { _ = try await link.time() },
            { _ = try await link.memory() },
            { try await link.command("x") },
            { try await link.ready() },
        ]
        let waiting = calls.map { call in Task { try await call() } }
        #expect(await bench.calls(4))
        let messages = try await link.subscribe("a")
        let (sessions, states, statuses) = (link.sessions, link.networkStates, link.statuses)
        switch ending {
        case .closed: try await link.close()
        case .failed: bench.engine.fail(WiresGone())
        case .unsendableConfiguration:
            bench.engine.say(
                .event(
                    .configurationUnsendable(
                        UnsendableMessage(
                            command: .initialise, fieldIndex: 2, offset: 3, reason: .byte(0xc3)))))
        }
        let words =
            switch ending {
            case .closed: "the link is closed"
            case .failed: "the link has ended: the wires are gone"
            case .unsendableConfiguration:
                "the link cannot carry the configuration: field 2 of `init`, byte 3: only bytes from "
                    + "1 to 126 can cross the link"
            }
        for task in waiting {
            let error = await #expect(throws: MQTTLinkError.self) { try await task.value }
            #expect("\(try #require(error))" == words)
        }
        for call in calls {
            let error = await #expect(throws: MQTTLinkError.self) { try await call() }
            #expect("\(try #require(error))" == words)
        }
        // All sequences end, also those that begin after the end.
        for await _ in messages {}
        for await _ in sessions {}
        for await _ in states {}
        for await _ in statuses {}
        for await _ in link.sessions {}
        #expect(!link.isRunning && !link.isOnline)
        #expect("\(try #require(link.end))" == words)
    }

    @Test func manyCallsFromManyTasksAllReturn() async throws {
        let bench = try MQTTLinkBench(change: { $0.publicationsMax = 500 })
        bench.engine.runBridge()
        let (link, engine) = (bench.link, bench.engine)
        let acknowledging = Task {
            while !Task.isCancelled {
                for frame in engine.takeFrames() where frame.hasPrefix("p|") { engine.hear("t|4") }
                await Task.yield()
            }
        }
        let confirmed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await link.publish("t", "\(number)", qos: .atLeastOnce).isConfirmed
                }
            }
            var count = 0
            for try await isConfirmed in group where isConfirmed { count += 1 }
            return count
        }
        acknowledging.cancel()
        #expect(confirmed == 200)
    }
}
