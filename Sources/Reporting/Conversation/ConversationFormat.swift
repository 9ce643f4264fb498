public import Decoding
public import LinkProtocol

/// The forms in which a decoded conversation is written.
public enum ConversationFormat: String, Sendable, CaseIterable {
    /// Aligned columns for a terminal.
    case text
    /// One JSON object per line.
    case ndjson
    /// Comma-separated values with a header line (RFC 4180).
    case csv
}

/// Writes link events, one line each, in one of the ``ConversationFormat``s.
///
/// What may be shown is decided here and nowhere else: unless secrets are to be shown, every frame
/// is masked before anything is made of it.
public struct ConversationWriter: Sendable {
    private let format: ConversationFormat
    private let secrets: SecretBook?

    /// A writer.
    ///
    /// - Parameters:
    ///   - format: the form.
    ///   - secrets: the secret values of the conversation, which are masked; nil shows everything.
    public init(format: ConversationFormat, secrets: SecretBook?) {
        self.format = format
        self.secrets = secrets
    }

    /// The lines before the first event.
    public var header: [String] {
        switch format {
        case .text: [ConversationText.header]
        case .ndjson: []
        case .csv: [ConversationTable.header]
        }
    }

    /// The lines of an event; most have one, some none.
    public func lines(for event: LinkEvent) -> [String] {
        switch format {
        case .text: ConversationText.lines(for: event, shown: shownText).map(\.text)
        case .ndjson:
            ConversationObjects.object(for: event, shown: shownText).map { [$0.line] } ?? []
        case .csv: ConversationTable.row(for: event, shown: shownText).map { [$0] } ?? []
        }
    }

    /// The line of an event in ``ConversationFormat/text``, and what it says behind its columns; nil
    /// for an event without one.
    public func line(for event: LinkEvent) -> (text: String, words: String)? {
        ConversationText.lines(for: event, shown: shownText).first.map { ($0.text, $0.words) }
    }

    /// The lines of an event of the journal, in the session of its moment; none for what could not
    /// be read.
    public func lines(for event: JournalEvent, session: Int) -> [String] {
        let object = shownObject(of: event)
        return switch format {
        case .text: ConversationText.lines(for: event, as: object).map(\.text)
        case .ndjson:
            ConversationObjects.object(for: event, as: object, session).map { [$0.line] } ?? []
        case .csv: ConversationTable.row(for: event, as: object, session).map { [$0] } ?? []
        }
    }

    /// The object that stands for an event in ``ConversationFormat/ndjson``; nil for what has none.
    public func object(for event: LinkEvent) -> JSONValue? {
        ConversationObjects.object(for: event, shown: shownText)
    }

    /// The object that stands for an event of the journal; nil for what could not be read.
    public func object(for event: JournalEvent, session: Int) -> JSONValue? {
        ConversationObjects.object(for: event, as: shownObject(of: event), session)
    }

    private func shownObject(of event: JournalEvent) -> JSONNode {
        secrets?.mask(event.object) ?? event.object
    }

    private func shownText(of frame: Frame) -> [UInt8] {
        secrets?.mask(frame.text, from: frame.from) ?? frame.text
    }
}
