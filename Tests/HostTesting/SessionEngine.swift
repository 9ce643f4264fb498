internal import Dispatch
package import HostProtocol
package import LinkProtocol
package import LinkRuntime
package import Signals

/// A host's session as an engine: real calls, real refusals, and a bridge that says what a test wants.
package final class SessionEngine: HostEngine {
    private final class State: @unchecked Sendable {
        var session: HostSession
        var now = Timestamp.zero
        var frames: [String] = []
        var calls = 0
        var isStarted = false

        init(_ configuration: HostConfiguration) {
            session = HostSession(configuration: configuration)
        }
    }

    private let state: State
    /// Stands for the link's thread.
    private let thread = DispatchQueue(label: "link")
    private let output: @Sendable (HostMachine.Output, Timestamp) -> Void
    private let ended: @Sendable ((any Error)?) -> Void

    /// A host's configuration with nothing special in it.
    package static var configuration: HostConfiguration {
        HostConfiguration(
            ssid: Array("net".utf8), password: Array("pass".utf8), broker: Array("broker".utf8))
    }

    package init(
        _ configuration: HostConfiguration = SessionEngine.configuration,
        output: @escaping @Sendable (HostMachine.Output, Timestamp) -> Void,
        ended: @escaping @Sendable ((any Error)?) -> Void
    ) {
        state = State(configuration)
        self.output = output
        self.ended = ended
    }

    // MARK: As an engine

    package func start() throws {
        thread.sync {
            state.isStarted = true
            give(.start)
        }
    }

    package func send(_ input: HostMachine.Input) -> Bool {
        thread.async { self.take(input) }
        return true
    }

    package func stop() throws {
        handle(.stop)
        ended(nil)
    }

    private func take(_ input: HostMachine.Input) {
        switch input {
        case .start: give(.start)
        case .stop: give(.stop)
        case .call(let call, let id):
            state.calls += 1
            give(.call(call, id: id))
        case .statusAnswer(let answer): give(.statusAnswer(answer))
        case .timer: give(.timer)
        case .levels: break
        }
    }

    // MARK: As a test wants it

    /// The frames that the host has sent, `|` for the separator, since they were last taken.
    package func takeFrames() -> [String] {
        thread.sync {
            defer { state.frames = [] }
            return state.frames
        }
    }

    /// Whether it was started.
    package var isStarted: Bool { thread.sync { state.isStarted } }

    /// How many calls have arrived.
    package var callCount: Int { thread.sync { state.calls } }

    /// Gives the session an input, and hands on what it does.
    package func handle(_ input: HostSession.Input) { thread.sync { give(input) } }

    /// The bridge says these strings, `|` for the separator.
    package func hear(_ strings: String...) {
        for string in strings {
            let frame = string.utf8.map { $0 == UInt8(ascii: "|") ? 0x7f : $0 }
            handle(.frame(frame, droppedCharacters: 0))
        }
    }

    /// The bridge starts, up to the network's being up.
    package func runBridge() {
        handle(.synchronised)
        hear("t|2", "t|1", "t|0", "t|5", "t|9")
    }

    /// The engine ends by itself.
    package func fail(_ failure: any Error) { ended(failure) }

    /// Says something that no session would.
    package func say(_ said: HostMachine.Output) { thread.sync { output(said, state.now) } }

    private func give(_ input: HostSession.Input) {
        state.now = state.now + .milliseconds(1)
        state.session.handle(input, at: state.now)
        var tags: [Int] = []
        while let said = state.session.nextOutput() {
            if case .send(let frame, let tag) = said {
                let letters = frame.map { $0 == 0x7f ? UInt8(ascii: "|") : $0 }
                state.frames.append(String(decoding: letters, as: UTF8.self))
                tags.append(tag)
            } else if let said = Self.machineOutput(said) {
                output(said, state.now)
            }
        }
        for tag in tags { give(.left(tag: tag)) }
    }

    private static func machineOutput(_ said: HostSession.Output) -> HostMachine.Output? {
        switch said {
        case .startLink, .stopLink, .send: nil
        case .returned(let id, let result): .returned(id: id, result)
        case .message(let topic, let message, let isRetained, let subscriptions):
            .message(
                topic: topic, message: message, isRetained: isRetained,
                subscriptions: subscriptions)
        case .status(let status, let awaitsAnswer, let text, let offending):
            .status(status, awaitsAnswer: awaitsAnswer, text: text, offending: offending)
        case .network(let isUp): .network(isUp: isUp)
        case .sessionStarted(let number): .sessionStarted(number)
        case .ready: .ready
        case .crashed(let status): .crashed(status)
        case .imitated(let rule): .imitated(rule)
        case .event(let event): .event(event)
        }
    }
}
