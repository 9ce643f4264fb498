import Glibc
import HostProtocol
import LinkProtocol
import LinkRuntime
import LiveEdges
import PinFileTransport
import Signals

/// A live link on wires in shared memory, its ends in two processes, beside a bare ping-pong of two
/// bytes of such a page between two processes.
///
/// A bit of the link is one round trip. The host publishes long messages with qos 0, one after the
/// other, to a bridge with a simulated broker; what it says between them is not counted.
struct LiveBenchmark {
    let synscope: String
    let folder: String
    let runs: Int

    private static let seconds = 2.0
    private static let messageLength = 4_000
    private static let bitsOfACharacter = 7.0
    /// Characters a second at which tracing must hardly cost anything.
    private static let moderateRate = 100_000.0

    func figures() throws -> [Figure] {
        let bare = try Trials(runs) {
            try PingPong.roundTrips(folder: folder, seconds: Self.seconds)
        }
        let exchange = try Trials(runs) {
            try PingPong.roundTrips(.bits, folder: folder, seconds: Self.seconds)
        }
        let stamped = try Trials(runs) {
            try PingPong.roundTrips(.stampedBits, folder: folder, seconds: Self.seconds)
        }
        let free = try Trials(runs) { try bits(traced: false, atMost: nil) }
        let traced = try Trials(runs) { try bits(traced: true, atMost: nil) }
        let moderate = try Trials(runs) { try bits(traced: false, atMost: Self.moderateRate) }
        let moderateTraced = try Trials(runs) { try bits(traced: true, atMost: Self.moderateRate) }
        let peer = Figure.Peer(
            name: "bare ping-pong of two bytes, round trips/s", value: bare.median)
        return [
            exchange.figure(
                "bare exchange of a data and a clock byte each way", "round trips/s", peer: peer),
            stamped.figure(
                "the same, each end reads the time once", "round trips/s", peer: peer),
            free.figure(
                "pin file, two processes, not traced", "bits/s", peer: peer,
                goal: .init(
                    text: "≥ 0.6 of the ping-pong", isMet: free.median >= 0.6 * bare.median)),
            traced.figure(
                "the same, both ends traced", "bits/s",
                peer: .init(name: "not traced", value: free.median)),
            moderateTraced.figure(
                "both ends traced, at most 100,000 characters/s asked for", "bits/s",
                peer: .init(name: "not traced", value: moderate.median),
                goal: .init(
                    text: "≥ 0.9 of not traced",
                    isMet: moderateTraced.median >= 0.9 * moderate.median)),
        ] + (try idle())
    }

    /// Bits a second in messages, one way.
    private func bits(traced: Bool, atMost rate: Double?) throws -> Double {
        let link = try BenchLink(
            synscope: synscope, folder: folder, trace: traced, idlePause: .zero)
        defer { link.end() }
        let message = [UInt8](repeating: UInt8(ascii: "m"), count: Self.messageLength)
        var characters = 0.0
        let start = MonotonicClock.nanoseconds()
        var elapsed = 0.0
        while elapsed < Self.seconds {
            try link.publish(message)
            characters += Double(Self.messageLength)
            elapsed = Double(MonotonicClock.nanoseconds() - start) * 1e-9
            if let rate, characters / rate > elapsed {
                usleep(UInt32((characters / rate - elapsed) * 1e6))
                elapsed = Double(MonotonicClock.nanoseconds() - start) * 1e-9
            }
        }
        try link.finishPublications()
        elapsed = Double(MonotonicClock.nanoseconds() - start) * 1e-9
        if link.lostEdges > 0 {
            let text = "bench: tracing lost \(link.lostEdges) edges of the host, told as gaps\n"
            _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        }
        return characters * Self.bitsOfACharacter / elapsed
    }

