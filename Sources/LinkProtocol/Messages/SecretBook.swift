public import Signals

// The law of this file: a value that was secret once is secret wherever it turns up again.

/// The secret values seen so far, and the places where they occur again.
///
/// Learn from all frames of a capture first, then mask: a value can turn up before the frame that
/// shows it to be secret. The order of learning decides only which values are forgotten when there
/// are more than ``valuesMax``.
public struct SecretBook: Equatable, Sendable {
    /// The most values that are remembered; the oldest is forgotten for a new one.
    public static var valuesMax: Int { 32 }
    /// The most bytes of a value that are remembered; of a longer one, the first.
    public static var valueLengthMax: Int { 256 }
    /// Values of at least this many bytes are found inside fields, shorter ones as whole fields.
    public static var substringLengthMin: Int { 4 }

    /// The remembered values, oldest first.
    public private(set) var values: [[UInt8]] = []
    /// How many values were forgotten because there were too many.
    public private(set) var forgottenCount = 0

    /// A book that knows no value.
    public init() {}

    /// Remembers a value; an empty one says that there is no secret.
    public mutating func learn(_ value: [UInt8]) {
        let kept =
            value.count > SecretBook.valueLengthMax
            ? Array(value[..<SecretBook.valueLengthMax]) : value
        if kept.isEmpty || values.contains(where: { $0 == kept }) { return }
        if values.count == SecretBook.valuesMax {
            values.removeFirst()
            forgottenCount += 1
        }
        values.append(kept)
    }

    /// Remembers the secrets of a frame: those of an `init`, of one behind the end of another
    /// string, of one that an UNKNOWN repeats, and of a JSON array or object.
    ///
    /// Learns nothing from a damaged `init`, nor from the last field of one that was cut short,
    /// since that may be a mere beginning; nor from JSON that is not whole.
    public mutating func learn(from frame: [UInt8], sentBy end: LinkEnd) {
        var string = frame[...]
        if end == .bridge {
            if case .message(.unknown) = BridgeMessage.parse(string) {
                string = frame[Fields(frame)[3].startIndex...]
            } else {
                return learn(fromJSON: string)
            }
        }
        let outcome = HostMessage.parse(string)
        if Fields(string)[0].equals(Command.initialise.letters) {
            if case .malformed(let why) = outcome, why.offset < string.count { return }
            learn(fromInitialise: string)
        } else if !HostMessage.isVocabulary(outcome) {
            learn(fromJSON: string)
            for field in Fields(string) where Secrets.endsWithInitialise(field) {
                let rest = string[(field.endIndex - 4)...]
                guard case .message(.initialise) = HostMessage.parse(rest) else { continue }
                learn(fromInitialise: rest)
            }
        }
    }

    /// A number of few digits is everywhere: only longer ones are remembered.
    private mutating func learn(fromJSON string: ArraySlice<UInt8>) {
        guard JSONSecrets.mayBe(string) else { return }
        let json = JSONSecrets(string)
        guard json.isWhole else { return }
        for scalar in json.scalars
        where scalar.isSecret
            && (scalar.isString || scalar.range.count >= SecretBook.substringLengthMin)
        {
            learn(Array(string[scalar.range]))
        }
    }

    private mutating func learn(fromInitialise string: ArraySlice<UInt8>) {
        var index = 0
        for field in Fields(string) {
            if field.endIndex < string.endIndex, InitialiseFields.isSecret(field, at: index) {
                learn(Array(field))
            }
            index += 1
        }
    }

    /// The secret bytes of a frame, in order and without overlaps: those that
    /// ``Secrets/ranges(in:from:)`` names and every occurrence of a remembered value.
    ///
    /// In a message, values are searched for in the fields that hold text. A frame that is no
    /// message is searched as a whole, for values of any length; but in one that is JSON, a short
    /// value is a whole string or number.
    public func ranges(in frame: [UInt8], from end: LinkEnd) -> [Range<Int>] {
        var found = SecretRanges(in: frame)
        Secrets.collect(frame[...], from: end, into: &found)
        if !values.isEmpty { collect(frame[...], from: end, into: &found) }
        return found.merged()
    }

