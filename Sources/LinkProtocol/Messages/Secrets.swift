public import Signals

// The law of this file: where a frame holds a secret is decided by the frame alone, and in doubt
// the answer is yes. What was learned from other frames is in SecretBook.

/// The places of secrets in a frame.
///
/// Secret are the Wi-Fi password, the password at the broker and the parameters of TLS (unless
/// `{}`) of an `init`, also where a status UNKNOWN repeats one.
///
/// Ref: Documentation/Protocol.md, Messages.
public enum Secrets {
    /// The character that stands for a secret one; the length of a secret is kept.
    @inlinable public static var maskCharacter: UInt8 { UInt8(ascii: "*") }

    /// The secret bytes of a frame, in order, without overlaps, none of them empty.
    ///
    /// No range holds a separator, so that a masked frame has the fields of the frame. In an `init`
    /// the secrets are known by their fields, and so they are in one that was cut short. In an `init`
    /// that is damaged, fields may have merged or split: all of them are secret. A frame that is no
    /// message may be a damaged `init`: with four fields or more, or with a first field that differs
    /// from `init` by two characters at most or ends in it, all behind the first field is secret;
    /// with more fields than any message but `init` has, the first field too, since the frame's
    /// start may be lost. That spares frames which begin with a command that has text of its own.
    /// In a string that is no message and can be a JSON array or object, the values are secret
    /// whose keys say so, and all from where it cannot be read. A frame that is no message and holds
    /// what nobody types is secret altogether: it was read wrongly.
    public static func ranges(in frame: [UInt8], from end: LinkEnd) -> [Range<Int>] {
        var found = SecretRanges(in: frame)
        collect(frame[...], from: end, into: &found)
        return found.merged()
    }

    /// The frame with every secret byte replaced by `*`; its length and its fields stay.
    public static func mask(_ frame: [UInt8], from end: LinkEnd) -> [UInt8] {
        mask(ranges(in: frame, from: end), of: frame)
    }

    /// A frame with the bytes of some ranges replaced by `*`.
    ///
    /// Whatever of a range lies outside the frame is ignored.
    public static func mask(_ ranges: [Range<Int>], of frame: [UInt8]) -> [UInt8] {
        var masked = frame
        for range in ranges {
            for place in range.clamped(to: frame.startIndex..<frame.endIndex) {
                masked[place] = maskCharacter
            }
        }
        return masked
    }

    /// The most fields that a message other than `init` has.
    private static var fieldsMaxBesidesInit: Int { 5 }

    /// Adds the secrets of a part of a frame.
    static func collect(
        _ frame: ArraySlice<UInt8>, from end: LinkEnd, into found: inout SecretRanges
    ) {
        let fields = Fields(frame)
        let opening = fields[0]
        if opening.equals(Command.initialise.letters) {
            collectInitialise(frame, into: &found)
            return
        }
        switch end {
        case .host:
            if HostMessage.isVocabulary(HostMessage.parse(frame)) { return }
        case .bridge:
            guard case .message(let message) = BridgeMessage.parse(frame) else { break }
            // What an UNKNOWN repeats came from the host.
            if case .unknown = message {
                collect(frame[fields[3].startIndex...], from: .host, into: &found)
            }
            return
        }
        if JSONSecrets.mayBe(frame) { collectFromJSON(frame, into: &found) }
        collectFromWreck(frame, fields: fields, from: end, into: &found)
    }

    /// The secrets of a string that is JSON, or was.
    private static func collectFromJSON(
        _ text: ArraySlice<UInt8>, into found: inout SecretRanges
    ) {
        let json = JSONSecrets(text)
        for scalar in json.scalars where scalar.isSecret { found.append(scalar.range) }
        found.append(json.readableEnd..<text.endIndex)
    }

    /// The secrets of a string that begins with `init`.
    private static func collectInitialise(
        _ frame: ArraySlice<UInt8>, into found: inout SecretRanges
    ) {
        let isDamaged = !isReadableAsFarAsItGoes(frame)
        var index = 0
        for field in Fields(frame) {
            if isDamaged ? index > 0 : InitialiseFields.isSecret(field, at: index) {
                found.append(field.indices)
            }
            index += 1
        }
    }

