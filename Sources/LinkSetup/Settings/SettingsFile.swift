import Decoding
import Glibc

/// The settings of a file: names, values, and the lines on which they seem to stand.
struct SettingsFile {
    /// A setting as the file has it.
    struct Entry {
        /// The name, that of a table and a point before it.
        var name: String
        var value: JSONNode
        /// The part whose table it stands in; nil if in none.
        var part: SettingKey.Part?
    }

    let path: String
    private(set) var entries: [Entry] = []
    private let lines: [Substring]

    /// The largest file that is read.
    static let bytesMax = 1 << 20
    /// The most points of one line: a parser makes a table of each part of a key, inside the other.
    static let pointsInLineMax = 1_024

    /// Reads a file, as TOML or as JSON by its suffix.
    init(path: String) throws(SettingsFault) {
        self.path = path
        let isJSON = path.hasSuffix(".json")
        guard isJSON || path.hasSuffix(".toml") else {
            throw SettingsFault(
                .file(path: path, line: nil), "settings are in a file that ends in .toml or .json")
        }
        let bytes = try Self.read(path)
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw SettingsFault(
                .file(path: path, line: nil), "this is no text in UTF-8; convert it with iconv")
        }
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if let line = lines.firstIndex(where: {
            $0.utf8.count { $0 == 0x2e } > Self.pointsInLineMax
        }) {
            throw SettingsFault(
                .file(path: path, line: line + 1),
                "a line may have at most \(Self.pointsInLineMax) points")
        }
        let members =
            isJSON
            ? try Self.parseJSON(bytes, path: path) : try TOMLDocument.parse(text, path: path)
        try take(members)
    }

    private static func parseJSON(
        _ bytes: [UInt8], path: String
    ) throws(SettingsFault) -> [JSONNode.Member] {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONNode(parsing: bytes)
        } catch {
            let before = bytes.prefix(error.offset)
            let line = before.count { $0 == 0x0a } + 1
            let column = before.count - (before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0) + 1
            // A word without quotes can be a secret, so its first character is not shown.
            let reason =
                error.reason.hasPrefix("a value begins with")
                ? "what stands here is no value; text needs quotes" : error.reason
            throw SettingsFault(
                .file(path: path, line: line), "column \(column): no JSON: \(reason)")
        }
        guard case .object(let members) = node else {
            throw SettingsFault(
                .file(path: path, line: nil),
                "the file must be one JSON object, {\"ssid\": \"…\", …}")
        }
        return members
    }

    // MARK: Tables

    /// Takes the tables apart; that of the parameters of TLS is a value.
    private mutating func take(
        _ members: [JSONNode.Member], in table: String? = nil, part: SettingKey.Part? = nil
    ) throws(SettingsFault) {
        for member in members {
            if table == nil, part == nil, let part = SettingKey.Part(rawValue: member.name) {
                guard case .object(let inner) = member.value else {
                    throw fault(member.name, "must be a table of settings")
                }
                try take(inner, part: part)
                continue
            }
            let name = (table.map { $0 + "." } ?? "") + member.name
            if case .object(let inner) = member.value, table == nil, SettingKey.isTable(name) {
                try take(inner, in: name, part: part)
                continue
            }
            if entries.contains(where: { $0.name == name }) {
                throw fault(name, "stands in the file twice")
            }
            entries.append(Entry(name: name, value: member.value, part: part))
        }
    }

    /// A fault of a key of this file.
    func fault(_ name: String, _ reason: String) -> SettingsFault {
        SettingsFault(.file(path: path, line: line(of: name)), key: name, reason)
    }

    /// The line of a key: the only one that begins with its name. Neither parser tells it.
    private func line(of name: String) -> Int? {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        var found: Int?
        for (index, line) in lines.enumerated() {
            var rest = line.drop { " \t{\"'".contains($0) }
            guard rest.hasPrefix(last) else { continue }
            rest = rest.dropFirst(last.count).drop { " \t\"'".contains($0) }
            guard rest.first == "=" || rest.first == ":" else { continue }
            if found != nil { return nil }
            found = index + 1
        }
        return found
    }

    // MARK: Bytes

    private static func read(_ path: String) throws(SettingsFault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw system(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw system(path, "cannot be read", errno) }
            if got == 0 { return Array(bytes.prefix(count)) }
            count += got
        }
        throw SettingsFault(
            .file(path: path, line: nil), "settings have at most \(bytesMax) bytes")
    }

    private static func system(_ path: String, _ what: String, _ number: Int32) -> SettingsFault {
        SettingsFault(
            .file(path: path, line: nil), "\(what): \(String(cString: strerror(number)))")
    }
}
