import Foundation
import Testing

/// What the maker of a capture read off the wires with a program of his own, compared with ours:
/// each line of `NAME.strings.txt` has a time in seconds, a direction and a text.
@Suite struct SidecarTests {
    /// Somebody's reading of one thing on the wires.
    struct Item: Equatable {
        var microseconds: Int64
        var direction: String
        var text: String
    }

    /// The sidecars' times are rounded to microseconds, and a bit takes hundreds of them.
    private static let differenceMicrosecondsMax: Int64 = 1

    @Test(arguments: CaptureFolder.names)
    func everyStringComesOutInOrderWithDirectionAndTime(name: String) throws {
        let theirs = try sidecarItems(name)
        let outcome = try Command.synscope(
            ["decode", "\(name).syn", "--format", "ndjson", "--show-secrets"],
            in: CaptureFolder.url)
        let ours = try outcome.output.split(separator: "\n").flatMap(items)
            .sorted { $0.microseconds < $1.microseconds }
        #expect(theirs.count > 10)
        try #require(ours.count == theirs.count)
        for (our, their) in zip(ours, theirs) {
            #expect(our.direction == their.direction && our.text == their.text)
            let difference = abs(our.microseconds - their.microseconds)
            #expect(difference <= Self.differenceMicrosecondsMax, "\(their)")
        }
    }

    private func sidecarItems(_ name: String) throws -> [Item] {
        try CaptureFolder.text("\(name).strings.txt").split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            let seconds = try #require(parts.first.flatMap { Double($0) })
            try #require(parts.count == 3)
            return Item(
                microseconds: Int64((seconds * 1e6).rounded()), direction: String(parts[1]),
                text: String(parts[2]))
        }
    }

    /// What an object of ours is in the sidecar: a reset is two lines there, and a frame stands at
    /// its end.
    private func items(of line: Substring) throws -> [Item] {
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        func time(_ key: String) throws -> Int64 {
            let nanoseconds = try #require(object[key] as? NSNumber).int64Value
            return (nanoseconds + 500) / 1000
        }
        let direction = object["from"].map { $0 as? String == "host" ? "H>B" : "B>H" } ?? "---"
        if let fields = object["fields"] as? [String] {
            let text = "frame " + fields.joined(separator: "|")
            return [Item(microseconds: try time("end"), direction: direction, text: text)]
        }
        switch object["type"] as? String {
        case "reset":
            return [
                Item(microseconds: try time("start"), direction: "---", text: "reset 0"),
                Item(microseconds: try time("end"), direction: "---", text: "reset 1"),
            ]
        case "sync":
            return [Item(microseconds: try time("end"), direction: direction, text: "sync")]
        default: return []
        }
    }
}