    /// The share of a core that an idle link takes at its default settings.
    private func idle() throws -> [Figure] {
        let link = try BenchLink(
            synscope: synscope, folder: folder, trace: false,
            idlePause: HostConfiguration(ssid: [], password: [], broker: []).link.idlePause)
        defer { link.end() }
        let host = try Trials(1) { try share { ProcessorTime.own } }
        let bridge = try Trials(1) { try share { ProcessorTime(of: link.bridge) } }
        func figure(_ trials: Trials, _ name: String) -> Figure {
            trials.figure(
                "idle link, the \(name)'s share of a core", "%",
                goal: .init(text: "≤ 3 %", isMet: trials.median <= 3))
        }
        return [figure(host, "host"), figure(bridge, "bridge")]
    }

    private func share(_ time: () throws -> ProcessorTime) throws -> Double {
        let before = try time().seconds
        let start = MonotonicClock.nanoseconds()
        usleep(5_000_000)
        let elapsed = Double(MonotonicClock.nanoseconds() - start) * 1e-9
        return (try time().seconds - before) / elapsed * 100
    }
}

/// A host in this process, and a bridge with a simulated broker in another.
final class BenchLink {
    let bridge: pid_t
    private let host: LiveHost
    private let answers: Monitor<(returned: Int, isReady: Bool)>
    private var calls = 0

    init(synscope: String, folder: String, trace: Bool, idlePause: Nanoseconds) throws {
        let path = "\(folder)/wires"
        unlink(path)
        try PinPage.create(path)
        var words = ["bridge", "--wires", path, "--simulated-broker", "--quiet"]
        if trace { words += ["--trace", "\(folder)/live-bridge.syn", "--force"] }
        bridge = try ChildProcess.start(synscope, words)
        var configuration = HostConfiguration(
            ssid: Array("bench".utf8), password: Array("bench".utf8), broker: Array("bench".utf8))
        configuration.link.settling = .milliseconds(500)
        configuration.link.idlePause = idlePause
        let answers = Monitor((returned: 0, isReady: false))
        self.answers = answers
        host = LiveHost(
            configuration: configuration, port: try PinFilePort(.host, on: PinPage(opening: path)),
            trace: trace
                ? TracePlan(path: "\(folder)/live-host.syn", replacing: true) : nil
        ) { output, _ in
            answers.change { answers in
                switch output {
                case .returned: answers.returned += 1
                case .ready: answers.isReady = true
                default: return false
                }
                return true
            }
        }
        try host.start()
        guard answers.wait(atMost: 20_000_000_000, until: { $0.isReady }) else {
            throw ChildProcess.Failure(command: "\(synscope) bridge", problem: "no link in 20 s")
        }
    }

    var lostEdges: Int64 { host.lostEdges }

    /// Publishes, with one publication ahead of the one that is under way.
    func publish(_ message: [UInt8]) throws {
        calls += 1
        host.send(
            .call(
                .publish(
                    topic: Array("bench".utf8), message: message, isRetained: false,
                    qos: .atMostOnce), id: calls))
        try awaitReturns(calls - 1)
    }

    /// Waits for all of them.
    func finishPublications() throws { try awaitReturns(calls) }

    private func awaitReturns(_ count: Int) throws {
        guard answers.wait(atMost: 20_000_000_000, until: { $0.returned >= count }) else {
            throw ChildProcess.Failure(command: "publish", problem: "not done in 20 s")
        }
    }

    func end() {
        try? host.stop()
        kill(bridge, SIGTERM)
        var status: Int32 = 0
        while waitpid(bridge, &status, 0) < 0, errno == EINTR {}
    }
}

/// The time that a process has kept processors busy.
struct ProcessorTime {
    var seconds: Double

    /// Of this process.
    static var own: ProcessorTime {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return ProcessorTime(seconds: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
    }

    private init(seconds: Double) { self.seconds = seconds }

    /// Of another one.
    init(of process: pid_t) {
        var clock = clockid_t()
        var time = timespec()
        clock_getcpuclockid(process, &clock)
        clock_gettime(clock, &time)
        seconds = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
