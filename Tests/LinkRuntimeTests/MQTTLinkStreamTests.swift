import HostProtocol
import HostTesting
import LinkProtocol
import LinkRuntime
import Testing

@Suite(.timeLimit(.minutes(2)))
struct MQTTLinkStreamTests {
    @Test func messagesGoToTheSubscriptionsThatChooseThem() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let all = try await bench.link.subscribe("cmd/#", qos: .atLeastOnce)
        let one = try await bench.link.subscribe("cmd/in")
        bench.engine.hear("u|cmd/out|1|False", "u|cmd/in|2|True", "u|other|3|False")
        try await bench.link.unsubscribe("cmd/#")
        bench.engine.hear("u|cmd/in|4|False")
        try await bench.link.close()
        var heard: [String] = []
        for await message in all {
            heard.append("\(message.topicText)=\(message.text) \(message.isRetained)")
        }
        #expect(heard == ["cmd/out=1 false", "cmd/in=2 true"])
        heard = []
        for await message in one { heard.append(message.text) }
        #expect(heard == ["2", "4"])
    }

    @Test func aCallbackGetsOneMessageAfterTheOther() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let heard = Collected<String>()
        let delivering = try await bench.link.subscribe("a") { message in
            await Task.yield()
            heard.add(message.text)
        }
        for number in 0..<50 { bench.engine.hear("u|a|\(number)|False") }
        try await bench.link.close()
        await delivering.value
        #expect(heard.values == (0..<50).map(String.init))
    }

    @Test func aFullBufferDropsTheOldestAndCountsThem() async throws {
        let bench = try MQTTLinkBench()
        bench.engine.runBridge()
        let messages = try await bench.link.subscribe("a", bufferingMax: 3)
        for number in 0..<10 { bench.engine.hear("u|a|\(number)|False") }
        #expect(messages.droppedCount == 7)
        try await bench.link.close()
        var heard: [String] = []
        for await message in messages { heard.append(message.text) }
        #expect(heard == ["7", "8", "9"])
    }

    @Test func subscribingToNoFilterThrowsAndToOneThatIsForgottenToo() async throws {
        let bench = try MQTTLinkBench()
        let error = await #expect(throws: MQTTLinkError.self) {
            _ = try await bench.link.subscribe("a/#/b")
        }
        #expect(error?.kind == "malformedFilter")
        let other = await #expect(throws: MQTTLinkError.self) {
            try await bench.link.unsubscribe("a")
        }
        #expect(
            "\(try #require(other))" == "unsubscribe: there is no such subscription")
    }

    @Test func aReaderWhoseTaskIsCancelledGetsTheEnd() async throws {
        let bench = try MQTTLinkBench()
        let messages = try await bench.link.subscribe("a")
        let reading = Task {
            var count = 0
            for await _ in messages { count += 1 }
            return count
        }
        try await Task.sleep(nanoseconds: 10_000_000)
        reading.cancel()
        #expect(await reading.value == 0)
    }

    @Test func everyStartOfTheBridgeIsASession() async throws {
        let bench = try MQTTLinkBench()
        let sessions = bench.link.sessions
        bench.engine.runBridge()
        let late = bench.link.sessions
        bench.engine.handle(.failed(.watchdog))
        #expect(!bench.link.isRunning)
        let between = bench.link.sessions
        bench.engine.runBridge()
        try await bench.link.close()
        #expect(await collect(sessions) == [1, 2])
        #expect(await collect(late) == [1, 2])
        #expect(await collect(between) == [2])
    }

    @Test func theNetworkIsToldWheneverItChanges() async throws {
        let bench = try MQTTLinkBench()
        let states = bench.link.networkStates
        bench.engine.runBridge()
        let late = bench.link.networkStates
        bench.engine.hear("t|10", "t|9", "t|9")
        bench.engine.handle(.failed(.watchdog))
        let down = bench.link.networkStates
        try await bench.link.close()
        #expect(await collect(states) == [true, false, true, false])
        #expect(await collect(late) == [true, false, true, false])
        #expect(await collect(down) == [])
    }

    @Test func crashesAreToldWithTheirStatus() async throws {
        let told = Collected<Status>()
        let bench = try MQTTLinkBench(onCrash: { told.add($0) })
        let crashes = bench.link.crashes
        bench.engine.runBridge()
        bench.engine.handle(.failed(.watchdog))
        #expect(await eventually { told.values == [.noNetwork] })
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|2", "t|1", "t|8")
        #expect(await eventually { told.values == [.noNetwork, .brokerFail] })
        try await bench.link.close()
        #expect(await collect(crashes) == [.noNetwork, .brokerFail])
    }

    // MARK: Statuses

    @Test func theHandlerAnswersForTheSecondNetwork() async throws {
        let bench = try MQTTLinkBench(onStatus: { status in
            status.status == .specifiedNetwork ? .proceed : .reset
        })
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|2", "t|3")
        let engine = bench.engine
        let sent = Collected<String>()
        #expect(
            await eventually {
                for frame in engine.takeFrames() { sent.add(frame) }
                return sent.values.last == "1"
            })
    }

    @Test func theHandlerIsAwaitedBeforeAReset() async throws {
        let (gate, release) = AsyncStream<Void>.makeStream()
        let crashes = Collected<Status>()
        let bench = try MQTTLinkBench(
            onStatus: { status in
                if status.status == .brokerFail { for await _ in gate { break } }
                return .proceed
            }, onCrash: { crashes.add($0) })
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|2", "t|1", "t|8")
        try await Task.sleep(nanoseconds: 100_000_000)
        #expect(crashes.values.isEmpty)
        release.yield()
        #expect(await eventually { crashes.values == [.brokerFail] })
    }

    @Test func anAnswerToAQuestionOfTheSessionBeforeIsNotGiven() async throws {
        let bench = try MQTTLinkBench(change: { $0.statusHandler = .application })
        var statuses = bench.link.statuses.makeAsyncIterator()
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|3")
        let question = try #require(await statuses.next())
        #expect(question.status == .specifiedNetwork && question.awaitsAnswer)
        bench.engine.handle(.failed(.watchdog))
        let failure = try #require(await statuses.next())
        #expect(failure.status == .bridgeFail && failure.awaitsAnswer)
        #expect(!bench.link.answer(.proceed, to: question))
        #expect(bench.link.answer(.proceed, to: failure))
        // Once is enough.
        #expect(!bench.link.answer(.proceed, to: failure))
    }

    @Test func whatAnUnknownRepeatsIsToldWithoutItsSecrets() async throws {
        let bench = try MQTTLinkBench()
        var statuses = bench.link.statuses.makeAsyncIterator()
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|6|Unknown command|init|net|hunter2|broker")
        let status = try #require(await statuses.next())
        #expect(String(decoding: status.text, as: UTF8.self) == "Unknown command")
        let offending = String(decoding: status.offending, as: UTF8.self)
        #expect(offending.hasPrefix("init"))
        #expect(!offending.contains("hunter2"))
    }

    private func collect<Element>(_ sequence: BufferedSequence<Element>) async -> [Element] {
        var elements: [Element] = []
        for await element in sequence { elements.append(element) }
        return elements
    }
}
