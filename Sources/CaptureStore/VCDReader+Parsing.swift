// Bytes of a value change dump to statements, one time stamp at a time. The loop over bytes knows
// times and levels of one bit; every other word is rare and is left to slower code.

internal import Signals

/// One statement of a wire's level.
struct VCDStatement {
    var channel: UInt8
    /// 0, 1, 2 for x, 3 for z.
    var value: UInt8
    var isDump: Bool
    var line: Int
}

/// The statements of one time stamp.
struct VCDGroup {
    var time = Timestamp.zero
    var statements: [VCDStatement] = []
    /// One bit for each wire that is stated.
    var stated: UInt32 = 0

    /// Bounds the memory that one time stamp can take; what follows counts as another group.
    static var statementCountMax: Int { 1024 }
}

/// What is known of the wires after all statements so far.
struct VCDWires {
    var levels = LevelSet.rest
    /// One bit for each wire whose level is known.
    var known: UInt32 = 0
    /// The time of each wire's last edge, at first of the capture's start.
    var lastEdge: InlineArray<5, Timestamp> = .init(repeating: .zero)
}

extension VCDReader {
    /// Reads on until a time stamp has statements that need thought, which are then in ``group``.
    ///
    /// Statements before them that are plain changes are appended to `edges` at once.
    ///
    /// Also returns, with an empty group, when `edges` is full, and with a part of a group, to be
    /// called again, when a live file is dry; false at the end of the file.
    mutating func parseGroup(into edges: inout [Edge]) throws(CaptureError) -> Bool {
        if !isDry { group.statements.removeAll(keepingCapacity: true) }
        isDry = false
        if let nextTime {
            group.stated = 0
            group.time = nextTime
            self.nextTime = nil
        }
        while true {
            let (file, signals) = (file, signals)
            var scan = VCDScan(
                position: file.position, limit: file.limit, line: file.line,
                isDump: dumpSection != nil, hasTime: hasTime, unitNumerator: unitNumerator,
                unitDenominator: unitDenominator)
            let before = edges.count
            let outcome = file.bytes.withUnsafeBufferPointer { bytes in
                signals.short.withUnsafeBufferPointer { short in
                    scan.run(bytes, short, signals, &group, &wires, &edges)
                }
            }
            edgeCount += Int64(edges.count - before)
            file.position = scan.position
            file.line = scan.line
            hasTime = scan.hasTime
            end = max(end, scan.nextTime ?? group.time)
            switch outcome {
            case .groupIsComplete:
                nextTime = scan.nextTime
                return true
            case .batchIsFull: return true
            case .problem(let problem): throw error(scan.cutLine(in: file) ?? problem)
            case .otherWord: try readOtherWord()
            case .noMoreBytes:
                switch try file.refillUnlessDry() {
                case .bytes: break
                case .end: return try finishGroup()
                case .dry:
                    guard isLive else { continue }
                    isDry = true
                    return true
                }
            }
        }
    }

    private mutating func finishGroup() throws(CaptureError) -> Bool {
        if let dumpSection, !file.isInterrupted { throw error(.sectionNotEnded(dumpSection)) }
        if !isAtEnd, !file.endsWithNewline, !file.isInterrupted {
            warnings.append("the last line has no end; the file may be truncated")
        }
        isAtEnd = true
        return !group.statements.isEmpty
    }

