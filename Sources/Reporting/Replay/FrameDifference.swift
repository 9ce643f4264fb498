import LinkProtocol
import Signals

/// Two frames that should be equal, in the protocol's terms: the field, the character, the bit, and
/// the data wire of both around it.
struct FrameDifference {
    let expected: [UInt8]
    let found: [UInt8]
    let end: LinkEnd
    /// The number of the frames' first bit in the session.
    let firstBit: Int64
    let characterBits: Int
    let secrets: SecretBook?

    var lines: [String] {
        if expected.isEmpty || found.isEmpty {
            return [
                "  expected  \(words(expected, "no frame"))",
                "  found     \(words(found, "nothing"))",
            ]
        }
        let (left, right) = (Fields(expected), Fields(found))
        guard left[0].elementsEqual(right[0]), left.count == right.count else {
            return [
                "  expected  \(words(expected, ""))", "  found     \(words(found, ""))",
            ] + place
        }
        var lines: [String] = []
        let masked = (mask(expected), mask(found))
        for index in 0..<left.count where !left[index].elementsEqual(right[index]) {
            let name = Self.fieldName(index, of: Command(left[0], from: end)) ?? "field \(index)"
            lines.append("  frame     \(shape(without: index, name: name))")
            lines.append("  expected  \(name) \(ReadableBytes.quoted(Fields(masked.0)[index]))")
            lines.append("  found     \(name) \(ReadableBytes.quoted(Fields(masked.1)[index]))")
            break
        }
        return lines + place
    }

    /// The first character that differs, and the bits around its first bit that does.
    private var place: [String] {
        var character = 0
        while character < expected.count, character < found.count,
            expected[character] == found[character]
        {
            character += 1
        }
        let (left, right) = (bits(of: expected), bits(of: found))
        var bit = character * characterBits
        while bit < left.count, bit < right.count, left[bit] == right[bit] { bit += 1 }
        let (expectedBit, foundBit) = (value(left, bit), value(right, bit))
        var lines = [
            "  first     bit \(firstBit + Int64(bit)) = character \(bit / characterBits), bit "
                + "\(bit % characterBits): expected \(expectedBit), found \(foundBit)"
        ]
        guard !isSecret(near: bit / characterBits) else {
            return lines + ["  (the bits belong to a password)"]
        }
        let from = max(0, bit - Self.shownBefore)
        let to = bit + Self.shownBehind
        let name = end.data.wireName
        lines += [
            "  bits      \(firstBit + Int64(from))…\(firstBit + Int64(to))",
            "  expected  \(name) \(draw(left, from: from, to: to))",
            "  found     \(name) \(draw(right, from: from, to: to))",
            String(repeating: " ", count: 13 + name.count + bit - from) + "^",
        ]
        return lines
    }

    private static let shownBefore = 8
    private static let shownBehind = 8

    private func isSecret(near character: Int) -> Bool {
        guard let secrets else { return false }
        let range = (character - 1)...(character + 1)
        return secrets.ranges(in: expected, from: end).contains { $0.overlaps(range) }
            || secrets.ranges(in: found, from: end).contains { $0.overlaps(range) }
    }

    /// A frame's bits, its closing zero included.
    private func bits(of frame: [UInt8]) -> [UInt8] {
        (frame + [0]).flatMap { character in
            (0..<characterBits).map { character >> UInt8(truncatingIfNeeded: $0) & 1 }
        }
    }

    /// Behind a frame an idle link sends zeros.
    private func value(_ bits: [UInt8], _ place: Int) -> UInt8 {
        place < bits.count ? bits[place] : 0
    }

    private func draw(_ bits: [UInt8], from: Int, to: Int) -> String {
        String((from...to).map { value(bits, $0) == 0 ? "_" : "-" })
    }

    private func mask(_ frame: [UInt8]) -> [UInt8] { secrets?.mask(frame, from: end) ?? frame }

    private func words(_ frame: [UInt8], _ nothing: String) -> String {
        frame.isEmpty ? nothing : ReadableBytes.quoted(mask(frame))
    }

    /// The frame with a name in the place of the field that differs.
    private func shape(without index: Int, name: String) -> String {
        let fields = Fields(mask(expected))
        return fields.enumerated().map { place, field in
            place == index ? "<\(name)>" : ReadableBytes.escaped(field)
        }.joined(separator: "|")
    }

    private static func fieldName(_ index: Int, of command: Command?) -> String? {
        let names: [String]
        switch command {
        case .will, .publish: names = ["topic", "message", "retain", "qos"]
        case .subscribe: names = ["topic", "qos"]
        case .publication, .escapedPublication: names = ["topic", "message", "retained"]
        case .status: names = ["status", "text", "string"]
        case .time: names = ["seconds"]
        case .memory: names = ["free", "allocated"]
        case .initialise:
            names = [
                "ssid", "password", "broker", "mqtt_user", "mqtt_pw", "ssl_params",
                "use_default_net", "port", "ssl", "fast", "keepalive", "debug", "clean_session",
                "max_repubs", "response_time", "ping_interval", "timeserver",
            ]
        case nil: names = []
        }
        return index > 0 && index <= names.count ? names[index - 1] : nil
    }
}
