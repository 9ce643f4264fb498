import Glibc
import PinFileTransport
import Reporting
import Signals

/// What the reset wire does to a bridge, where the bridge is a command.
///
/// While `reset` is low the command is dead and its wires are pulled down; when it rises the command is
/// started anew. One that ends by itself stays dead until then, as a board would that hangs.
struct ResetCircuit {
    private let page: PinPage
    private let words: [String]
    private let tellsAll: Bool
    private var state = State.released
    private var starts = 0

    private enum State {
        /// The command is to be started as soon as `reset` is high.
        case released
        case running(SupervisedCommand)
        /// It was killed, and is not gone yet.
        case dying(SupervisedCommand)
        /// It has ended by itself.
        case down
    }

    /// How often it looks at `reset`: a pulse of a millisecond is not missed.
    private static let lookMicroseconds: UInt32 = 250
    /// How long the command has to end at the end, in looks: 5 s.
    private static let farewellLooksMax = 20_000

    init(_ page: PinPage, words: [String], tellsAll: Bool) {
        self.page = page
        self.words = words
        self.tellsAll = tellsAll
    }

    /// Runs until somebody wants it to end.
    mutating func run() throws {
        while !Interrupt.isRequested {
            try step()
            usleep(Self.lookMicroseconds)
        }
        end()
    }

    private mutating func step() throws {
        let isHeld = page[.reset] == .low
        if isHeld { pullDown() }
        switch state {
        case .released:
            if !isHeld { try start() }
        case .running(let command) where isHeld:
            command.send(SIGKILL)
            if tellsAll { Console.note("reset: process \(command.process) is killed") }
            state = .dying(command)
        case .running(let command):
            guard let ending = command.ending() else { return }
            Console.note(
                "the command has ended by itself (\(ending.words)); the next reset starts it anew")
            state = .down
        case .dying(let command):
            guard command.ending() != nil else { return }
            // Its last words.
            pullDown()
            state = .released
        case .down:
            if isHeld { state = .released }
        }
    }

    /// What the resistors do while nobody drives the bridge's wires.
    private func pullDown() {
        page[.srx] = .low
        page[.sckin] = .low
    }

    private mutating func start() throws {
        starts += 1
        let words = words.map { Self.numbered($0, starts) }
        do {
            let command = try SupervisedCommand(words)
            if tellsAll { Console.note("start \(starts): process \(command.process)") }
            state = .running(command)
        } catch {
            let text = "cannot start \(words.first ?? ""): \(error.words)"
            if starts == 1 { throw Failure(.failed, text) }
            Console.complain("\(text); the next reset tries again")
            state = .down
        }
    }

    /// A word of the command with the number of its start.
    static func numbered(_ word: String, _ number: Int) -> String {
        var text = ""
        var rest = word[...]
        while let place = rest.firstIndex(of: "%") {
            text += rest[..<place]
            rest = rest[rest.index(after: place)...]
            if rest.first == "n" {
                text += String(number)
                rest = rest.dropFirst()
            } else {
                text += "%"
            }
        }
        return text + rest
    }

    /// The command may finish what it writes, but not for ever.
    private func end() {
        switch state {
        case .running(let command):
            command.send(SIGTERM)
            // A stopped one cannot follow.
            command.send(SIGCONT)
            if !waitForEnd(of: command) {
                command.send(SIGKILL)
                _ = waitForEnd(of: command)
            }
        case .dying(let command): _ = waitForEnd(of: command)
        case .released, .down: break
        }
        if tellsAll { Console.note("\(CountText.counted(Int64(starts), "start"))") }
    }

    private func waitForEnd(of command: SupervisedCommand) -> Bool {
        for _ in 0..<Self.farewellLooksMax {
            if command.ending() != nil { return true }
            usleep(Self.lookMicroseconds)
        }
        return false
    }
}
