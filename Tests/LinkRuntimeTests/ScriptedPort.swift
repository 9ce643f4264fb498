import LiveEdges
import LivePorts
import Signals

/// Wires that a test has written down: each look gives the next levels, and the last ones stay.
final class ScriptedPort: WirePort {
    private struct State {
        var looks: [LevelSet]
        var isClosed = false
    }

    let end: LinkEnd
    private let state: Monitor<State>

    init(_ end: LinkEnd, looks: [LevelSet]) {
        self.end = end
        state = Monitor(State(looks: looks))
    }

    var isClosed: Bool { state.read { $0.isClosed } }

    func read() throws(WireFailure) -> LevelSet {
        var levels = LevelSet(bits: 0)
        state.change { state in
            levels = state.looks.count > 1 ? state.looks.removeFirst() : state.looks[0]
            return false
        }
        return levels
    }

    func drive(_ channel: Channel, _ level: Level) throws(WireFailure) {}
    func show(_ lamp: WireLamp, _ level: Level) throws(WireFailure) {}

    func wait(whileAt seen: LevelSet, until deadline: UInt64?) throws(WireFailure) -> Bool {
        state.wait(atMost: 1_000_000) { _ in false }
        return false
    }

    func wake() {}

    func close() {
        state.change { state in
            state.isClosed = true
            return true
        }
    }
}