    /// Keywords, and values of more than one bit.
    private mutating func readOtherWord() throws(CaptureError) {
        var words = VCDWords(file: file)
        guard let word = try words.next() else { return }
        switch word.utf8.first {
        case UInt8(ascii: "$"): try readKeyword(word, &words)
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "r"), UInt8(ascii: "R"),
            UInt8(ascii: "s"), UInt8(ascii: "S"):
            guard let identifier = try words.next() else {
                if file.isInterrupted { return }
                throw error(.missingIdentifier(value: word.excerpt))
            }
            let bytes = Array(identifier.utf8)
            let meaning =
                bytes.count == 1
                ? signals.short[Int(bytes[0])] : signals.meaning(of: bytes)
            guard meaning != VCDSignals.undeclared else {
                throw error(.undeclaredIdentifier(identifier.excerpt))
            }
            guard meaning == VCDSignals.ignored else {
                throw error(
                    .notALevel(signal: signals.names[Int(meaning)], value: word.excerpt))
            }
        default: throw error(.unexpectedWord(word.excerpt))
        }
    }

    private mutating func readKeyword(
        _ word: String, _ words: inout VCDWords
    ) throws(CaptureError) {
        switch word {
        case "$dumpvars", "$dumpall", "$dumpon", "$dumpoff":
            guard dumpSection == nil else { throw error(.unexpectedWord(word)) }
            dumpSection = word
        case "$end":
            guard dumpSection != nil else { throw error(.unexpectedWord(word)) }
            dumpSection = nil
        case "$comment": note(try words.section(word, inHeader: false).joined)
        default: throw error(.unexpectedWord(word.excerpt))
        }
    }

    /// Keeps the text of a comment, unless there are too many.
    mutating func note(_ text: String) {
        guard notes.count < VCDHeader.commentCountMax else {
            let warning = "comments after the first \(VCDHeader.commentCountMax) are dropped"
            if warnings.last != warning { warnings.append(warning) }
            return
        }
        notes.append(
            JournalRecord(
                time: group.time, edgesBefore: edgeCount, kind: .note, payload: Array(text.utf8)))
    }

    func error(_ problem: VCDProblem) -> CaptureError {
        .valueChangeDump(path: file.path, line: file.line, problem: problem)
    }
}

/// The loop over bytes, with its state in one value so that it stays in registers.
struct VCDScan {
    var position: Int
    let limit: Int
    var line: Int
    let isDump: Bool
    var hasTime: Bool
    let unitNumerator: UInt64
    let unitDenominator: UInt64
    /// The time stamp that ended the group.
    var nextTime: Timestamp?

    /// Why the loop stopped.
    enum Outcome {
        case groupIsComplete
        case batchIsFull
        case noMoreBytes
        /// At ``position`` stands a word that is neither a time nor a level.
        case otherWord
        case problem(VCDProblem)
    }

    /// Reads times and levels until something else has to be done.
    mutating func run(
        _ bytes: UnsafeBufferPointer<UInt8>, _ short: UnsafeBufferPointer<UInt8>,
        _ signals: borrowing VCDSignals, _ group: inout VCDGroup, _ wires: inout VCDWires,
        _ edges: inout [Edge]
    ) -> Outcome {
        while position < limit {
            let byte = bytes[position]
            switch byte {
            case 9...13, 32:
                if byte == UInt8(ascii: "\n") { line &+= 1 }
                position &+= 1
            case UInt8(ascii: "#"):
                if let outcome = readTime(bytes, &group) { return outcome }
            case UInt8(ascii: "0"), UInt8(ascii: "1"):
                if let outcome = readLevel(
                    byte & 1, bytes, short, signals, &group, &wires, &edges)
                {
                    return outcome
                }
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                if let outcome = readLevel(
                    2, bytes, short, signals, &group, &wires, &edges)
                {
                    return outcome
                }
            case UInt8(ascii: "z"), UInt8(ascii: "Z"):
                if let outcome = readLevel(
                    3, bytes, short, signals, &group, &wires, &edges)
                {
                    return outcome
                }
            case 0..<32: return .problem(.controlByte(byte))
            default: return .otherWord
            }
        }
        return .noMoreBytes
    }

