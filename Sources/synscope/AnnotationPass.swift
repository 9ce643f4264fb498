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
    func write(to editor: CaptureEditor, journal: JournalSource) throws -> Summary {
        let book = try SecretSearch(link: link).bookForMasking(of: capture)
        let writer = ConversationWriter(format: .ndjson, secrets: book)
        var publications = PublicationCollector(keepsTraces: true)
        var summary = Summary()
        var damaged = DamagedRecords(path: capture.path)
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
            .decode(link.decoderConfiguration, with: journal) { item in
                switch item {
                case .event(let event):
                    publications.take(event)
                    try add(annotation(for: event, writer: writer))
                case .journal(let event, let session):
                    if damaged.take(event) { return }
                    publications.take(event, session: session)
                    if event.detail <= .usual {
                        try add(annotation(for: event, session: session, writer: writer))
                    }
                }
                try addPublications()
            }
        publications.finish()
        try addPublications()
        damaged.finish()
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
        for event: JournalEvent, session: Int, writer: ConversationWriter
    ) -> CaptureAnnotation? {
        guard let object = writer.object(for: event, session: session),
            let type = event.typeName
        else { return nil }
        let row: CaptureAnnotation.Row =
            switch event.content {
            case .application: .application
            case .packet, .notMQTT, .arrived: .broker
            case .bridge, .fault, .faultEnded, .marker, .damaged: .surroundings
            }
        return CaptureAnnotation(
            start: event.time, end: event.time, row: row, type: type, session: Int64(session),
            body: object.line)
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
