import CaptureStore
import Decoding
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
/// All but `wires` can be left out. A wire is an offset, a line's name, or null if it is not there.
enum PinoutFile {
    static func read(_ path: String) throws -> Pinout {
        let text = try SmallFile.text(path, missingIsEmpty: false)
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
        } catch {
            throw Failure(.failed, "\(path): \(reason(error)); \(advice)")
        }
        let name = path.lastPathComponent
        var pinout = Pinout(
            name: name, title: content.title ?? name, map: try map(content.wires, path: path))
        pinout.chip = content.chip
        pinout.bias = content.bias
        pinout.activeLow = try (content.activeLow ?? []).map { name in
            guard let wire = WireNames.all.first(where: { $0.host.description == name }) else {
                throw Failure(.failed, "\(path): active_low: `\(name)` is no wire; \(advice)")
            }
            return wire.channel
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

        enum CodingKeys: String, CodingKey {
            case title, chip, wires, bias
            case activeLow = "active_low"
        }
    }

    /// A line by its name or its offset.
    private struct Place: Decodable {
        var text: String

        init(from decoder: any Swift.Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = try (try? String(value.decode(Int.self))) ?? value.decode(String.self)
        }
    }

    private static func map(_ wires: [String: Place?], path: String) throws -> ChannelMap {
        let items = wires.keys.sorted().map { "\($0)=\((wires[$0] ?? nil)?.text ?? "none")" }
        do {
            return try ChannelMap(parsing: items.joined(separator: ","))
        } catch {
            throw Failure(.failed, "\(path): \(error)")
        }
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
