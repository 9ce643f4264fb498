import CaptureStore
import Foundation
import Signals

/// The captures of the reference, with what its makers wrote down beside them.
enum ReferenceCapture {
    static let names = [
        "a_boot", "b_will_restart", "d_crash", "e_mem_time", "g_unknown", "k_specnet",
    ]

    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Captures").appending(path: name).path
    }
}

extension LinkObservation {
    /// What a capture of the reference shows.
    init(ofReferenceCapture name: String) throws {
        let capture = try Capture(opening: ReferenceCapture.path("\(name).syn"))
        var source = try capture.edges()
        try self.init(from: capture.observationStart, to: capture.end) { batch in
            try source.read(into: &batch)
        }
    }

    /// Reads what the application and a subscriber saw in the capture a_boot.
    mutating func readLogs(of name: String) throws {
        struct Event: Decodable {
            var t: Double
            var ev: String
            var op: String?
            var topic: String?
            var msg: String?
            var id: Int?
            var args: [String]?
        }
        let log = try Data(
            contentsOf: URL(fileURLWithPath: ReferenceCapture.path("\(name).events.json")))
        var places: [Int: Int] = [:]
        for event in try JSONDecoder().decode([Event].self, from: log) {
            let time = Self.time(event.t)
            switch event.ev {
            case "call" where event.op == "publish":
                places[event.id ?? 0] = calls.count
                calls.append(
                    Call(
                        text: Self.key(
                            Array((event.topic ?? "").utf8), Array((event.msg ?? "").utf8)),
                        calledAt: time))
            case "ret":
                if let place = places[event.id ?? 0] { calls[place].returnedAt = time }
            case "cb":
                let words = (event.args ?? []).map { Array($0.utf8) }
                deliveries.append(Delivery(text: Self.key(words[0], words[1]), time: time))
            default: break
            }
        }
        let seen = try String(
            contentsOfFile: ReferenceCapture.path("\(name).seen.csv"), encoding: .utf8)
        for line in seen.split(separator: "\n").dropFirst() {
            let words = line.split(separator: ",", maxSplits: 2)
            guard words.count == 3, let seconds = Double(words[0]) else { continue }
            arrivals[Self.key(Array(words[1].utf8), Array(words[2].utf8))] = Self.time(seconds)
        }
    }

    private static func time(_ seconds: Double) -> Timestamp {
        Timestamp(nanoseconds: Int64((seconds * 1e9).rounded()))
    }
}
