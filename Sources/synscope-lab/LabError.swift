import Glibc

/// What can go wrong in the lab, with what to do.
enum LabError: Error, CustomStringConvertible {
    /// There is no gpio-sim, or configfs is not mounted.
    case noSimulation(path: String)
    /// No simulated chip has this label.
    case noChip(label: String, known: [String])
    /// The chip has no line of that name or number.
    case noLine(label: String, line: String, known: [String])
    /// The system refused something.
    case system(doing: String, errno: Int32)
    /// More edges wait for their delay than there is room for.
    case tooManyPending(limit: Int)
    /// The other end of a ping-pong did not answer.
    case noAnswer(round: Int)
    /// Some lines are not in use after the time that was given.
    case notInUse(lines: [String])

    var description: String {
        switch self {
        case .noSimulation(let path):
            "\(path) is missing: this runs inside the lab, see Scripts/gpio-lab/run"
        case .noChip(let label, let known):
            "there is no chip \(label); there are: \(known.joined(separator: ", "))"
        case .noLine(let label, let line, let known):
            "chip \(label) has no line \(line); it has: \(known.joined(separator: ", "))"
        case .system(let doing, let number):
            "\(doing): \(String(cString: strerror(number)))"
        case .tooManyPending(let limit):
            "more than \(limit) edges wait for their delay; use a shorter one"
        case .noAnswer(let round):
            "no answer in round trip \(round); does the other end run, and does a cable join them?"
        case .notInUse(let lines):
            "nobody uses \(lines.joined(separator: ", ")); is the recorder running?"
        }
    }
}

/// Calls the system, again if a signal came between; throws its refusal.
@discardableResult
func system<Number: SignedInteger>(
    _ doing: @autoclosure () -> String, retries: Bool = true, _ body: () -> Number
) throws(LabError) -> Number {
    while true {
        let result = body()
        if result >= 0 { return result }
        let number = errno
        if number == EINTR, retries { continue }
        throw .system(doing: doing(), errno: number)
    }
}
