import Glibc
import LiveEdges

/// Events on their way to a file descriptor: a bounded queue, and a thread that writes.
///
/// Nobody who has an event waits. What happens by itself is dropped when too much waits already, and
/// counted; answers are not, so whoever reads requests holds back while ``isCrowded``.
final class ControlOutput: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var lostCount = 0
        var isFinished = false
        /// The thread is through.
        var isOver = false
        var isBroken = false
    }

    private let state = Monitor(State())
    private let descriptor: Int32
    private let bytesMax: Int

    /// The most bytes that wait to be written.
    static let bytesWaitingMax = 64 << 20
    /// As much is written at once to what can be written to: a pipe then does not block.
    private static let pieceMax = 4_096
    private static let patienceMilliseconds: Int32 = 100

    init(_ descriptor: Int32, bytesMax: Int = ControlOutput.bytesWaitingMax) {
        self.descriptor = descriptor
        self.bytesMax = bytesMax
    }

    /// Whether so much waits that no more should be asked for.
    var isCrowded: Bool { state.read { $0.waiting.count > bytesMax / 2 } }
    /// Whether whoever read has gone.
    var isBroken: Bool { state.read { $0.isBroken } }

    /// Starts the thread; false if there is none to be had.
    func start() -> Bool { DetachedThread.start { self.run() } == 0 }

    /// Takes an event; never waits.
    func write(_ event: ControlEvent) {
        let line = event.line
        state.change { state in
            if state.isFinished || state.isBroken { return false }
            if event.isLosable, state.waiting.count + line.count > bytesMax {
                state.lostCount += 1
                return false
            }
            if state.lostCount > 0 {
                let text = "\(state.lostCount) events are lost: they were not read in time"
                state.waiting +=
                    ControlEvent(
                        .error(id: nil, kind: "lost", text: text), at: event.time
                    ).line
                state.lostCount = 0
            }
            state.waiting += line
            return true
        }
    }

    /// Takes nothing more, and waits until all is written, or the time is up.
    func finish(within nanoseconds: UInt64) {
        state.change { state in
            state.isFinished = true
            return true
        }
        state.wait(atMost: nanoseconds) { $0.isOver }
        // Whoever does not read by now is not waited for.
        state.change { state in
            state.isBroken = true
            return true
        }
    }

    private func run() {
        // A reader that has gone is an error of write, and no reason to die.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var bytes: [UInt8] = []
        while true {
            bytes.removeAll(keepingCapacity: true)
            state.wait { state in
                if state.waiting.isEmpty { return state.isFinished || state.isBroken }
                swap(&state.waiting, &bytes)
                return true
            }
            if bytes.isEmpty || !writeAll(bytes) { break }
        }
        state.change { state in
            state.isOver = true
            return true
        }
    }

    private func writeAll(_ bytes: [UInt8]) -> Bool {
        var place = 0
        while place < bytes.count {
            if isBroken { return false }
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&request, 1, Self.patienceMilliseconds)
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            let piece = min(bytes.count - place, Self.pieceMax)
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + place }, piece)
            }
            if count > 0 {
                place += count
            } else if ready < 0 || (errno != EINTR && errno != EAGAIN) {
                state.change { state in
                    state.isBroken = true
                    state.waiting = []
                    return true
                }
                return false
            }
        }
        return true
    }
}
