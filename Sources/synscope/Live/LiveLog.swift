import Decoding
import LinkRuntime
import LiveEdges
import Reporting
import Signals

/// What a running end tells on standard error: the journal as `decode` shows it.
///
/// Lines wait in a bounded queue for a thread of their own, since a terminal can be stopped and a link
/// cannot wait. What finds no room is counted.
final class LiveLog: Sendable {
    private struct State {
        var decoder = JournalDecoder()
        var lines: [String] = []
        var dropped = 0
        var isOver = false
        var isPrinted = false
    }

    private let state = Monitor(State())
    private let detail: JournalEvent.Detail

    /// The most lines that wait.
    private static let linesMax = 1_024
    /// Longer lines are cut: a terminal is no place for a megabyte. A capture has all of it.
    private static let lineLengthMax = 2_000

    private static func shortened(_ line: String) -> String {
        guard line.utf8.count > lineLengthMax else { return line }
        return "\(line.prefix(lineLengthMax))… (\(line.utf8.count) bytes)"
    }

    init(_ detail: JournalEvent.Detail) throws {
        self.detail = detail
        let state = state
        guard DetachedThread.start({ Self.print(state) }) == 0 else {
            throw Failure(.failed, "no thread can be started for the log")
        }
    }

    /// Hears the journal, if anything of it is told.
    var listener: JournalListener? {
        if detail == .none { return nil }
        return { self.hear($0) }
    }

    /// Hears a record of the journal, on any thread.
    private func hear(_ record: JournalRecord) {
        state.change { state in
            let lines = state.decoder.events(of: record)
                .filter { $0.detail <= detail }
                .map { Self.shortened(LiveEventLine.text(of: $0)) }
            return Self.append(lines, to: &state)
        }
    }

    /// Adds a line of its own, also where the journal is not told.
    func note(_ text: String) {
        state.change { Self.append([text], to: &$0) }
    }

    /// Adds a line of its own beside the journal's.
    func note(_ text: String, at time: Timestamp) {
        if detail != .none { note(LiveEventLine.text(text, at: time)) }
    }

    /// Waits until everything is printed, for a second at most.
    func finish() {
        state.change { state in
            state.isOver = true
            return true
        }
        state.wait(atMost: 1_000_000_000) { $0.isPrinted }
    }

    private static func append(_ lines: [String], to state: inout State) -> Bool {
        let room = max(0, linesMax - state.lines.count)
        state.lines += lines.prefix(room)
        state.dropped += lines.count - min(room, lines.count)
        return !lines.isEmpty
    }

    private static func print(_ state: Monitor<State>) {
        var isOver = false
        while !isOver {
            var lines: [String] = []
            var dropped = 0
            state.wait { state in
                isOver = state.isOver
                guard isOver || !state.lines.isEmpty else { return false }
                swap(&lines, &state.lines)
                swap(&dropped, &state.dropped)
                return true
            }
            for line in lines { Console.note(line) }
            if dropped > 0 {
                Console.note("(\(CountText.counted(dropped, "line")) found no room here)")
            }
        }
        state.change { state in
            state.isPrinted = true
            return true
        }
    }
}
