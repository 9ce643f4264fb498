// The law of this file: every word that a trigger can say is read here, and nowhere else.
// Ref: Documentation/CommandLine.md, Triggers.

import LinkProtocol
import Signals

/// Reads the text of a trigger from left to right.
struct TriggerParser {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var place = 0

    private static let words = [
        "rising:WIRE", "falling:WIRE", "edge:WIRE", "WIRE=0", "WIRE=1", "text:TEXT",
        "regex:PATTERN", "type:NAME", "status:NAME", "latency>TIME", "watchdog", "reset", "error",
    ]
    private static let joint = Array(" & ".unicodeScalars)

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// One of the conditions that `&` joins.
    private enum Term {
        case edge(Channel, Level?)
        case level(Channel, Level)
        case event(EventCondition)
        case latency(Nanoseconds)
    }

    mutating func condition() throws(TriggerSyntaxError) -> Trigger.Condition {
        var wires = WireCondition()
        var events: [EventCondition] = []
        var hasWires = false
        while true {
            skipBlanks()
            let start = place
            switch try term() {
            case .latency(let limit):
                skipBlanks()
                guard events.isEmpty, !hasWires, place == scalars.count else {
                    throw error(
                        "latency stands alone", at: place < scalars.count ? place : start)
                }
                return .latency(limit)
            case .event(let condition):
                if hasWires { throw error(Self.mixed, at: start) }
                events.append(condition)
            case .edge(let channel, let level):
                if wires.channel != nil {
                    throw error("two edges never come at the same moment", at: start)
                }
                (wires.channel, wires.level) = (channel, level)
                hasWires = true
                if !events.isEmpty { throw error(Self.mixed, at: start) }
            case .level(let channel, let level):
                let bit: UInt32 = 1 << UInt32(channel.index)
                if wires.mask & bit != 0 { throw error("this wire has a level already", at: start) }
                wires.mask |= bit
                if level == .high { wires.levels |= bit }
                hasWires = true
                if !events.isEmpty { throw error(Self.mixed, at: start) }
            }
            skipBlanks()
            guard place < scalars.count else { break }
            guard scalars[place] == "&" else { throw error("& or the end is due") }
            place += 1
        }
        return hasWires ? .wires(wires) : .event(events)
    }

    private static let mixed =
        "& joins conditions on wires, or conditions on one frame or event, and not the two kinds"

    private func error(
        _ problem: String, at offset: Int? = nil, known: [String] = [], found: String = ""
    ) -> TriggerSyntaxError {
        TriggerSyntaxError(
            text: text, offset: offset ?? place, problem: problem, known: known, found: found)
    }

    // MARK: Terms

    private mutating func term() throws(TriggerSyntaxError) -> Term {
        let start = place
        let word = self.word()
        if word == "latency" { skipBlanks(before: ">") }
        guard place < scalars.count, [":", "=", ">"].contains(scalars[place]) else {
            return try plainTerm(word, at: start)
        }
        let separator = scalars[place]
        place += 1
        switch (word, separator) {
        case ("rising", ":"): return .edge(try wire(), .high)
        case ("falling", ":"): return .edge(try wire(), .low)
        case ("edge", ":"): return .edge(try wire(), nil)
        case ("text", ":"): return .event(.text(Array(try words().text.utf8)))
        case ("regex", ":"): return .event(.pattern(try pattern()))
        case ("type", ":"): return .event(.type(try type()))
        case ("status", ":"): return .event(.status(try status()))
        case ("latency", ">"): return .latency(try time())
        case (_, "="): return .level(try wire(named: word, at: start), try level())
        default: throw unknown(word, at: start)
        }
    }

    private func plainTerm(_ word: String, at start: Int) throws(TriggerSyntaxError) -> Term {
        switch word {
        case "watchdog": return .event(.watchdog)
        case "reset": return .edge(.reset, .low)
        case "error": return .event(.error)
        case "": throw error("a condition is missing", at: start, known: Self.words)
        default: throw unknown(word, at: start)
        }
    }

    private func unknown(_ word: String, at start: Int) -> TriggerSyntaxError {
        error(
            "there is no condition \(word.isEmpty ? "without a name" : word)", at: start,
            known: Self.words, found: word)
    }

