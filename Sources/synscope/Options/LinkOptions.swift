public import ArgumentParser
public import Decoding
import LinkProtocol

/// What must be known of a link before it can be read.
struct LinkOptions: ParsableArguments {
    @Option(help: "What the strings are: bridge messages, or json (object mode).")
    var vocabulary: Vocabulary = .bridge

    @Option(help: "Bits in a character: 7, or 8 in the known variant.")
    var characterBits: Int = 7

    func validate() throws {
        guard [7, 8].contains(characterBits) else {
            throw ValidationError("--character-bits is 7 or 8, not \(characterBits)")
        }
    }

    var characterSize: CharacterSize { characterBits == 8 ? .eight : .seven }

    var decoderConfiguration: WireDecoder.Configuration {
        var configuration = WireDecoder.Configuration()
        configuration.characterSize = characterSize
        configuration.vocabulary = vocabulary
        return configuration
    }
}

extension Vocabulary: ExpressibleByArgument {}
