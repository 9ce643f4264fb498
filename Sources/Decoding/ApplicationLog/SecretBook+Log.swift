public import LinkProtocol
import Signals

// The law of this file: an entry of a log keeps its length and stays JSON, whatever is masked.

extension SecretBook {
    /// An entry of a log with every secret in it replaced by as many `*`: what stands under a name
    /// that says so, the secret elements of an `init`, and every value of this book.
    public func mask(_ entry: JSONNode) -> JSONNode {
        replace(in: Self.maskNamed(entry))
    }

    /// Masks what the entry itself says is secret.
    private static func maskNamed(_ entry: JSONNode) -> JSONNode {
        var bytes = entry.bytes
        let ranges = Secrets.ranges(in: bytes, from: .host)
        if ranges.isEmpty { return entry }
        for range in ranges where !range.isEmpty {
            let isString = range.lowerBound > 0 && bytes[range.lowerBound - 1] == quotationMark
            for place in range { bytes[place] = Secrets.maskCharacter }
            if isString { continue }
            // A number becomes a string of the same length, or nought.
            if range.count == 1 {
                bytes[range.lowerBound] = UInt8(ascii: "0")
            } else {
                bytes[range.lowerBound] = quotationMark
                bytes[range.upperBound - 1] = quotationMark
            }
        }
        // What was JSON before is JSON still; if it were not, nothing of it could be vouched for.
        return (try? JSONNode(parsing: bytes)) ?? .object([])
    }

    private static var quotationMark: UInt8 { UInt8(ascii: "\"") }

    private func replace(in node: JSONNode) -> JSONNode {
        switch node {
        case .string(let text): return .string(replace(in: text))
        case .number(let spelling):
            let masked = replace(in: spelling)
            return masked == spelling ? node : .string(masked)
        case .array(let elements): return .array(elements.map { replace(in: $0) })
        case .object(let members):
            return .object(
                members.map {
                    .init(name: replaceLong(in: $0.name), value: replace(in: $0.value))
                })
        case .null, .boolean: return node
        }
    }

    private func replace(in text: String) -> String {
        let bytes = Array(text.utf8)
        let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        // A frame, or JSON in a string: they say themselves what of them is secret.
        if bytes.contains(Fields.separator) || first == UInt8(ascii: "{")
            || first == UInt8(ascii: "[")
        {
            return String(decoding: mask(bytes, from: .host), as: UTF8.self)
        }
        let isShort = bytes.count < SecretBook.substringLengthMin
        if isShort, values.contains(where: { $0 == bytes }) {
            return String(repeating: "*", count: bytes.count)
        }
        return replaceLong(in: text)
    }

    /// Masks the values that are long enough to be no chance; a name is seldom a password.
    private func replaceLong(in text: String) -> String {
        let bytes = Array(text.utf8)
        var masked = bytes
        for value in values where value.count >= SecretBook.substringLengthMin {
            for range in bytes.ranges(of: value) {
                for place in range { masked[place] = Secrets.maskCharacter }
            }
        }
        return masked == bytes ? text : String(decoding: masked, as: UTF8.self)
    }
}
