import Decoding
import LinkProtocol

// The law of this file: what is written reads back as the same dictionary, and the link can carry it.

/// The parameters of TLS as `init` has them: the literal of a Python dictionary.
enum TLSLiteral {
    /// The literal of a table of constants, or of a text that is one already.
    static func literal(of value: SettingValue) throws(SettingComplaint) -> String {
        let literal: String
        switch value {
        case .node(.object(let members)): literal = try write(members)
        case .text(let text), .node(.string(let text)): literal = text
        default:
            throw SettingComplaint(
                reason: "must be a table, or the text of a Python dictionary such as "
                    + "\"{'cert_reqs': 0}\"")
        }
        try check(literal)
        return literal
    }

    static func check(_ literal: String) throws(SettingComplaint) {
        try LinkText.check(literal)
        do throws(DictionaryLiteral.Refusal) {
            _ = try DictionaryLiteral(Array(literal.utf8))
        } catch {
            throw SettingComplaint(
                reason: "is no Python dictionary of constants from byte \(error.offset + 1) on: "
                    + words(error.reason))
        }
    }

    private static func words(_ reason: DictionaryLiteral.Reason) -> String {
        switch reason {
        case .noBraces: "it must begin with { and end with }"
        case .noKey: "a key must be text in quotes"
        case .repeatedKey: "a key stands there twice"
        case .noSeparator: "a colon or a comma is missing"
        case .noConstant: "a value must be text, bytes, a whole number, True, False or None"
        case .outOfRange: "a number is too large"
        case .malformedText: "a text has no end, or an escape that there is not"
        case .tooMany: "it has more than \(DictionaryLiteral.membersMax) keys"
        }
    }

    private static func write(_ members: [JSONNode.Member]) throws(SettingComplaint) -> String {
        var parts: [String] = []
        for member in members {
            parts.append(try quote(member.name) + ": " + value(member))
        }
        return "{" + parts.joined(separator: ", ") + "}"
    }

    private static func value(_ member: JSONNode.Member) throws(SettingComplaint) -> String {
        switch member.value {
        case .null: return "None"
        case .boolean(let flag): return flag ? "True" : "False"
        case .number(let spelling):
            if let number = Int64(spelling) { return String(number) }
        case .string(let text): return try quote(text)
        case .array, .object: break
        }
        throw SettingComplaint(
            reason: "`\(member.name)` in it must be text, a whole number, true or false")
    }

    private static func quote(_ text: String) throws(SettingComplaint) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": quoted += "\\" + String(scalar)
            case " "..."~": quoted.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x100: quoted += "\\x" + hexadecimal(scalar, digits: 2)
            case _ where scalar.value < 0x1_0000: quoted += "\\u" + hexadecimal(scalar, digits: 4)
            default:
                throw SettingComplaint(
                    reason: "it holds a character beyond U+FFFF, which the bridge cannot be told")
            }
        }
        return quoted + "'"
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
