// The names of a recording's files.

internal import Glibc

/// The names of the files of one recording: `trace.syn`, or `trace-0001.syn` and so on.
struct SeriesName {
    private let path: String
    private let isNumbered: Bool
    private let stem: String
    private let ending: String

    init(_ path: String, isNumbered: Bool) {
        self.path = path
        self.isNumbered = isNumbered
        let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let point = path[nameStart...].lastIndex(of: ".").flatMap { $0 > nameStart ? $0 : nil }
        stem = String(path[..<(point ?? path.endIndex)])
        ending = String(path[(point ?? path.endIndex)...])
    }

    /// The path of the file with a number, from 1.
    func path(_ number: Int) -> String {
        guard isNumbered else { return path }
        let digits = String(number)
        return
            "\(stem)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)\(ending)"
    }

    /// Whether a path is one of a numbered series.
    func covers(_ path: String) -> Bool {
        let prefix = stem + "-"
        guard path.hasPrefix(prefix), path.hasSuffix(ending),
            path.count >= prefix.count + ending.count
        else { return false }
        let digits = path.dropFirst(prefix.count).dropLast(ending.count)
        return digits.count >= 4 && digits.allSatisfy { ("0"..."9").contains($0) }
    }

    /// Whether there is a file with a number.
    func isTaken(_ number: Int) -> Bool { access(path(number), F_OK) == 0 }

    /// The last component of a path.
    static func lastComponent(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }

    /// Throws when there is a file of an earlier recording with the same name.
    func checkUnused() throws(CaptureError) {
        guard isNumbered else { return }
        let nameStart = stem.lastIndex(of: "/").map { stem.index(after: $0) } ?? stem.startIndex
        let folder = nameStart == stem.startIndex ? "." : String(stem[..<nameStart])
        // A folder that cannot be listed is told of by whoever creates a file in it.
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        let prefix = stem[nameStart...] + "-"
        var found: String?
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix), name.hasSuffix(ending) else { continue }
            let digits = name.dropFirst(prefix.count).dropLast(ending.count)
            guard digits.count >= 4, digits.allSatisfy({ ("0"..."9").contains($0) }) else {
                continue
            }
            found = min(found ?? name, name)
        }
        if let found { throw .fileExists(path: stem[..<nameStart] + found) }
    }
}
