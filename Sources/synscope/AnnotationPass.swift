import CaptureStore
import Decoding
import LinkProtocol
import Measurements
import Reporting
import Signals

/// A pass over a capture that writes what it means as annotations, passwords masked.
struct AnnotationPass {
    let capture: Capture
    let link: LinkOptions

    /// What was written.
    struct Summary {
        var annotations = 0
        var publications = 0
        var lost = 0

        var text: String {
            "\(CountText.counted(annotations, "annotation")), "
                + "\(CountText.counted(publications, "publication")) among them"
                + (lost > 0 ? ", \(CountText.counted(lost, "of them", "of them")) lost" : "")
        }
    }

    /// Has an editor replace all annotations.
    func write(to editor: CaptureEditor, records: RecordSource) throws -> Summary {
        let book = try SecretSearch(link: link).bookForMasking(of: capture)
        let writer = ConversationWriter(format: .ndjson, secrets: book)
        var publications = PublicationCollector(keepsTraces: true)
        var summary = Summary()
        editor.replaceAnnotations()
        func add(_ annotation: CaptureAnnotation?) throws {
            guard let annotation else { return }
            try editor.add(annotation)
            summary.annotations += 1
        }
        func addPublications() throws {
            for trace in publications.takeTraces() {
                summary.publications += 1
                if trace.fate == .lost { summary.lost += 1 }
                try add(annotation(for: trace, book: book))
            }
        }
        let (_, legibility) = try CapturePass(capture: capture, title: "annotating")
            .decode(link.decoderConfiguration, with: records) { item in
                switch item {
                case .event(let event):
                    publications.take(event)
                    try add(annotation(for: event, writer: writer))
                case .record(let record, let session):
                    guard let entry = ApplicationLogEntry(record) else { return }
                    publications.take(
                        ApplicationEvent(entry.object), at: entry.time, session: session)
                    try add(
                        CaptureAnnotation(
                            start: entry.time, end: entry.time, row: .application,
                            type: ApplicationLogEntry.typeName, session: Int64(session),
                            body: writer.object(for: entry, session: session).line))
                }
                try addPublications()
            }
        publications.finish()
        try addPublications()
        if let complaint = LegibilityText.complaint(of: legibility) {
            Console.note("warning: \(capture.path): \(complaint)")
        }
        return summary
    }

    private func annotation(
        for event: LinkEvent, writer: ConversationWriter
    ) -> CaptureAnnotation? {
        guard let object = writer.object(for: event), let type = event.typeName,
            let start = event.start
        else { return nil }
        var row = CaptureAnnotation.Row.link
        if case .message(let message) = event {
            row = message.frame.from == .host ? .host : .bridge
        }
        return CaptureAnnotation(
            start: start, end: object["end"]?.wholeNumber.map { Timestamp(nanoseconds: $0) },
            row: row, type: type, session: object["session"]?.wholeNumber ?? 0, body: object.line)
    }

    private func annotation(
        for trace: PublicationTrace, book: SecretBook
    ) -> CaptureAnnotation {
        var masked = trace
        masked.content = trace.content.masked(by: book)
        return CaptureAnnotation(
            start: trace.called ?? trace.firstBit ?? .zero,
            end: trace.returned ?? trace.acknowledged ?? trace.frameEnd, row: .publication,
            type: "publication", session: Int64(trace.session),
            body: PublicationObject.object(for: masked).line)
    }
}
