// A pattern's text becomes the steps of its automaton: recursive descent, with a bound on depth and
// length.

/// Reads a pattern from left to right.
struct LineExpressionParser {
    private typealias Instruction = LineExpression.Instruction
    private typealias CharacterSet = LineExpression.CharacterSet

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0
    private(set) var ignoresCase = false

    /// Groups in groups.
    private static let depthMax = 50
    private static let repetitionsMax = 1_000

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
        if pattern.hasPrefix("(?i)") {
            ignoresCase = true
            place = 4
        }
    }

    mutating func program() throws(LineExpressionError) -> [LineExpression.Instruction] {
        let steps = try alternatives()
        if place < scalars.count { throw error("a ) without its (") }
        return steps + [.found]
    }

    private func error(_ problem: String, at place: Int? = nil) -> LineExpressionError {
        LineExpressionError(offset: place ?? self.place, problem: problem)
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    // MARK: Structure. Steps are relative: 0 is the first of the part.

    private mutating func alternatives() throws(LineExpressionError) -> [LineExpression.Instruction]
    {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthMax { throw error("too many groups in each other") }
        var steps = try sequence()
        while take("|") {
            let other = try sequence()
            // either first … jump behind other; other
            steps =
                [.either(1, steps.count + 2)] + Self.moved(steps, by: 1)
                + [.jump(steps.count + 2 + other.count)]
                + Self.moved(other, by: steps.count + 2)
            try check(steps)
        }
        return steps
    }

    private mutating func sequence() throws(LineExpressionError) -> [LineExpression.Instruction] {
        var steps: [Instruction] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = place
            let part = try atom()
            steps += Self.moved(try repeated(part, from: start), by: steps.count)
            try check(steps)
        }
        return steps
    }

    /// What stands behind a part: how often.
    private mutating func repeated(
        _ part: [LineExpression.Instruction], from start: Int
    ) throws(LineExpressionError) -> [LineExpression.Instruction] {
        var part = part
        while let (least, most) = try bounds() {
            // Lazy or greedy finds the same lines.
            _ = take("?")
            var steps: [Instruction] = []
            for _ in 0..<least { steps += Self.moved(part, by: steps.count) }
            if let most {
                for _ in least..<max(least, most) {
                    let here = steps.count
                    steps.append(.either(here + 1, here + 1 + part.count))
                    steps += Self.moved(part, by: here + 1)
                    try check(steps, at: start)
                }
            } else {
                let here = steps.count
                steps.append(.either(here + 1, here + 2 + part.count))
                steps += Self.moved(part, by: here + 1)
                steps.append(.jump(here))
            }
            try check(steps, at: start)
            part = steps
        }
        return part
    }

    private mutating func bounds() throws(LineExpressionError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == "{", place + 1 < scalars.count, ("0"..."9").contains(scalars[place + 1])
        else { return nil }
        let start = place
        place += 1
        let least = number()
        var most: Int? = least
        if take(",") { most = next == "}" ? nil : number() }
        guard let least, take("}"), most.map({ $0 >= least }) ?? true else {
            throw error("{…} is {2}, {2,} or {2,5}", at: start)
        }
        if max(least, most ?? 0) > Self.repetitionsMax {
            throw error("more than \(Self.repetitionsMax) repetitions", at: start)
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar), value ?? 0 < 100_000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            place += 1
        }
        return value
    }

    private func check(
        _ steps: [LineExpression.Instruction], at place: Int? = nil
    ) throws(LineExpressionError) {
        if steps.count > LineExpression.programLengthMax {
            throw error("the pattern is too long with its repetitions", at: place)
        }
    }

    /// Steps at another place.
    private static func moved(_ steps: [Instruction], by distance: Int) -> [Instruction] {
        steps.map { step in
            switch step {
            case .jump(let target): .jump(target + distance)
            case .either(let first, let second): .either(first + distance, second + distance)
            default: step
            }
        }
    }

    // MARK: Atoms

    private mutating func atom() throws(LineExpressionError) -> [LineExpression.Instruction] {
        guard let scalar = next else { throw error("something is missing") }
        switch scalar {
        case "(": return try group()
        case "[": return [.character(try set())]
        case ".":
            place += 1
            return [.character(CharacterSet(ranges: [], isInverted: true))]
        case "^":
            place += 1
            return [.lineStart]
        case "$":
            place += 1
            return [.lineEnd]
        case "\\": return [try escape()]
        case "*", "+", "?": throw error("nothing before \(scalar) that could be repeated")
        default:
            place += 1
            return [.character(literal(scalar))]
        }
    }

    private mutating func group() throws(LineExpressionError) -> [LineExpression.Instruction] {
        let start = place
        place += 1
        if take("?"), !take(":") {
            throw error(
                "looking around, names and options in a group cannot be searched for; "
                    + "only (?:…), and (?i) at the beginning", at: start)
        }
        let steps = try alternatives()
        guard take(")") else { throw error("a ( without its )", at: start) }
        return steps
    }

    private func literal(_ scalar: Unicode.Scalar) -> LineExpression.CharacterSet {
        let value = ignoresCase ? CharacterSet.lowercased(scalar.value) : scalar.value
        return CharacterSet(ranges: [value...value])
    }

    private mutating func escape() throws(LineExpressionError) -> LineExpression.Instruction {
        let start = place
        place += 1
        guard let scalar = next else { throw error("a \\ with nothing behind it", at: start) }
        if scalar == "b" || scalar == "B" {
            place += 1
            return .wordBoundary(scalar == "b")
        }
        return .character(try escapedSet(from: start))
    }

    /// What a \ makes of the character behind it, where one character stands.
    private mutating func escapedSet(
        from start: Int
    ) throws(LineExpressionError) -> LineExpression.CharacterSet {
        guard let scalar = next else { throw error("a \\ with nothing behind it", at: start) }
        place += 1
        var set: CharacterSet
        switch scalar {
        case "d", "D": set = .digit
        case "w", "W": set = .word
        case "s", "S": set = .blank
        case "t": return CharacterSet(ranges: [0x09...0x09])
        case "n": return CharacterSet(ranges: [0x0a...0x0a])
        case "r": return CharacterSet(ranges: [0x0d...0x0d])
        case "0"..."9", "A"..."Z", "a"..."z":
            throw error(
                ("1"..."9").contains(scalar)
                    ? "a reference to a group cannot be searched for" : "\\\(scalar) is unknown",
                at: start)
        default: return literal(scalar)
        }
        set.isInverted = ("A"..."Z").contains(scalar)
        return set
    }

    private mutating func set() throws(LineExpressionError) -> LineExpression.CharacterSet {
        let start = place
        place += 1
        var set = CharacterSet(ranges: [], isInverted: take("^"))
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            let part = place
            place += 1
            guard scalar != "\\" else {
                let escaped = try escapedSet(from: part)
                if escaped.isInverted {
                    throw error("\\D, \\W and \\S do not stand in […]", at: part)
                }
                set.ranges += escaped.ranges
                continue
            }
            var last = scalar
            if next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" {
                last = scalars[place + 1]
                place += 2
                guard last >= scalar, last != "\\" else {
                    throw error("a range that goes backwards", at: part)
                }
            }
            add(scalar.value...last.value, to: &set)
        }
        guard take("]") else { throw error("a [ without its ]", at: start) }
        return set
    }

    /// Adds a range, and if the case is ignored its capitals in small letters.
    private func add(
        _ range: ClosedRange<UInt32>, to set: inout LineExpression.CharacterSet
    ) {
        set.ranges.append(range)
        guard ignoresCase, range.overlaps(0x41...0x5a) else { return }
        let capitals = range.clamped(to: 0x41...0x5a)
        set.ranges.append(capitals.lowerBound + 0x20...capitals.upperBound + 0x20)
    }
}
