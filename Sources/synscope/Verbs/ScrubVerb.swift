import ArgumentParser
import CaptureStore
import Decoding
import LinkProtocol
import Reporting
import Signals

/// `synscope scrub`: a copy without passwords.
struct ScrubVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub",
        abstract: "Copy a capture without its passwords.",
        discussion: """
            The `init` frame on the wire holds the Wi-Fi password, the broker's password and the \
            TLS parameters, and a bridge can repeat them. Their characters are replaced by as many \
            x in the edges themselves; every clock edge stays where it was, so the copy replays \
            as the original does.

              synscope scrub trace.syn -o shareable.syn
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @OptionGroup var target: OutputOptions

    @OptionGroup var link: LinkOptions

    func run() throws {
        let capture = try Capture(opening: self.capture)
        let book = try SecretSearch(link: link).book(of: capture)
        var scrubber = try scrubber(for: capture, book: book)
        let writer = try CaptureWriter(
            creating: target.output, metadata: metadata(of: capture, book: book),
            channels: capture.channels, replacing: target.force)
        var output = EdgeBatch(levels: capture.initialLevels)
        try CapturePass(capture: capture, title: "scrubbing").forEachBatch { batch in
            if batch.gap != nil {
                scrubber.finish(into: &output)
                try writer.append(output)
            }
            scrubber.scrub(batch, into: &output)
            try writer.append(output)
        }
        scrubber.finish(into: &output)
        try writer.append(output)
        for record in try capture.records() {
            var record = record
            record.payload = Self.replace(book, in: record.payload)
            try writer.append(record: record)
        }
        try writer.finish(at: capture.end)
        try verify()
        Console.note(
            "\(target.output): \(CountText.counted(scrubber.characterCount, "secret character")) "
                + "replaced")
    }

    private func scrubber(for capture: Capture, book: SecretBook) throws -> EdgeScrubber {
        var frames: [(Frame, [Range<Int>])] = []
        try CapturePass(capture: capture, title: "decoding").decode(link.decoderConfiguration) {
            event in
            guard case .message(let message) = event else { return }
            let ranges = book.ranges(in: message.frame.text, from: message.frame.from)
            if !ranges.isEmpty { frames.append((message.frame, ranges)) }
        }
        frames.sort { $0.0.start < $1.0.start }
        var scrubber = EdgeScrubber(size: link.characterSize)
        for (frame, ranges) in frames { scrubber.rewrite(ranges, of: frame) }
        return scrubber
    }

    private func metadata(of capture: Capture, book: SecretBook) -> CaptureMetadata {
        var metadata = capture.metadata
        metadata.secrets = .scrubbed
        metadata.notes = metadata.notes.map { Self.replace(book, in: $0) }
        metadata.source = metadata.source.map { Self.replace(book, in: $0) }
        metadata.extra = metadata.extra.map {
            .init(key: $0.key, value: Self.replace(book, in: $0.value))
        }
        return metadata
    }

    /// Text beside the edges can repeat a secret. Short ones are left: they are in every text.
    private static func replace(_ book: SecretBook, in text: String) -> String {
        String(decoding: replace(book, in: Array(text.utf8)), as: UTF8.self)
    }

    private static func replace(_ book: SecretBook, in bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for value in book.values where value.count >= SecretBook.substringLengthMin {
            let filler = [UInt8](repeating: EdgeScrubber.replacement, count: value.count)
            bytes = bytes.replacing(value, with: filler)
        }
        return bytes
    }

    /// The copy is read again: a secret that is left must not leave the house.
    private func verify() throws {
        var remaining = 0
        let copy = try Capture(opening: target.output)
        try CapturePass(capture: copy, title: "checking").decode(link.decoderConfiguration) {
            if SecretSearch.holdsSecret($0) { remaining += 1 }
        }
        guard remaining == 0 else {
            throw Failure(
                .failed,
                "\(target.output) still shows secrets in \(CountText.counted(remaining, "frame")) "
                    + "that could not be rewritten, near gaps of the capture: do not pass it on")
        }
    }
}
