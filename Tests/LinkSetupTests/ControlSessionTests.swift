import Decoding
import Glibc
import HostProtocol
import HostTesting
import LinkProtocol
import Signals
import Synchronization
import Testing

@testable import LinkRuntime
@testable import LinkSetup

/// A control session over pipes, and a host's session behind it.
private final class ControlBench: Sendable {
    let session: ControlSession
    let link: MQTTLink
    let engine: SessionEngine
    private let requests: Int32
    private let events: Int32
    private let inner: [Int32]
    private let received = Mutex<[UInt8]>([])
    private let isClosed = Mutex(false)

    init(
        patience: Nanoseconds = .seconds(20), bytesMax: Int = ControlOutput.bytesWaitingMax,
        change: (inout HostConfiguration) -> Void = { _ in }
    ) throws {
        var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
        #expect(pipe(&input) == 0 && pipe(&output) == 0)
        requests = input[1]
        events = output[0]
        inner = [input[0], output[1]]
        var configuration = SessionEngine.configuration
        change(&configuration)
        session = ControlSession(
            input: input[0], patience: patience,
            output: ControlOutput(output[1], bytesMax: bytesMax))
        var made: SessionEngine?
        link = MQTTLink(observer: session.observer) { output, ended in
            let engine = SessionEngine(configuration, output: output, ended: ended)
            made = engine
            return engine
        }
        engine = try #require(made)
    }

    deinit {
        closeRequests()
        for descriptor in inner + [events] { close(descriptor) }
    }

    func ask(_ lines: String...) {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        var place = 0
        while place < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(requests, buffer.baseAddress.map { $0 + place }, buffer.count - place)
            }
            if count <= 0 { return }
            place += count
        }
    }

    func closeRequests() {
        isClosed.withLock { isClosed in
            if !isClosed { close(requests) }
            isClosed = true
        }
    }

    func closeEvents() { _ = dup2(requests, events) }

    /// The lines so far, times and durations taken out.
    func lines() -> [String] {
        var request = pollfd(fd: events, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, 0) > 0 {
            var block = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(events, &block, block.count)
            if count <= 0 { break }
            received.withLock { $0 += block[..<count] }
        }
        return received.withLock { bytes in
            bytes.split(separator: 0x0a).compactMap { line in
                guard case .object(var members)? = try? JSONNode(parsing: Array(line)) else {
                    return "no JSON: " + String(decoding: line, as: UTF8.self)
                }
                members.removeAll { $0.name == "time" || $0.name == "duration" }
                return String(decoding: JSONNode.object(members).bytes, as: UTF8.self)
            }
        }
    }

    var hasStarted: Bool {
        get async { await eventually { self.engine.isStarted } }
    }

    func hears(_ line: String) async -> Bool { await eventually { self.lines().contains(line) } }
}

