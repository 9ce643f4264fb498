import Signals

/// What somebody may have meant who named something that there is not.
enum NameSuggestion {
    /// Shorter texts are parts of too many names.
    private static let partLengthMin = 3
    /// Names that contain a text and are suggested.
    private static let countMax = 3

    /// An error's words, with the names much like the one that is unknown, else those that contain it.
    static func adding(to words: String, _ unknown: (name: String, known: [String])?) -> String {
        guard let (name, known) = unknown else { return words }
        var near = NearNames.of(name, among: known)
        if near.isEmpty, name.count >= partLengthMin {
            near = Array(
                known.filter { $0.lowercased().contains(name.lowercased()) }
                    .prefix(countMax))
        }
        return near.isEmpty ? words : "\(words)\nDid you mean \(near.joined(separator: " or "))?"
    }
}
