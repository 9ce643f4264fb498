public import ArgumentParser
import CaptureStore
public import Decoding
import LinkProtocol

/// What must be known of a link before it can be read.
///
/// `import` stores what differs from the defaults in the capture, so that later verbs need not be
/// told again.
struct LinkOptions: ParsableArguments {
    @Option(
        help: """
            What the strings are: bridge messages, or json (object mode). (default: what the \
            capture was imported with, else bridge)
            """)
    var vocabulary: Vocabulary?

    @Option(
        help: """
            Bits in a character: 7, or 8 in the known variant. (default: what the capture was \
            imported with, else 7)
            """)
    var characterBits: Int?

    /// The keys under which a capture remembers them.
    private enum Key {
        static let vocabulary = "vocabulary"
        static let characterBits = "character_bits"
    }

    private static let characterBitsKnown = [7, 8]

    func validate() throws {
        if let characterBits, !Self.characterBitsKnown.contains(characterBits) {
            throw ValidationError("--character-bits is 7 or 8, not \(characterBits)")
        }
    }

    var characterSize: CharacterSize { characterBits == 8 ? .eight : .seven }

    var decoderConfiguration: WireDecoder.Configuration {
        var configuration = WireDecoder.Configuration()
        configuration.characterSize = characterSize
        configuration.vocabulary = vocabulary ?? .bridge
        return configuration
    }

    /// The options for a capture: what was not given is what the capture remembers.
    func resolved(for capture: Capture) throws -> LinkOptions {
        var options = self
        let extra = capture.metadata.extra
        if vocabulary == nil, let stored = extra.first(where: { $0.key == Key.vocabulary }) {
            guard let known = Vocabulary(rawValue: stored.value) else {
                throw Self.failure(stored, of: capture, option: "--vocabulary")
            }
            options.vocabulary = known
        }
        if characterBits == nil, let stored = extra.first(where: { $0.key == Key.characterBits }) {
            guard let bits = Int(stored.value), Self.characterBitsKnown.contains(bits) else {
                throw Self.failure(stored, of: capture, option: "--character-bits")
            }
            options.characterBits = bits
        }
        return options
    }

    /// What a capture must remember of these options.
    var remembered: [CaptureMetadata.Entry] {
        var entries: [CaptureMetadata.Entry] = []
        if characterSize != .seven { entries.append(.init(key: Key.characterBits, value: "8")) }
        if let vocabulary, vocabulary != .bridge {
            entries.append(.init(key: Key.vocabulary, value: vocabulary.rawValue))
        }
        return entries
    }

    private static func failure(
        _ entry: CaptureMetadata.Entry, of capture: Capture, option: String
    ) -> Failure {
        Failure(
            .failed,
            "\(capture.path) says \(entry.key) `\(entry.value)`, which this build does not know; "
                + "give \(option)")
    }
}

extension Vocabulary: ExpressibleByArgument {}
