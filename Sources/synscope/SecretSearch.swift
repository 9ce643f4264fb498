import CaptureStore
import Decoding
import LinkProtocol

/// Looks for secrets before anything is shown: a value can be on the wire before the frame that
/// tells that it is secret.
struct SecretSearch {
    let link: LinkOptions

    /// The secrets of a capture. It is read even if its maker found none: he may have read it as
    /// another kind of link.
    func book(of capture: Capture) throws -> SecretBook {
        var book = SecretBook()
        try CapturePass(capture: capture, title: "looking for passwords in")
            .decode(link.decoderConfiguration) { Self.learn(from: $0, into: &book) }
        return book
    }

    static func learn(from event: LinkEvent, into book: inout SecretBook) {
        guard case .message(let message) = event else { return }
        book.learn(from: message.frame.text, sentBy: message.frame.from)
    }

    /// Whether a frame shows a secret that has not been replaced.
    static func holdsSecret(_ event: LinkEvent) -> Bool {
        guard case .message(let message) = event else { return false }
        let frame = message.frame
        return Secrets.ranges(in: frame.text, from: frame.from).contains { range in
            frame.text[range].contains { $0 != EdgeScrubber.replacement }
        }
    }
}
