import LinkProtocol
import Signals

// The law of this file: a frame is read strictly, unless a fault of the reference is imitated; then
// it is put right first, and each correction names its rule.

/// A frame of the host, read.
struct HostFrameReading {
    /// What it is.
    var outcome: ParseOutcome<HostMessage>
    /// The rules without which it would be something else.
    var imitated: ReferenceRules = []

    /// The most corrections: `init` has ten numbers, and one field can only be wrong twice.
    private static var correctionsMax: Int { 24 }

    init(_ frame: [UInt8], rules: ReferenceRules) {
        outcome = HostMessage.parse(frame)
        var frame = frame
        for _ in 0..<HostFrameReading.correctionsMax {
            guard case .malformed(let fault) = outcome,
                let rule = HostFrameReading.correct(&frame, fault, rules)
            else { break }
            imitated.formUnion(ReferenceRules(rule))
            outcome = HostMessage.parse(frame)
        }
        if rules.contains(.retainAnyNonempty) { retainAnyNonempty() }
    }

    /// The reference takes `0` and `False` for yes.
    private mutating func retainAnyNonempty() {
        guard case .message(let message) = outcome else { return }
        switch message {
        case .publish(var publication) where HostFrameReading.makeRetained(&publication):
            outcome = .message(.publish(publication))
        case .will(var will) where HostFrameReading.makeRetained(&will):
            outcome = .message(.will(will))
        default: return
        }
        imitated.formUnion(ReferenceRules(.retainAnyNonempty))
    }

    private static func makeRetained(_ publication: inout Publication) -> Bool {
        switch publication.retain {
        case .empty, .digitOne, .wordTrue: return false
        case .digitZero, .wordFalse:
            publication.retain = .digitOne
            return true
        }
    }

    /// Puts one fault right, as one of the rules allows, and gives that rule.
    private static func correct(
        _ frame: inout [UInt8], _ fault: MalformedMessage, _ rules: ReferenceRules
    ) -> ReferenceRule? {
        switch fault.reason {
        case .surplusField where rules.contains(.lenientFields) && fault.offset > 0:
            frame.removeSubrange((fault.offset - 1)...)
            return .lenientFields
        case .notANumber where rules.contains(.lenientFields):
            let field = Fields(frame)[fault.fieldIndex]
            guard let number = plainNumber(field), number[...] != field else { return nil }
            frame.replaceSubrange(field.startIndex..<field.endIndex, with: number)
            return .lenientFields
        case .notAFlag where rules.contains(.retainAnyNonempty):
            let field = Fields(frame)[fault.fieldIndex]
            frame.replaceSubrange(
                field.startIndex..<field.endIndex, with: [UInt8(ascii: "1")])
            return .retainAnyNonempty
        default: return nil
        }
    }

    /// The digits of a number with a sign, spaces around it, or zeros before it.
    private static func plainNumber(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var start = field.startIndex
        var end = field.endIndex
        while start < end, isSpace(field[start]) { start += 1 }
        while start < end, isSpace(field[end - 1]) { end -= 1 }
        if start < end, field[start] == UInt8(ascii: "+") { start += 1 }
        while end - start > 1, field[start] == UInt8(ascii: "0") { start += 1 }
        guard start < end else { return nil }
        for byte in field[start..<end]
        where !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { return nil }
        return Array(field[start..<end])
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