    private mutating func wire() throws(TriggerSyntaxError) -> Channel {
        let start = place
        return try wire(named: word(), at: start)
    }

    private func wire(named name: String, at start: Int) throws(TriggerSyntaxError) -> Channel {
        let names = WireNames.all
        let found = names.first { "\($0.host)" == name || "\($0.bridge)" == name }
        guard let found else {
            throw error(
                "there is no wire \(name)", at: start, known: names.map { "\($0.host)" },
                found: name)
        }
        return found.channel
    }

    private mutating func level() throws(TriggerSyntaxError) -> Level {
        let start = place
        switch word() {
        case "0", "low": return .low
        case "1", "high": return .high
        default: throw error("a level is 0 or 1", at: start)
        }
    }

    private mutating func pattern() throws(TriggerSyntaxError) -> LineExpression {
        let (words, start) = try words()
        do {
            return try LineExpression(words)
        } catch {
            throw self.error(error.problem, at: start + error.offset)
        }
    }

    private mutating func type() throws(TriggerSyntaxError) -> String {
        let start = place
        let name = word()
        let known = DecodedMessage.typeNames + LinkEvent.typeNames
        guard known.contains(name) else {
            throw error("there is no type \(name)", at: start, known: known, found: name)
        }
        return name
    }

    private mutating func status() throws(TriggerSyntaxError) -> Status {
        let start = place
        let name = word()
        let found =
            UInt8(name).flatMap(Status.init(rawValue:))
            ?? Status.allCases.first { "\($0.name)".lowercased() == name.lowercased() }
        let known = Status.allCases.filter { !$0.isHostLocal }
        guard let status = found else {
            throw error(
                "there is no status \(name)", at: start, known: known.map { "\($0.name)" },
                found: name)
        }
        guard !status.isHostLocal else {
            throw error(
                "\(status.name) never crosses the wire: the host tells it to its own application",
                at: start, known: known.map { "\($0.name)" })
        }
        return status
    }

    /// A time: decimal digits, perhaps with a point, and a unit.
    private mutating func time() throws(TriggerSyntaxError) -> Nanoseconds {
        skipBlanks()
        let start = place
        let word = self.word(with: ".")
        let units: [(String, Double)] = [
            ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
        ]
        for (unit, length) in units where word.hasSuffix(unit) {
            let digits = word.dropLast(unit.count)
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }),
                let number = Double(digits), number > 0,
                number * length < 0x1p61
            else { break }
            return Nanoseconds(Int64((number * length).rounded()))
        }
        throw error("a time above 0 with its unit is due, such as 200ms", at: start)
    }

    // MARK: Words

    private mutating func skipBlanks() {
        while place < scalars.count, scalars[place] == " " { place += 1 }
    }

    /// Blanks, if what follows them is this.
    private mutating func skipBlanks(before scalar: Unicode.Scalar) {
        let start = place
        skipBlanks()
        if place == scalars.count || scalars[place] != scalar { place = start }
    }

    /// Letters, digits, `_` and `-`, as many as there are, and `extra`.
    private mutating func word(with extra: Unicode.Scalar? = nil) -> String {
        var word = String.UnicodeScalarView()
        while place < scalars.count {
            let scalar = scalars[place]
            guard
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
                    || scalar == "-" || scalar == extra
            else { break }
            word.append(scalar)
            place += 1
        }
        return String(word)
    }

    /// A text: in quotation marks of either kind, or up to ` & ` or the end. With its first place.
    private mutating func words() throws(TriggerSyntaxError) -> (text: String, start: Int) {
        let start = place
        var words = String.UnicodeScalarView()
        if place < scalars.count, scalars[place] == "\"" || scalars[place] == "'" {
            let mark = scalars[place]
            place += 1
            while place < scalars.count, scalars[place] != mark {
                words.append(scalars[place])
                place += 1
            }
            guard place < scalars.count else {
                throw error("a \(mark) without its pair", at: start)
            }
            place += 1
            guard !words.isEmpty else { throw error("the text is empty", at: start) }
            return (String(words), start + 1)
        }
        while place < scalars.count, !scalars[place...].starts(with: Self.joint) {
            words.append(scalars[place])
            place += 1
        }
        while words.last == " " { words.removeLast() }
        guard !words.isEmpty else { throw error("a text is due", at: start) }
        return (String(words), start)
    }
}
