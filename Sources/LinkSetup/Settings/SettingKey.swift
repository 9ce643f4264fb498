import LinkProtocol
import Signals

/// A key of the settings: how it is spelled, what it may be, and what it changes.
///
/// The list of all is what files, environment and options are read by, and what the documentation's
/// table is checked against.
public struct SettingKey: Sendable {
    /// A part of the settings.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// The wires and the timing of the link.
        case hardware
        /// The bridge's network and its broker.
        case network
    }

    /// The name; with a point when it is in a table of its own.
    public let name: String
    /// Another name for the same.
    public let alias: String?
    /// The part to which it belongs.
    public let part: Part
    /// The default, as it would be written in a TOML file; nil if there is none.
    public let standard: String?
    /// Whether its value is shown nowhere.
    public let isSecret: Bool
    /// What it may be, in words.
    public let allowed: String
    /// Changes the settings by a value.
    let apply: @Sendable (inout LinkSettings, SettingValue) throws -> Void

    init(
        _ name: String, alias: String? = nil, _ part: Part, standard: String?,
        isSecret: Bool = false, _ allowed: String,
        apply: @escaping @Sendable (inout LinkSettings, SettingValue) throws -> Void
    ) {
        self.name = name
        self.alias = alias
        self.part = part
        self.standard = standard
        self.isSecret = isSecret
        self.allowed = allowed
        self.apply = apply
    }

    /// All keys, in the order of the documentation.
    public static let all: [SettingKey] = hardware + network

    /// The variable of the environment that sets it.
    public var variable: String {
        "SYNSCOPE_" + name.uppercased().split(separator: ".").joined(separator: "_")
    }

    /// The key of a name.
    static func named(_ name: String) -> SettingKey? {
        all.first { $0.name == name || $0.alias == name }
    }

    /// Whether keys are in a table of this name.
    static func isTable(_ name: String) -> Bool {
        all.contains { $0.name.hasPrefix(name + ".") }
    }

    /// What to say of a name that no key has.
    static func complaint(_ name: String) -> String {
        let near = NearNames.of(name, among: all.map(\.name)).first
        return "there is no such key; "
            + (near.map { "did you mean `\($0)`? " } ?? "")
            + "Documentation/Configuration.md has them all"
    }

    // MARK: Kinds of keys

    /// A path to a property of the settings; key paths to value types can be shared.
    typealias Place<Value> = any WritableKeyPath<LinkSettings, Value> & Sendable

    static func flag(
        _ name: String, _ part: Part, standard: Bool, _ place: Place<Bool>
    ) -> SettingKey {
        SettingKey(name, part, standard: "\(standard)", "true or false") { settings, value in
            settings[keyPath: place] = try value.flag()
        }
    }

    static func number<Number: FixedWidthInteger & Sendable>(
        _ name: String, _ part: Part, standard: Number,
        in range: ClosedRange<Number> = .min ... .max, _ place: Place<Number>
    ) -> SettingKey {
        SettingKey(
            name, part, standard: "\(standard)",
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { settings, value in
            settings[keyPath: place] = try value.number(in: range)
        }
    }

    static func seconds(_ time: SettingRange) -> SettingKey {
        SettingKey(
            time.name, time.part, standard: SettingTime.text(time.standard),
            SettingTime.words(for: time.range)
        ) { settings, value in
            settings[keyPath: time.place] = try value.seconds(in: time.range)
        }
    }

    static func word<Word: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ part: Part, standard: Word, _ place: Place<Word>
    ) -> SettingKey where Word.RawValue == String {
        SettingKey(
            name, part, standard: "\"\(standard.rawValue)\"",
            Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        ) { settings, value in
            settings[keyPath: place] = try value.word(Word.self)
        }
    }
}

/// A time among the settings, and what it may be; checked when it is read, and again before use.
struct SettingRange: Sendable {
    var name: String
    var part: SettingKey.Part
    var standard: Nanoseconds
    var range: ClosedRange<Nanoseconds>
    var place: any WritableKeyPath<LinkSettings, Nanoseconds> & Sendable

    static let all: [SettingRange] = [
        timeout, resetPulse, settling, settlingMax, idlePause, refusalDelay,
    ]

    static let timeout = SettingRange(
        name: "timeout", part: .hardware, standard: .seconds(10),
        range: .milliseconds(10) ... .seconds(86_400), place: \.hardware.timeout)
    static let resetPulse = SettingRange(
        name: "reset_pulse", part: .hardware, standard: .milliseconds(100),
        range: .zero ... .seconds(60), place: \.hardware.resetPulse)
    static let settling = SettingRange(
        name: "settling", part: .hardware, standard: .seconds(1),
        range: .zero ... .seconds(3_600), place: \.hardware.settling)
    static let settlingMax = SettingRange(
        name: "settling_max", part: .hardware, standard: .seconds(16),
        range: .zero ... .seconds(3_600), place: \.hardware.settlingMax)
    static let idlePause = SettingRange(
        name: "idle_pause", part: .hardware, standard: .milliseconds(1),
        range: .zero...LinkConfiguration.idlePauseMax, place: \.hardware.idlePause)
    static let refusalDelay = SettingRange(
        name: "refusal_delay", part: .network, standard: .seconds(30),
        range: .zero ... .seconds(86_400), place: \.network.refusalDelay)
}
