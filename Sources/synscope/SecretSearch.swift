import CaptureStore
import Decoding
import LinkProtocol
import Reporting

/// Looks for secrets before anything is shown: a value can be on the wire before the frame that
/// tells that it is secret.
struct SecretSearch {
    let link: LinkOptions

    /// The secrets of a capture, for masking what is shown; says so when some may be missing.
    func bookForMasking(of capture: Capture) throws -> SecretBook {
        let book = try book(of: capture)
        Self.warn(of: book, in: capture.path)
        return book
    }

    /// The secrets of a capture. It is read even if its maker found none: he may have read it as
    /// another kind of link.
    func book(of capture: Capture) throws -> SecretBook {
        var book = SecretBook()
        try CapturePass(capture: capture, title: "looking for passwords in")
            .decode(link.decoderConfiguration) { Self.learn(from: $0, into: &book) }
        return book
    }

    /// Tells when a book had no room for every secret.
    static func warn(of book: SecretBook, in path: String) {
        if book.forgottenCount > 0 { Console.note("warning: " + tooMany(book, in: path)) }
    }

    static func tooMany(_ book: SecretBook, in path: String) -> String {
        "\(path) holds more passwords than the \(SecretBook.valuesMax) that can be remembered: "
            + "where they are repeated outside of `init`, "
            + "\(CountText.counted(book.forgottenCount, "password")) cannot be recognised"
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

    /// Whether a frame shows a secret of a book, or a secret field, that has not been replaced.
    static func shows(secretsOf book: SecretBook, _ event: LinkEvent) -> Bool {
        guard case .message(let message) = event else { return false }
        let frame = message.frame
        return book.ranges(in: frame.text, from: frame.from).contains { range in
            frame.text[range].contains { $0 != EdgeScrubber.replacement }
        }
    }

    /// What an event shows of secrets; nil when nobody can know.
    static func finding(in event: LinkEvent, isLegible: Bool) -> CaptureMetadata.Secrets? {
        guard case .message(let message) = event else { return nil }
        if holdsSecret(event) { return .present }
        if !isLegible { return nil }
        if case .host(.initialise) = message.content { return CaptureMetadata.Secrets.none }
        return .notSeen
    }
}