    /// The secrets of a string that is no message.
    private static func collectFromWreck(
        _ frame: ArraySlice<UInt8>, fields: Fields, from end: LinkEnd,
        into found: inout SecretRanges
    ) {
        let opening = fields[0]
        let isPlausible = isPlausible(Command(opening, from: end), fieldCount: fields.count)
        // What nobody types is not what was sent: its bits can be those of any text.
        let isWrong = !TypedText.matches(frame)
        let hidesFirst = isWrong || !isPlausible && fields.count > fieldsMaxBesidesInit
        let hidesOthers =
            isWrong || !isPlausible && (fields.count >= 4 || resemblesInitialise(opening))
        var index = 0
        for field in fields {
            if index == 0 ? hidesFirst : hidesOthers { found.append(field.indices) }
            // It may repeat an `init` somewhere.
            if index > 0, endsWithInitialise(field) {
                collectInitialise(frame[(field.endIndex - 4)...], into: &found)
            }
            index += 1
        }
    }

    /// Whether a string that is no message can still be trusted to be of the command that it names.
    ///
    /// One of `init`'s characters turned into a separator makes an `i` of it, which has no text of
    /// its own. The one message that may hold stray separators is what came from the broker.
    private static func isPlausible(_ command: Command?, fieldCount: Int) -> Bool {
        switch command {
        case .publication, .escapedPublication: true
        case .will, .publish, .subscribe, .status: fieldCount <= fieldsMaxBesidesInit
        case .initialise, .time, .memory, nil: false
        }
    }

    /// Whether an `init` is sound, or is one that only ends too early.
    private static func isReadableAsFarAsItGoes(_ frame: ArraySlice<UInt8>) -> Bool {
        switch HostMessage.parse(frame) {
        case .message: true
        case .malformed(let malformation): malformation.offset == frame.count
        }
    }

    /// Whether a field may be `init` with damage to one or two of its characters, with its first
    /// characters lost, or with the end of another string before it.
    private static func resemblesInitialise(_ field: ArraySlice<UInt8>) -> Bool {
        if field.equals("nit") || field.equals("it") || endsWithInitialise(field) { return true }
        guard field.count == 4 else { return false }
        let letters = [UInt8](characters: Command.initialise.letters)
        var differences = 0
        for (found, expected) in zip(field, letters) where found != expected { differences += 1 }
        return differences <= 2
    }

    /// Whether a string may become an `init` at the end of this field: a zero character that was
    /// lost joins two strings.
    static func endsWithInitialise(_ field: ArraySlice<UInt8>) -> Bool {
        field.suffix(4).equals(Command.initialise.letters)
    }
}

extension HostMessage {
    /// Whether a frame is a message of the vocabulary, not a free string.
    static func isVocabulary(_ outcome: ParseOutcome<HostMessage>) -> Bool {
        switch outcome {
        case .malformed, .message(.other), .message(.networkAnswer): false
        case .message: true
        }
    }
}

extension InitialiseFields {
    /// Whether a field of an `init` is secret, by its place and unless it says that there is none.
    static func isSecret(_ field: ArraySlice<UInt8>, at index: Int) -> Bool {
        if index == SecretField.tlsParameters, field.equals("{}") { return false }
        return isSecretPlace(index) && !field.isEmpty
    }

    /// Whether the field at a place of an `init` is one for secrets.
    static func isSecretPlace(_ index: Int) -> Bool {
        switch index {
        case SecretField.password, SecretField.userPassword, SecretField.tlsParameters: true
        default: false
        }
    }
}

/// The secret bytes of one frame as they are found.
struct SecretRanges {
    private let frame: [UInt8]
    /// Whether each byte is secret; empty as long as none is, which is the rule.
    private var isSecret: [Bool] = []

    /// No secret in a frame.
    init(in frame: [UInt8]) { self.frame = frame }

    /// Adds a range of the frame without its separators; ranges come in any order.
    mutating func append(_ range: Range<Int>) {
        if range.isEmpty { return }
        if isSecret.isEmpty { isSecret = [Bool](repeating: false, count: frame.count) }
        for place in range where frame[place] != Fields.separator { isSecret[place] = true }
    }

    /// The ranges in order, those that overlap or touch made one.
    func merged() -> [Range<Int>] {
        var merged: [Range<Int>] = []
        var start: Int?
        for place in isSecret.indices {
            if isSecret[place] {
                if start == nil { start = place }
            } else if let first = start {
                merged.append(first..<place)
                start = nil
            }
        }
        if let first = start { merged.append(first..<isSecret.endIndex) }
        return merged
    }
}
