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

            It vouches only for what it can read. There is no copy, and the exit status is 2, unless \
            there is a whole frame, one from each end whose data wire moves, and more frames that \
            make sense than frames that make none and gaps together.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @OptionGroup var target: OutputOptions

    @OptionGroup var link: LinkOptions

    func run() throws {
        try OutputGuard.check(target.output, isNone: [self.capture])
        let capture = try Capture(opening: self.capture)
        let link = try link.resolved(for: capture)
        let book = try SecretSearch(link: link).book(of: capture)
        guard book.forgottenCount == 0 else {
            throw Failure(.failed, SecretSearch.tooMany(book, in: capture.path))
        }
        var (scrubber, legibility) = try scrubber(for: capture, book: book, link: link)
        try checkTrust(in: legibility, of: capture, found: scrubber.characterCount)
        let secrets: CaptureMetadata.Secrets =
            scrubber.characterCount > 0 || capture.metadata.secrets == .scrubbed
            ? .scrubbed : legibility.hasInitialise ? .none : .notSeen
        let writer = try CaptureWriter(
            creating: target.output, metadata: metadata(of: capture, book: book, secrets: secrets),
            channels: capture.channels, replacing: target.force)
        let records = try capture.records()
        var places = RecordPlaces(edgesBefore: records.map(\.edgesBefore))
        var output = EdgeBatch(levels: capture.initialLevels)
        func write() throws {
            places.passNew(output.edges)
            try writer.append(output)
        }
        try CapturePass(capture: capture, title: "scrubbing").forEachBatch { batch in
            places.passOld(batch.edges)
            if batch.gap != nil {
                scrubber.finish(into: &output)
                try write()
            }
            scrubber.scrub(batch, into: &output)
            try write()
        }
        scrubber.finish(into: &output)
        try write()
        places.finish()
        for (record, place) in zip(records, places.places) {
            var record = record
            record.edgesBefore = place
            record.payload = Self.replace(book, in: record.payload)
            try writer.append(record: record)
        }
        try writer.finish(at: capture.end) { copy in
            try check(copy, book: book, link: link)
        }
        Console.note(
            scrubber.characterCount == 0
                ? "\(target.output): no secret was found, nothing was replaced"
                : "\(target.output): "
                    + CountText.counted(scrubber.characterCount, "secret character") + " replaced")
    }

    /// Nobody can vouch for what he cannot read.
    private func checkTrust(
        in legibility: Legibility, of capture: Capture, found count: Int
    ) throws {
        if let complaint = LegibilityText.complaint(of: legibility) {
            throw Failure(
                .failed,
                "\(target.output) was not written, since passwords would go unnoticed in what cannot "
                    + "be read: \(capture.path): \(complaint)")
        }
        guard count > 0 || capture.metadata.secrets != .present else {
            throw Failure(
                .failed,
                "\(target.output) was not written: passwords were found when \(capture.path) was "
                    + "made, and none is found now; give the `--character-bits` and `--vocabulary` "
                    + "of then")
        }
    }

    private func scrubber(
        for capture: Capture, book: SecretBook, link: LinkOptions
    ) throws -> (EdgeScrubber, Legibility) {
        var frames: [(Frame, [Range<Int>])] = []
        let pass = CapturePass(capture: capture, title: "decoding")
        let (_, legibility) = try pass.decode(link.decoderConfiguration) { event in
            guard case .message(let message) = event else { return }
            let ranges = book.ranges(in: message.frame.text, from: message.frame.from)
            if !ranges.isEmpty { frames.append((message.frame, ranges)) }
        }
        frames.sort { $0.0.start < $1.0.start }
        var scrubber = EdgeScrubber(size: link.characterSize)
        for (frame, ranges) in frames { scrubber.rewrite(ranges, of: frame) }
        return (scrubber, legibility)
    }

    private func metadata(
        of capture: Capture, book: SecretBook, secrets: CaptureMetadata.Secrets
    ) -> CaptureMetadata {
        var metadata = capture.metadata
        metadata.secrets = secrets
        metadata.notes = metadata.notes.map { Self.replace(book, in: $0) }
        metadata.source = metadata.source.map { Self.replace(book, in: $0) }
        metadata.instrument = metadata.instrument.map { Self.replace(book, in: $0) }
        metadata.startText = metadata.startText.map { Self.replace(book, in: $0) }
        metadata.extra = metadata.extra.map {
            .init(key: $0.key, value: Self.replace(book, in: $0.value))
        }
        return metadata
    }

    /// Text beside the edges can repeat a secret; a short one counts only as a word of its own.
    private static func replace(_ book: SecretBook, in text: String) -> String {
        String(decoding: replace(book, in: Array(text.utf8)), as: UTF8.self)
    }

    private static func replace(_ book: SecretBook, in bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for value in book.values where !value.isEmpty {
            for range in bytes.ranges(of: value)
            where value.count >= SecretBook.substringLengthMin || isWord(range, of: bytes) {
                for index in range { bytes[index] = EdgeScrubber.replacement }
            }
        }
        return bytes
    }

    private static func isWord(_ range: Range<Int>, of bytes: [UInt8]) -> Bool {
        func isPartOfWord(_ index: Int) -> Bool {
            guard bytes.indices.contains(index) else { return false }
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...0xff:
                return true
            default: return false
            }
        }
        return !isPartOfWord(range.lowerBound - 1) && !isPartOfWord(range.upperBound)
    }

    /// The copy is read again before it has its name: a secret that is left must not leave the
    /// house.
    private func check(_ copy: Capture, book: SecretBook, link: LinkOptions) throws {
        var remaining = 0
        try CapturePass(capture: copy, title: "checking").decode(link.decoderConfiguration) {
            if SecretSearch.shows(secretsOf: book, $0) { remaining += 1 }
        }
        guard remaining == 0 else {
            throw Failure(
                .failed,
                "\(target.output) was not written: \(CountText.counted(remaining, "frame")) near "
                    + "gaps of the capture could not be rewritten and would still show secrets")
        }
    }
}
