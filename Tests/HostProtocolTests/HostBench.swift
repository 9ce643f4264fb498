import HostProtocol
import LinkProtocol
import Signals

/// A host's session with frames written as text, `|` for the separator.
struct HostBench {
    var session: HostSession
    var now: Timestamp = .zero
    private(set) var frames: [String] = []
    private(set) var outputs: [HostSession.Output] = []
    private(set) var tags: [Int] = []
    private var nextCall = 0

    init(_ change: (inout HostConfiguration) -> Void = { _ in }) {
        var configuration = HostConfiguration(
            ssid: Array("net".utf8), password: Array("pw".utf8), broker: Array("broker".utf8))
        configuration.initialisation.readsEscapes = false
        change(&configuration)
        session = HostSession(configuration: configuration)
    }

    static let initText = "init|net|pw|broker|||{}|1|0|0|1|60|0|1|4|10|0|pool.ntp.org"

    mutating func handle(_ input: HostSession.Input) {
        session.handle(input, at: now)
        while let output = session.nextOutput() {
            if case .send(let frame, let tag) = output {
                frames.append(Self.text(frame))
                tags.append(tag)
            } else {
                outputs.append(output)
            }
        }
    }

    mutating func hear(_ text: String, took: Nanoseconds = .zero) {
        handle(.frame(Self.bytes(text), droppedCharacters: 0, took: took))
    }

    @discardableResult
    mutating func call(_ call: HostCall) -> Int {
        nextCall += 1
        handle(.call(call, id: nextCall))
        return nextCall
    }

    @discardableResult
    mutating func publish(
        _ message: String, topic: String = "a", retain: Bool = false,
        qos: QualityOfService = .atLeastOnce
    ) -> Int {
        call(
            .publish(
                topic: Array(topic.utf8), message: Array(message.utf8), isRetained: retain,
                qos: qos))
    }

    @discardableResult
    mutating func subscribe(_ filter: String, qos: QualityOfService = .atLeastOnce) -> Int {
        call(.subscribe(filter: Array(filter.utf8), qos: qos))
    }

    /// Lets time pass up to the deadlines within.
    mutating func wait(_ span: Nanoseconds) {
        let end = now + span
        while let deadline = session.deadline, deadline <= end {
            now = max(now, deadline)
            handle(.timer)
        }
        now = end
    }

    /// The whole start, ready for publications.
    mutating func run() {
        handle(.start)
        handle(.synchronised)
        for status in ["t|2", "t|1", "t|0", "t|5", "t|9"] { hear(status) }
    }

    /// From a crash to the next ready.
    mutating func runAgain() {
        handle(.synchronised)
        for status in ["t|2", "t|1", "t|0", "t|5", "t|9"] { hear(status) }
    }

    mutating func takeFrames() -> [String] {
        defer { frames.removeAll() }
        return frames
    }

    mutating func takeOutputs() -> [HostSession.Output] {
        defer { outputs.removeAll() }
        return outputs
    }

    func result(of call: Int) -> HostResult? {
        for case .returned(call, let result) in outputs { return result }
        return nil
    }

    static func bytes(_ text: String) -> [UInt8] {
        text.utf8.map { $0 == UInt8(ascii: "|") ? 127 : $0 }
    }

    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { $0 == 127 ? UInt8(ascii: "|") : $0 }, as: UTF8.self)
    }
}
