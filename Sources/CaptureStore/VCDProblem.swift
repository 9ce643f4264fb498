// Every way in which a value change dump can be no record of the link's wires.

public import Signals

/// Why a value change dump was refused, at the line that the error names.
public enum VCDProblem: Error, Hashable, Sendable {
    /// The file is something else.
    case notAValueChangeDump(FileKind)
    /// The file ends inside its header.
    case headerTruncated(inside: String)
    /// Values begin although the header did not end.
    case noEndOfHeader(found: String)
    /// A declaration makes no sense.
    case badDeclaration(String)
    /// The time scale is none of 1, 10 or 100 s, ms, us, ns, ps, fs.
    case badTimescale(String)
    /// A word is longer than any that can be meant.
    case wordTooLong(limit: Int)
    /// There are more signals than any file should have.
    case tooManySignals(limit: Int)
    /// A word that is no time, no value and no keyword.
    case unexpectedWord(String)
    /// A byte that no text contains.
    case controlByte(UInt8)
    /// A value without the identifier that should follow it.
    case missingIdentifier(value: String)
    /// A value of a signal that was never declared.
    case undeclaredIdentifier(String)
    /// A time that is no number.
    case badTime(String)
    /// A time later than a capture can hold.
    case timeOutOfRange(String)
    /// A time before the one before.
    case timeGoesBack(from: Timestamp, to: Timestamp)
    /// The file ends inside a line, and what is there of it makes no sense.
    case lineNotEnded(String)
    /// A wire's level is neither 0 nor 1.
    case unknownLevel(signal: String, value: String)
    /// A wire has no level at the beginning.
    case noInitialLevel(signal: String)
    /// A wire has a number instead of a level.
    case notALevel(signal: String, value: String)
    /// The file ends inside a section.
    case sectionNotEnded(String)
    /// Wires that no signal matches.
    case missingWires([String], signals: [String])
    /// More than one signal could be the wire.
    case ambiguousWire(String, signals: [String])
    /// The map names a signal that the file does not have.
    case noSuchSignal(String, wire: String, signals: [String])
    /// Two wires would be the same signal.
    case sharedSignal(String, wires: [String])
}

extension VCDProblem: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .notAValueChangeDump(let kind):
            "this is not a VCD file but \(kind.rawValue)\(kind.importAdvice)"
        case .headerTruncated(let inside):
            "the file ends inside \(inside), before $enddefinitions; export it again"
        case .noEndOfHeader(let found):
            "`\(found)` stands before $enddefinitions; the header is damaged, export it again"
        case .badDeclaration(let text):
            "`\(text)` is no declaration; expected `$var wire 1 ID NAME $end`"
        case .badTimescale(let text):
            "the time scale is `\(text)`; expected 1, 10 or 100 and s, ms, us, ns, ps or fs"
        case .wordTooLong(let limit):
            "a word is longer than \(limit) bytes; the file is damaged"
        case .tooManySignals(let limit):
            "more than \(limit) signals are declared; export fewer"
        case .unexpectedWord(let word):
            "`\(word)` is no time, value or keyword; the file is damaged here"
        case .controlByte(let byte):
            "the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)) is no text; the file is "
                + "damaged here"
        case .missingIdentifier(let value):
            "no signal follows the value `\(value)`; the file is damaged or ends too early"
        case .undeclaredIdentifier(let identifier):
            "the signal `\(identifier)` is not declared; the file is damaged, export it again"
        case .badTime(let text):
            "`\(text)` is no time; expected # and a whole number"
        case .timeOutOfRange(let text):
            "the time `\(text)` is more than 73 years; check $timescale"
        case .timeGoesBack(let from, let to):
            "time goes back from \(from.nanoseconds) ns to \(to.nanoseconds) ns; merge or cut the "
                + "file at this line"
        case .lineNotEnded(let word):
            "the file ends in the middle of a line, after `\(word)`; it is truncated, export it again"
        case .unknownLevel(let signal, let value):
            "the level of `\(signal)` is `\(value)`; `--unknown gap` imports it as a gap"
        case .noInitialLevel(let signal):
            "`\(signal)` has no level when the values begin; `--unknown gap` imports what precedes "
                + "its first one as a gap"
        case .notALevel(let signal, let value):
            "`\(signal)` is mapped to a wire and has the value `\(value)`, which is no level; map "
                + "a signal of one bit with `--map`"
        case .sectionNotEnded(let name):
            "the file ends inside \(name); it is truncated, export it again"
        case .missingWires(let wires, let signals):
            "no signal is named \(list(wires)); the file has \(list(signals)); say which is which "
                + "with `--map \(template)`, with one of these signals, or none, for each …; wires "
                + "that have their own names can be left out"
        case .ambiguousWire(let wire, let signals):
            "\(wire) could be \(list(signals)); say which with `--map \(wire)=SIGNAL`"
        case .noSuchSignal(let signal, let wire, let signals):
            "the map says \(wire)=\(signal), and the file has \(list(signals))"
        case .sharedSignal(let signal, let wires):
            "`\(signal)` cannot be \(list(wires)) at once; say which is which with `--map`"
        }
    }

    private var template: String {
        WireNames.all.map { "\($0.host)=…" }.joined(separator: ",")
    }

    private func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "no signals of one bit" }
        let shown = names.prefix(24).joined(separator: ", ")
        return names.count > 24 ? shown + " and \(names.count - 24) more" : shown
    }
}