@Suite(.timeLimit(.minutes(2)))
struct ControlSessionTests {
    @Test func aConversationFromStartToQuit() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(
            #"{"op":"subscribe","id":1,"topic":"cmd/#","qos":1}"#, "",
            #"{"op":"ready","id":2}"#)
        #expect(await bench.hears(#"{"event":"returned","id":1,"op":"subscribe","result":{}}"#))
        bench.engine.runBridge()
        #expect(await bench.hears(#"{"event":"returned","id":2,"op":"ready","result":{}}"#))
        #expect(bench.engine.takeFrames().last == "s|cmd/#|1")
        bench.ask(
            #"{"op":"publish","id":3,"topic":"a","message":"1","qos":1}"#,
            #"{"op":"publish","id":4,"topic":"a","message":"2"}"#, #"{"op":"memory","id":5}"#,
            #"{"op":"publish","id":6,"topic":"a+","message":"2"}"#,
            #"{"op":"command","id":7,"fields":["x","y"]}"#,
            #"{"op":"answer","id":8,"answer":"reset"}"#,
            #"{"op":"nothing","id":9}"#)
        #expect(await eventually { bench.engine.callCount == 6 })
        bench.engine.hear("t|4", "t|4", "m|10|20", "u|cmd/in|go|True")
        bench.ask(#"{"op":"unsubscribe","id":10,"topic":"cmd/#"}"#)
        #expect(await bench.hears(#"{"event":"returned","id":10,"op":"unsubscribe","result":{}}"#))
        bench.ask(#"{"op":"quit","id":11}"#)
        #expect(try await end == .quit)
        let lines = bench.lines()
        for line in [
            #"{"event":"status","status":5,"name":"RUNNING","awaitsAnswer":false}"#,
            #"{"event":"session","number":1}"#, #"{"event":"network","up":true}"#,
            #"{"event":"ready"}"#,
            #"{"event":"returned","id":3,"op":"publish","result":{"confirmed":true}}"#,
            #"{"event":"returned","id":4,"op":"publish","result":{"confirmed":true}}"#,
            #"{"event":"returned","id":5,"op":"memory","result":{"free":10,"allocated":20}}"#,
            #"{"event":"returned","id":6,"op":"publish","error":{"kind":"wildcardInTopic","#
                + #""text":"publish: a topic to publish to must not hold + or #"}}"#,
            #"{"event":"returned","id":7,"op":"command","result":{}}"#,
            #"{"event":"returned","id":8,"op":"answer","error":{"kind":"notAsked","#
                + #""text":"no status awaits an answer"}}"#,
            #"{"event":"message","topic":"cmd/in","message":"go","retained":true}"#,
            #"{"event":"network","up":false}"#,
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(
            lines.contains { $0.hasPrefix(#"{"event":"error","id":9,"kind":"unknownOperation""#) })
        #expect(lines.last == #"{"event":"returned","id":11,"op":"quit","result":{}}"#)
    }

    @Test func requestsAreMadeInTheOrderOfTheirLines() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.engine.runBridge()
        for number in 0..<50 {
            bench.ask(#"{"op":"publish","id":\#(number),"topic":"a","message":"\#(number)"}"#)
        }
        #expect(await eventually { bench.engine.callCount == 50 })
        for _ in 0..<50 { bench.engine.hear("t|4") }
        bench.closeRequests()
        #expect(try await end == .endOfInput)
        let published = bench.engine.takeFrames().filter { $0.hasPrefix("p|") }
        #expect(published == (0..<50).map { "p|a|\($0)||0" })
    }

    @Test func theEndOfTheInputWaitsForWhatHasNotReturned() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(#"{"op":"publish","id":1,"topic":"a","message":"1","qos":1}"#)
        bench.closeRequests()
        try await Task.sleep(nanoseconds: 300_000_000)
        bench.engine.runBridge()
        bench.engine.hear("t|4")
        #expect(try await end == .endOfInput)
        #expect(
            bench.lines().contains(
                #"{"event":"returned","id":1,"op":"publish","result":{"confirmed":true}}"#))
    }

    @Test func theWaitAtTheEndHasALimitAndWhatIsOpenThenFails() async throws {
        let bench = try ControlBench(patience: .milliseconds(200))
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(
            #"{"op":"publish","id":1,"topic":"a","message":"1"}"#, #"{"op":"ready","id":2}"#,
            #"{"op":"quit"}"#)
        #expect(try await end == .quit)
        let failure = #""error":{"kind":"closed","text":"the link is closed"}}"#
        #expect(
            bench.lines() == [
                #"{"event":"returned","id":1,"op":"publish","# + failure,
                #"{"event":"returned","id":2,"op":"ready","# + failure,
                #"{"event":"returned","op":"quit","result":{}}"#,
            ])
    }

    @Test func anApplicationAnswersAStatus() async throws {
        let bench = try ControlBench { $0.statusHandler = .application }
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.engine.handle(.synchronised)
        bench.engine.hear("t|3")
        #expect(
            await bench.hears(
                #"{"event":"status","status":3,"name":"SPECNET","awaitsAnswer":true}"#))
        bench.ask(#"{"op":"answer","id":1,"answer":"proceed"}"#)
        #expect(await bench.hears(#"{"event":"returned","id":1,"op":"answer","result":{}}"#))
        #expect(await eventually { bench.engine.takeFrames().contains("1") })
        bench.ask(#"{"op":"restart","id":2}"#, #"{"op":"quit"}"#)
        #expect(try await end == .quit)
        #expect(bench.lines().contains(#"{"event":"crash","status":11,"name":"ESP_FAIL"}"#))
    }

    @Test func linesThatAreNoRequestsAreToldAndPassedOver() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(
            "hello", String(repeating: "x", count: 1_100_000), #"{"op":"memory","id":1,"a":1}"#)
        bench.ask(#"{"op":"subscribe","id":2,"topic":"a"}"#, #"{"op":"quit"}"#)
        #expect(try await end == .quit)
        let lines = bench.lines()
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix(#"{"event":"error","kind":"notJSON","text":"byte 1: "#))
        #expect(
            lines[1]
                == #"{"event":"error","kind":"tooLong","text":"a line may have 1048576 bytes"}"#)
        #expect(lines[2].hasPrefix(#"{"event":"error","id":1,"kind":"unknownMember","#))
        #expect(lines[3] == #"{"event":"returned","id":2,"op":"subscribe","result":{}}"#)
    }

    struct WiresGone: Error, CustomStringConvertible {
        var description: String { "the wires are gone" }
    }

    @Test func theEndOfTheLinkIsToldAndEndsTheSession() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(#"{"op":"ready","id":1}"#)
        try await Task.sleep(nanoseconds: 50_000_000)
        bench.engine.fail(WiresGone())
        #expect(try await end == .linkEnded("the link has ended: the wires are gone"))
        #expect(
            bench.lines().contains(
                #"{"event":"error","kind":"ended","text":"the link has ended: the wires are gone"}"#
            ))
    }

    @Test func whoeverStopsTheSessionNeedNotWait() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(#"{"op":"ready","id":1}"#)
        bench.session.requestEnd()
        #expect(try await end == .requested)
    }

    @Test func theSessionEndsWhenNobodyReadsTheEventsAnyMore() async throws {
        let bench = try ControlBench()
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.closeEvents()
        bench.engine.runBridge()
        #expect(try await end == .outputClosed)
    }

    @Test func whatIsNotReadInTimeIsDroppedAndCountedButAnswersAreNot() async throws {
        let bench = try ControlBench(bytesMax: 10_000)
        async let end = bench.session.run(bench.link)
        #expect(await bench.hasStarted)
        bench.ask(#"{"op":"subscribe","id":1,"topic":"a"}"#)
        #expect(await eventually { bench.engine.callCount == 1 })
        bench.engine.runBridge()
        // A pipe holds 64 KiB, the queue 10 kB more.
        let text = String(repeating: "x", count: 1_000)
        for _ in 0..<200 { bench.engine.hear("u|a|\(text)|False") }
        bench.engine.hear("t|10")
        let reading = Task { await bench.hears(#"{"event":"network","up":false}"#) }
        #expect(await reading.value)
        bench.closeRequests()
        #expect(try await end == .endOfInput)
        let lines = bench.lines()
        let heard = lines.count { $0.contains(#""event":"message""#) }
        let lost = lines.compactMap { line -> Int? in
            guard line.contains(#""kind":"lost""#),
                let text = try? JSONNode(
                    parsing: Array(line.utf8))["text"]?.text
            else { return nil }
            return text.split(separator: " ").first.flatMap { Int($0) }
        }
        // The status WIFI_DOWN can be among the lost.
        #expect(heard + lost.reduce(0, +) >= 200 && heard + lost.reduce(0, +) <= 201)
        #expect(heard < 200)
    }
}
