import Decoding
import TOMLKit

// The law of this file: a TOML value keeps its type, and a text all of its characters.

/// Reads TOML into the values that JSON has too.
enum TOMLDocument {
    /// The members of a document.
    static func parse(
        _ text: String, path: String
    ) throws(SettingsFault) -> [JSONNode.Member] {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw SettingsFault(
                .file(path: path, line: error.source.begin.line),
                "column \(error.source.begin.column): no TOML: \(harmless(error.description))")
        } catch {
            throw SettingsFault(.file(path: path, line: nil), "this is no TOML")
        }
        // The library hands texts out only up to a character 0; its JSON has all of them.
        let spelled = try? JSONNode(parsing: Array(table.convert(to: .json, options: format).utf8))
        guard case .object(let members)? = spelled else {
            throw SettingsFault(.file(path: path, line: nil), "this TOML cannot be read")
        }
        do throws(SettingComplaint) {
            return try self.members(of: table, spelled: members)
        } catch {
            throw SettingsFault(.file(path: path, line: nil), error.reason)
        }
    }

    /// What JSON has no value for is text there.
    private static var format: FormatOptions { [.quoteDateAndTimes, .quoteInfinitesAndNaNs] }

    /// What the parser says up to where it quotes the file, which can be a secret.
    private static func harmless(_ description: String) -> String {
        let end = description.firstIndex { "'\"`".contains($0) } ?? description.endIndex
        return end == description.endIndex ? description : description[..<end] + "…"
    }

    private static func members(
        of table: TOMLTable, spelled: [JSONNode.Member]
    ) throws(SettingComplaint) -> [JSONNode.Member] {
        var members: [JSONNode.Member] = []
        for member in spelled {
            guard let value = table[member.name] else {
                throw SettingComplaint(reason: "a key holds a character that none has")
            }
            members.append(
                .init(name: member.name, value: try node(value, spelled: member.value)))
        }
        return members
    }

    private static func node(
        _ value: any TOMLValueConvertible, spelled: JSONNode
    ) throws(SettingComplaint) -> JSONNode {
        switch (value.type, spelled) {
        case (.string, .string): return spelled
        case (.int, _): if let number = value.int { return .number(String(number)) }
        case (.double, _): if let number = value.double { return .number(String(number)) }
        case (.bool, _): if let flag = value.bool { return .boolean(flag) }
        case (.table, .object(let members)):
            if let table = value.table {
                return .object(try self.members(of: table, spelled: members))
            }
        case (.array, .array(let elements)):
            if let array = value.array, array.count == elements.count {
                var nodes: [JSONNode] = []
                for (index, element) in elements.enumerated() {
                    nodes.append(try node(array[index], spelled: element))
                }
                return .array(nodes)
            }
        // Dates and times are no text here; nothing takes them, and the complaint says what does.
        case (.date, _), (.time, _), (.dateTime, _): return .null
        default: break
        }
        throw SettingComplaint(reason: "this TOML cannot be read")
    }
}