    @inline(__always)
    private mutating func readTime(
        _ bytes: UnsafeBufferPointer<UInt8>, _ group: inout VCDGroup
    ) -> Outcome? {
        let first = position &+ 1
        var index = first
        var number: UInt64 = 0
        while index < limit {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            number = number &* 10 &+ UInt64(digit)
            index &+= 1
        }
        guard index > first, index == limit || bytes[index] <= 32 else {
            return .problem(.badTime(word(bytes)))
        }
        // Nineteen digits fit 64 bits whatever they are.
        var (nanoseconds, overflow) = number.multipliedReportingOverflow(by: unitNumerator)
        if unitDenominator != 1 { nanoseconds /= unitDenominator }
        overflow = overflow || index &- first > 19
        guard !overflow, nanoseconds <= UInt64(Timestamp.latest.nanoseconds) else {
            return .problem(.timeOutOfRange(word(bytes)))
        }
        let time = Timestamp(nanoseconds: Int64(nanoseconds))
        if hasTime {
            if time == group.time {
                position = index
                return nil
            }
            guard time > group.time else {
                return .problem(.timeGoesBack(from: group.time, to: time))
            }
        }
        hasTime = true
        position = index
        guard group.statements.isEmpty else {
            nextTime = time
            return .groupIsComplete
        }
        group.time = time
        group.stated = 0
        return nil
    }

    @inline(__always)
    private mutating func readLevel(
        _ value: UInt8, _ bytes: UnsafeBufferPointer<UInt8>,
        _ short: UnsafeBufferPointer<UInt8>, _ signals: borrowing VCDSignals,
        _ group: inout VCDGroup, _ wires: inout VCDWires, _ edges: inout [Edge]
    ) -> Outcome? {
        let first = position &+ 1
        guard first < limit, bytes[first] > 32 else {
            return .problem(.missingIdentifier(value: word(bytes)))
        }
        var index = first &+ 1
        while index < limit, bytes[index] > 32 { index &+= 1 }
        let meaning =
            index == first &+ 1
            ? short[Int(bytes[first])]
            : signals.meaning(of: UnsafeBufferPointer(rebasing: bytes[first..<index]))
        if meaning == VCDSignals.ignored {
            position = index
            return nil
        }
        guard meaning != VCDSignals.undeclared else {
            position = first
            return .problem(.undeclaredIdentifier(word(bytes)))
        }
        let bit: UInt32 = 1 &<< UInt32(meaning & 31)
        if value < 2, wires.known & bit != 0, group.statements.isEmpty {
            let level = Level(bit: value)
            let channel = Channel(masking: meaning)
            if wires.levels[channel] != level {
                // A plain change: an edge, whatever else the time stamp states.
                guard edges.count < VCDReader.runLength else { return .batchIsFull }
                position = index
                group.stated |= bit
                wires.levels.toggle(channel)
                wires.lastEdge[Int(meaning)] = group.time
                edges.append(Edge(time: group.time, channel: channel, level: level))
                return nil
            }
        }
        // A group that never ends is cut, at a place that keeps its first statement's meaning.
        guard group.statements.count < VCDGroup.statementCountMax else {
            nextTime = group.time
            return .groupIsComplete
        }
        position = index
        group.stated |= bit
        group.statements.append(
            VCDStatement(channel: meaning, value: value, isDump: isDump, line: line))
        return nil
    }

    /// The problem of a file that ends inside the word at the position; nil when it does not.
    ///
    /// What is left of a number is another number, and what is left of a level none.
    func cutLine(in file: InputFile) -> VCDProblem? {
        guard file.isAtEnd, !file.endsWithNewline, !file.isInterrupted else { return nil }
        let rest = file.bytes[position..<limit]
        guard rest.allSatisfy({ $0 > 32 }) else { return nil }
        return .lineNotEnded(String(decoding: rest.prefix(200), as: UTF8.self).excerpt)
    }

    /// The word at the position, for an error.
    private func word(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let end = bytes[position..<limit].firstIndex { $0 <= 32 } ?? limit
        return String(decoding: bytes[position..<min(end, position + 200)], as: UTF8.self).excerpt
    }
}