    /// The frame with every byte of ``ranges(in:from:)`` replaced by `*`.
    public func mask(_ frame: [UInt8], from end: LinkEnd) -> [UInt8] {
        Secrets.mask(ranges(in: frame, from: end), of: frame)
    }

    /// Adds every occurrence of a remembered value in a part of a frame.
    private func collect(
        _ frame: ArraySlice<UInt8>, from end: LinkEnd, into found: inout SecretRanges
    ) {
        guard let text = TextFields(of: frame, from: end) else {
            collectFromString(frame, into: &found)
            return
        }
        var index = 0
        for field in Fields(frame) {
            if text.startsString(index) {
                collect(frame[field.startIndex...], from: .host, into: &found)
                return
            }
            if text.contains(index) { collectFromText(field, into: &found) }
            index += 1
        }
    }

    /// Adds the values in a string that is no message.
    private func collectFromString(_ string: ArraySlice<UInt8>, into found: inout SecretRanges) {
        let json = JSONSecrets.mayBe(string) ? JSONSecrets(string) : nil
        if let json, json.isWhole {
            for scalar in json.scalars { collectFromText(string[scalar.range], into: &found) }
        }
        for value in values
        where json?.isWhole != true || value.count >= SecretBook.substringLengthMin {
            collect(value, in: string, into: &found)
        }
    }

    /// Adds the values in a field of text: long ones wherever they are, short ones as the field.
    private func collectFromText(_ field: ArraySlice<UInt8>, into found: inout SecretRanges) {
        for value in values {
            if value.count >= SecretBook.substringLengthMin {
                collect(value, in: field, into: &found)
            } else if field.elementsEqual(value) {
                found.append(field.indices)
            }
        }
    }

    /// Adds every place of a value in some bytes, overlapping ones included.
    private func collect(
        _ value: [UInt8], in bytes: ArraySlice<UInt8>, into found: inout SecretRanges
    ) {
        guard let first = value.first, bytes.count >= value.count else { return }
        for start in bytes.startIndex...(bytes.endIndex - value.count)
        where bytes[start] == first && bytes[start..<(start + value.count)].elementsEqual(value) {
            var end = start + value.count
            if value.count == SecretBook.valueLengthMax {
                // The value may go on: it was too long to remember.
                while end < bytes.endIndex, bytes[end] != Fields.separator { end += 1 }
            }
            found.append(start..<end)
        }
    }
}

/// Which fields of a message hold text that a person or a program chose.
private struct TextFields {
    private var texts = 0..<0
    /// The first field of a string that is a frame of its own, to the end of the message.
    private var stringStart: Int?
    /// Numbers and flags that interrupt the texts.
    private var numbers = 0..<0

    /// The text fields of a frame; nil when the frame is no message of the vocabulary.
    init?(of frame: ArraySlice<UInt8>, from end: LinkEnd) {
        switch end {
        case .host:
            guard case .message(let message) = HostMessage.parse(frame) else { return nil }
            switch message {
            case .will, .publish: texts = 1..<3
            case .subscribe: texts = 1..<2
            case .initialise:
                texts = 1..<Int.max
                numbers = InitialiseFields.numberFields
            case .timeRequest, .memoryRequest: break
            case .networkAnswer, .other: return nil
            }
        case .bridge:
            guard case .message(let message) = BridgeMessage.parse(frame) else { return nil }
            switch message {
            case .publication, .escapedPublication: texts = 1..<3
            case .unknown:
                texts = 2..<3
                stringStart = 3
            case .status, .time, .memory: break
            }
        }
    }

    /// Whether a field holds text.
    func contains(_ index: Int) -> Bool { texts.contains(index) && !numbers.contains(index) }

    /// Whether a string that is a frame of its own begins with this field.
    func startsString(_ index: Int) -> Bool { index == stringStart }
}
