import Decoding
import FoundationEssentials
import HostProtocol
import LinkProtocol
import LinkSetup
import Testing

/// What the documentation says is what is so.
struct DocumentationTests {
    private static func document(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: root.appending(path: "Documentation/\(name)"), encoding: .utf8)
    }

    @Test func theTablesHaveEveryKeyInOrderWithItsDefault() throws {
        var rows: [String] = []
        for line in try Self.document("Configuration.md").split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingPrefix(" ").filter { $0 != "`" } }
            guard line.hasPrefix("| `"), cells.count >= 4 else { continue }
            rows.append(cells[1] + "= " + cells[2])
        }
        let keys = SettingKey.all.map { key in
            "\(key.name) = \(key.standard.map { $0 + " " } ?? "")"
        }
        #expect(rows == keys)
    }

    @Test func theExamplesOfBothFilesAreRead() throws {
        let bench = try SettingsBench()
        var files: [String: String] = [:]
        let parts = try Self.document("Configuration.md").split(separator: "```")
        for (index, part) in parts.enumerated() {
            for kind in ["toml", "json"] where part.hasPrefix(kind + "\n") {
                let name = parts[index - 1].split(separator: "`").last { $0.hasSuffix(kind) }
                files[String(try #require(name))] = String(part.dropFirst(kind.count))
            }
        }
        #expect(
            files.keys.sorted() == [
                "hardware.json", "hardware.toml", "net_local.json", "net_local.toml",
            ])
        for kind in ["toml", "json"] {
            let paths = try ["hardware", "net_local"].map { name in
                try bench.file("\(name).\(kind)", try #require(files["\(name).\(kind)"]))
            }
            let settings = try LinkSettings(files: paths)
            let configuration = try settings.hostConfiguration()
            #expect(configuration.will?.topic == Array("result".utf8))
        }
    }

    @Test func theConversationIsMadeOfRequestsAndEvents() throws {
        let text = try Self.document("Control.md")
        var operations = Set<ControlRequest.Name>()
        var events = Set<String>()
        for line in text.split(separator: "\n") {
            if line.hasPrefix("> ") {
                let bytes = Array(line.dropFirst(2).utf8)
                do throws(ControlFault) {
                    operations.insert(try ControlRequest(line: bytes).operation.name)
                } catch {
                    // The misspelt request, whose answer follows.
                    #expect(text.contains(error.reason))
                }
            } else if line.hasPrefix("< ") {
                let node = try JSONNode(parsing: Array(line.dropFirst(2).utf8))
                events.insert(try #require(node["event"]?.text))
                #expect(node["time"]?.integer != nil)
            }
        }
        #expect(operations.isSuperset(of: [.publish, .subscribe, .time, .memory, .ready, .quit]))
        #expect(
            events == [
                "returned", "message", "status", "network", "session", "ready", "crash", "error",
            ])
    }
}
