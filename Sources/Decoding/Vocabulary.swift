import LinkProtocol
import Signals

/// What the strings on the link are made of.
public enum Vocabulary: String, Hashable, Sendable, CaseIterable {
    /// The messages between host and bridge (string mode).
    case bridge
    /// One JSON value per string (object mode).
    case json

    /// How much a run of characters looks like something that an end would send.
    enum Likelihood {
        /// It is a well-formed message of this vocabulary.
        case message
        /// It is printable text.
        case text
        /// It has characters that nobody types.
        case garbage
    }

    /// Judges a frame, without regard to what was said before it.
    func likelihood(of text: [UInt8], from sender: LinkEnd) -> Likelihood {
        if isMessage(text, from: sender) { return .message }
        let isPrintable = text.allSatisfy { character in
            (0x20...0x7f).contains(character) || character == 0x09 || character == 0x0a
                || character == 0x0d
        }
        return isPrintable ? .text : .garbage
    }

    /// Whether a message can only be whole: no end of a longer frame looks like it.
    func showsItsBegin(_ message: [UInt8]) -> Bool {
        switch self {
        case .bridge: Fields(message).count > 1
        case .json: message.first.map { Array("{[\"".utf8).contains($0) } ?? false
        }
    }

    private func isMessage(_ text: [UInt8], from sender: LinkEnd) -> Bool {
        switch self {
        case .json: JSONText.isValue(text)
        case .bridge:
            switch sender {
            case .host: isHostMessage(text)
            case .bridge: BridgeMessage.parse(text).message != nil
            }
        }
    }

    /// A command of the application's own can be any word, so it proves nothing; the usual answer
    /// to SPECNET is known.
    private func isHostMessage(_ text: [UInt8]) -> Bool {
        switch HostMessage.parse(text).message {
        case .other: text == [UInt8(ascii: "1")]
        case nil: false
        default: true
        }
    }
}
