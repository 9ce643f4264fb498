// The declarations of a value change dump: everything up to $enddefinitions.

internal import Signals

/// What a dump declares.
struct VCDHeader {
    var date: String?
    var version: String?
    var timescaleText = "1 s"
    /// Nanoseconds per unit of the file's times, as a fraction.
    var unitNumerator: UInt64 = 1_000_000_000
    var unitDenominator: UInt64 = 1
    /// Texts of comments, shortened and bounded in number.
    var comments: [String] = []
    var signals: [VCDSignal] = []

    static var signalCountMax: Int { 1 << 20 }
    static var commentCountMax: Int { 1024 }
    static var textLengthMax: Int { 4096 }
}

/// A signal as it is declared.
struct VCDSignal {
    var identifier: VCDIdentifier
    /// The name without its scopes.
    var name: String
    /// The name with its scopes, separated by points.
    var path: String
    var width: Int
}

/// The short code by which a dump calls a signal: at most 16 bytes.
struct VCDIdentifier: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The identifier, or nil when it is longer than any writer has reason to make it.
    init?(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty, bytes.count <= 16 else { return nil }
        for byte in bytes {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
    }

    /// The identifier's only byte, or nil when it has more.
    var singleByte: UInt8? { high == 0 ? UInt8(exactly: low) : nil }
}

extension VCDHeader {
    /// Parses the header; the file is left behind the `$end` of `$enddefinitions`.
    static func parse(_ file: InputFile) throws(CaptureError) -> VCDHeader {
        var words = VCDWords(file: file)
        var header = VCDHeader()
        var scopes: [String] = []
        guard try words.fill() else {
            throw file.size == 0
                ? .emptyFile(path: file.path)
                : words.error(.headerTruncated(inside: "the first line"))
        }
        let kind = FileKind(firstBytes: file.bytes[..<file.limit])
        guard kind == .valueChangeDump || kind == .text else {
            throw words.error(.notAValueChangeDump(kind))
        }
        var isFirst = true
        while let keyword = try words.next() {
            guard keyword.hasPrefix("$") else {
                throw words.error(
                    isFirst ? .notAValueChangeDump(kind) : .noEndOfHeader(found: keyword.excerpt))
            }
            isFirst = false
            let text = try words.section(keyword)
            switch keyword {
            case "$enddefinitions": return header
            case "$date": header.date = text.joined
            case "$version": header.version = text.joined
            case "$comment":
                if header.comments.count < commentCountMax, !text.isEmpty {
                    header.comments.append(text.joined)
                }
            case "$timescale":
                guard header.setTimescale(text) else {
                    throw words.error(.badTimescale(text.joined.excerpt))
                }
            case "$scope":
                guard scopes.count < 256 else { throw words.error(.badDeclaration("$scope")) }
                scopes.append(text.count > 1 ? text[1] : "")
            case "$upscope": _ = scopes.popLast()
            case "$var":
                guard let signal = VCDSignal(declaration: text, scopes: scopes) else {
                    throw words.error(.badDeclaration("$var \(text.joined)".excerpt))
                }
                guard header.signals.count < signalCountMax else {
                    throw words.error(.tooManySignals(limit: signalCountMax))
                }
                header.signals.append(signal)
            case "$dumpvars", "$dumpall", "$dumpon", "$dumpoff", "$end":
                throw words.error(.noEndOfHeader(found: keyword))
            default: break  // an extension of somebody's: whatever it says, it is no signal
            }
        }
        throw words.error(.headerTruncated(inside: "the header"))
    }

    /// Sets the unit of time; false unless it is 1, 10 or 100 of a known unit.
    private mutating func setTimescale(_ words: [String]) -> Bool {
        let text = words.joined(separator: "").lowercased()
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), [1, 10, 100].contains(number) else { return false }
        switch text.dropFirst(digits.count) {
        case "s": (unitNumerator, unitDenominator) = (1_000_000_000, 1)
        case "ms": (unitNumerator, unitDenominator) = (1_000_000, 1)
        case "us": (unitNumerator, unitDenominator) = (1_000, 1)
        case "ns": (unitNumerator, unitDenominator) = (1, 1)
        case "ps": (unitNumerator, unitDenominator) = (1, 1_000)
        case "fs": (unitNumerator, unitDenominator) = (1, 1_000_000)
        default: return false
        }
        timescaleText = "\(number) \(text.dropFirst(digits.count))"
        if unitDenominator > 1 { unitDenominator /= number } else { unitNumerator *= number }
        return true
    }
}

extension VCDSignal {
    /// A signal from the words between `$var` and `$end`.
    fileprivate init?(declaration words: [String], scopes: [String]) {
        guard words.count >= 4, let width = Int(words[1]), width >= 1,
            let identifier = VCDIdentifier(words[2].utf8)
        else { return nil }
        self.identifier = identifier
        self.width = width
        let name = words[3]
        path = (scopes.filter { !$0.isEmpty } + [name]).joined(separator: ".")
        self.name = name.split(separator: ".").last.map(String.init) ?? name
    }
}

/// A dump's words one by one, for the parts where speed does not matter.
struct VCDWords {
    let file: InputFile

    /// Gets more words; false at the end of the file.
    mutating func fill() throws(CaptureError) -> Bool {
        file.position < file.limit ? true : try file.refill()
    }

    /// The next word, or nil at the end of the file.
    mutating func next() throws(CaptureError) -> String? {
        while try fill() {
            while file.position < file.limit, file.bytes[file.position] <= 32 {
                if file.bytes[file.position] == UInt8(ascii: "\n") { file.line += 1 }
                file.position += 1
            }
            let start = file.position
            while file.position < file.limit, file.bytes[file.position] > 32 { file.position += 1 }
            if file.position - start > InputFile.wordLengthMax {
                throw error(.wordTooLong(limit: InputFile.wordLengthMax))
            }
            if file.position > start {
                return String(decoding: file.bytes[start..<file.position], as: UTF8.self)
            }
        }
        return nil
    }

    /// The words up to `$end`, of which those beyond a bounded length are dropped.
    mutating func section(
        _ keyword: String, inHeader: Bool = true
    ) throws(CaptureError) -> [String] {
        var words: [String] = []
        var length = 0
        while let word = try next() {
            if word == "$end" { return words }
            length += word.utf8.count + 1
            if length <= VCDHeader.textLengthMax { words.append(word) }
        }
        if file.isInterrupted, !inHeader { return words }
        throw error(
            inHeader
                ? .headerTruncated(inside: keyword.excerpt) : .sectionNotEnded(keyword.excerpt))
    }

    func error(_ problem: VCDProblem) -> CaptureError {
        .valueChangeDump(path: file.path, line: file.line, problem: problem)
    }
}

extension [String] {
    /// The words with single spaces between them.
    var joined: String { joined(separator: " ") }
}

extension String {
    /// As much of a foreign text as an error message should repeat, without control characters.
    var excerpt: String {
        var text = ""
        for scalar in unicodeScalars.prefix(60) {
            let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
            text.unicodeScalars.append(isControl ? "?" : scalar)
        }
        return unicodeScalars.count > 60 ? text + "…" : text
    }
}
