import CaptureStore
import FoundationEssentials
import Signals

/// A pinout of one's own, as JSON:
///
///     {
///       "title": "tap on the bench",
///       "chip": "gpiochip0",
///       "wires": {"reset": "GPIO5", "stx": 6, "sckout": 13, "srx": 19, "sckin": 26},
///       "bias": "pull-down",
///       "active_low": ["reset"]
///     }
///
/// All but `wires` can be left out, and nothing else can be there. A wire, by the host's or the bridge's
/// name, is an offset, a line's name, or null if it is not there.
enum PinoutFile {
    static func read(_ path: String) throws -> Pinout {
        let text = try SmallFile.text(path, missingIsEmpty: false)
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
        } catch let error as UnknownKey {
            throw Failure(.failed, "\(path): \(error)")
        } catch {
            throw Failure(.failed, "\(path): \(reason(error)); \(advice)")
        }
        let name = path.lastPathComponent
        var pinout = Pinout(
            name: name, title: content.title ?? name, map: try map(content.wires, path: path))
        pinout.chip = content.chip
        pinout.bias = try content.bias.map { try bias($0, path: path) }
        pinout.activeLow = try (content.activeLow ?? []).map {
            try wire($0, key: "active_low", path: path)
        }
        return pinout
    }

    private static let advice =
        "a pinout looks like {\"wires\": {\"reset\": \"GPIO5\", \"stx\": 6, …}}, see "
        + "`synscope devices --help`"

    private struct Content: Decodable {
        var title: String?
        var chip: String?
        var wires: [String: Place?]
        var bias: String?
        var activeLow: [String]?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case title, chip, wires, bias
            case activeLow = "active_low"
        }

        init(from decoder: any Swift.Decoder) throws {
            let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
            if let key = keys.sorted().first(where: { CodingKeys(rawValue: $0) == nil }) {
                throw UnknownKey(name: key, known: CodingKeys.allCases.map(\.rawValue))
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            title = try values.decodeIfPresent(String.self, forKey: .title)
            chip = try values.decodeIfPresent(String.self, forKey: .chip)
            wires = try values.decode([String: Place?].self, forKey: .wires)
            bias = try values.decodeIfPresent(String.self, forKey: .bias)
            activeLow = try values.decodeIfPresent([String].self, forKey: .activeLow)
        }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A key that a pinout does not have: what it was to change would stay as it is, unnoticed.
    private struct UnknownKey: Error, CustomStringConvertible {
        var name: String
        var known: [String]

        var description: String {
            let near = NearNames.of(name, among: known).first
            return "there is no key `\(name)`; "
                + (near.map { "did you mean `\($0)`? The keys are " } ?? "the keys are ")
                + known.joined(separator: ", ")
        }
    }

    /// A line by its name or its offset.
    private struct Place: Decodable {
        var text: String

        init(from decoder: any Swift.Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = try (try? String(value.decode(UInt.self))) ?? value.decode(String.self)
        }
    }

    private static func map(_ wires: [String: Place?], path: String) throws -> ChannelMap {
        let items = try wires.keys.sorted().map { name in
            let signal = (wires[name] ?? nil)?.text
            return ChannelMap.Item(
                wire: try wire(name, key: "wires", path: path),
                // As `--map` has it.
                signal: signal?.lowercased() == "none" ? nil : signal)
        }
        do {
            return try ChannelMap(items: items.sorted { $0.wire.index < $1.wire.index })
        } catch {
            throw Failure(.failed, "\(path): \(error)")
        }
    }

    private static func wire(_ name: String, key: String, path: String) throws -> Channel {
        guard let channel = ChannelMap.wire(named: name) else {
            throw Failure(.failed, "\(path): \(key): \(ChannelMap.complaint(unknownWire: name))")
        }
        return channel
    }

    private static func bias(_ name: String, path: String) throws -> BiasArgument {
        guard let bias = BiasArgument(rawValue: name) else {
            let known = BiasArgument.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.failed, "\(path): bias: there is no `\(name)`; there are \(known)")
        }
        return bias
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is of another type "
                + "than it should be"
        default: "this is no JSON object"
        }
    }
}
