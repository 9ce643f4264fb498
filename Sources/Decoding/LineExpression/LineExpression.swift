// The law of this file: the time of a search grows with the line and with the pattern, and never
// faster. Patterns come from people, lines from a peer, and a recording must not stand still for
// either of them.

/// A regular expression that is looked for in a line, in time that is bounded whatever the pattern.
///
/// The usual syntax: `.`, `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`, `^`, `$`, `\b`, `(…)`, `(?:…)`, `a|b`,
/// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}` and `(?i)` at the beginning. What no automaton can do, back
/// references and looking around, is refused. All ways through the pattern are followed at once, a
/// character at a time (K. Thompson, 1968), so that nothing is ever tried twice.
public struct LineExpression: Hashable, Sendable {
    /// The pattern as it was written.
    public let pattern: String
    let program: [Instruction]
    private let ignoresCase: Bool

    /// The most steps of a pattern, its repetitions written out.
    public static let programLengthMax = 2_000

    /// A step of the pattern: what must hold, and where to go on.
    enum Instruction: Hashable, Sendable {
        /// A character, and the next step.
        case character(CharacterSet)
        case jump(Int)
        case either(Int, Int)
        case lineStart, lineEnd
        case wordBoundary(Bool)
        case found
    }

    /// An expression.
    ///
    /// Throws with the place in the pattern when it is none, or needs more steps than
    /// ``programLengthMax``.
    public init(_ pattern: String) throws(LineExpressionError) {
        self.pattern = pattern
        var parser = LineExpressionParser(pattern)
        program = try parser.program()
        ignoresCase = parser.ignoresCase
    }

    /// Whether it is found anywhere in a line.
    public func isFound(in line: some StringProtocol) -> Bool {
        var search = LineSearch(program)
        var previous: UInt32?
        for scalar in line.unicodeScalars {
            let value = ignoresCase ? CharacterSet.lowercased(scalar.value) : scalar.value
            search.enter(0, previous: previous, next: value)
            if search.isFound { return true }
            search.step(over: value)
            previous = value
        }
        search.enter(0, previous: previous, next: nil)
        return search.isFound
    }

    /// Some characters, by their numbers in Unicode.
    struct CharacterSet: Hashable, Sendable {
        var ranges: [ClosedRange<UInt32>]
        var isInverted = false

        func contains(_ value: UInt32) -> Bool {
            ranges.contains { $0.contains(value) } != isInverted
        }

        static let digit = CharacterSet(ranges: [0x30...0x39])
        static let word = CharacterSet(ranges: [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a])
        static let blank = CharacterSet(ranges: [0x09...0x0d, 0x20...0x20])

        static func isWord(_ value: UInt32?) -> Bool { value.map(word.contains) ?? false }

        static func lowercased(_ value: UInt32) -> UInt32 {
            (0x41...0x5a).contains(value) ? value + 0x20 : value
        }
    }
}

/// All places in a pattern at which a search is, before one character.
private struct LineSearch {
    private let program: [LineExpression.Instruction]
    /// Steps that wait for a character.
    private var waiting: [Int] = []
    private var isEntered: [Bool]
    private var next: [Int] = []
    private var open: [Int] = []
    private(set) var isFound = false

    init(_ program: [LineExpression.Instruction]) {
        self.program = program
        isEntered = [Bool](repeating: false, count: program.count)
    }

    /// Goes to a step, and on from there to all that wait for a character.
    mutating func enter(_ step: Int, previous: UInt32?, next: UInt32?) {
        // What was reached over the last character goes on first: it has not looked around yet.
        for waiter in self.next { follow(waiter, previous, next) }
        self.next.removeAll(keepingCapacity: true)
        follow(step, previous, next)
    }

    private mutating func follow(_ step: Int, _ previous: UInt32?, _ next: UInt32?) {
        open.append(step)
        while let step = open.popLast() {
            if isEntered[step] { continue }
            isEntered[step] = true
            switch program[step] {
            case .character: waiting.append(step)
            case .jump(let target): open.append(target)
            case .either(let first, let second): open += [second, first]
            case .lineStart: if previous == nil { open.append(step + 1) }
            case .lineEnd: if next == nil { open.append(step + 1) }
            case .wordBoundary(let isWanted):
                let word = LineExpression.CharacterSet.isWord
                if (word(previous) != word(next)) == isWanted { open.append(step + 1) }
            case .found: isFound = true
            }
        }
    }

    /// Goes over a character with all steps that it suits.
    mutating func step(over value: UInt32) {
        for step in waiting {
            if case .character(let set) = program[step], set.contains(value) {
                next.append(step + 1)
            }
        }
        waiting.removeAll(keepingCapacity: true)
        for step in isEntered.indices { isEntered[step] = false }
    }
}
