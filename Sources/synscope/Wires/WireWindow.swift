import PinFileTransport
import Reporting
import Signals

/// What somebody saw on wires in a stretch of time: the levels at its end, which signals moved, and who
/// plays a part.
struct WireWindow: Hashable {
    private(set) var levels: [Level]
    private(set) var moved: Set<PinSignal> = []
    private(set) var holders: [PinRole: PinHolder] = [:]

    /// One look.
    init(_ page: PinPage) {
        levels = PinSignal.allCases.map { page[$0] }
        for role in PinRole.allCases { holders[role] = page.holder(of: role) }
    }

    /// One more look.
    mutating func look(at page: PinPage) {
        for (place, signal) in PinSignal.allCases.enumerated() where page[signal] != levels[place] {
            levels[place] = levels[place].toggled
            moved.insert(signal)
        }
    }

    /// What it looks the same as, though its moving signals stand otherwise.
    var appearance: WireWindow {
        var appearance = self
        for (place, signal) in PinSignal.allCases.enumerated() where moved.contains(signal) {
            appearance.levels[place] = .low
        }
        return appearance
    }

    /// A table, with what a level means where that is not plain.
    var rows: [String] {
        var rows = zip(PinSignal.allCases, levels).map { signal, level in
            Self.row(signal.name, "\(level.rawValue)\(Self.meaning(of: signal, level))")
        }
        for role in PinRole.allCases {
            rows.append(Self.row(role.name, holders[role]?.description ?? "nobody known"))
        }
        return rows
    }

    /// One line; a signal that moved is a tilde.
    var line: String {
        let signals = zip(PinSignal.allCases, levels).map { signal, level in
            "\(signal.name) \(moved.contains(signal) ? "~" : String(level.rawValue))"
        }
        let parts = PinRole.allCases.compactMap { role in
            holders[role].map { "\(role.name) is \($0)" }
        }
        return (signals + parts).joined(separator: "  ")
    }

    /// One object, the members of which are always there.
    var object: JSONValue {
        .object(
            zip(PinSignal.allCases, levels).map { signal, level in
                (signal.name, .integer(Int64(level.rawValue)))
            } + [
                (
                    "moved",
                    .array(
                        PinSignal.allCases.filter(moved.contains).map { .string($0.name) })
                ),
                (
                    "held",
                    .object(
                        PinRole.allCases.map { role in
                            (role.name, holders[role].map(Self.object) ?? .null)
                        })
                ),
            ])
    }

    private static func object(of holder: PinHolder) -> JSONValue {
        [
            "process": holder.process.map { .integer(Int64($0)) } ?? .null,
            "program": .string(holder.program),
        ]
    }

    private static func row(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 11 - name.count)) + value
    }

    private static func meaning(of signal: PinSignal, _ level: Level) -> String {
        switch (signal, level) {
        case (.reset, .low): "  the bridge is held in reset"
        case (.broker, .low): "  connected, or never used"
        case (.broker, .high): "  not connected"
        default: ""
        }
    }
}

extension PinRole {
    /// Its name in tables and objects.
    var name: String {
        switch self {
        case .host: "host"
        case .bridge: "bridge"
        case .circuit: "circuit"
        }
    }
}
