import CaptureStore
import Decoding
import LinkProtocol
import Measurements
import Reporting
import Signals

/// A pass over a capture that measures it.
struct ReportPass {
    let path: String
    let link: LinkOptions

    func reportedCapture() throws -> ReportedCapture {
        let capture = try Capture(opening: path)
        let link = try link.resolved(for: capture)
        var measurements = LinkMeasurements()
        var book = SecretBook()
        var damaged = DamagedRecords(path: path)
        let (decoder, legibility) = try CapturePass(capture: capture, title: "measuring")
            .decode(link.decoderConfiguration, with: JournalSource(of: capture)) { item in
                switch item {
                case .event(let event):
                    measurements.handle(event)
                    SecretSearch.learn(from: event, into: &book)
                case .journal(let event, let session):
                    _ = damaged.take(event)
                    measurements.handle(event, session: session)
                }
            }
        damaged.finish()
        SecretSearch.warn(of: book, in: path)
        if let complaint = LegibilityText.complaint(of: legibility) {
            Console.note("warning: \(path): \(complaint)")
        }
        var report = measurements.finish(
            wires: decoder.wires, captureStart: capture.observationStart,
            captureEnd: capture.end,
            stamps: StampFacts(
                resolution: capture.metadata.resolution, accuracy: capture.metadata.accuracy),
            completeness: completeness(of: capture), log: Self.log(of: capture))
        report.publications?.updateContents { $0.masked(by: book) }
        return ReportedCapture(heading: heading(of: capture), report: report)
    }

    /// Where the application's log comes from, as the capture remembers it.
    private static func log(of capture: Capture) -> ApplicationLogFacts {
        let extra = capture.metadata.extra
        func value(_ key: String) -> String? { extra.first { $0.key == key }?.value }
        return ApplicationLogFacts(
            source: value(PlacedLog.Key.source),
            offset: value(PlacedLog.Key.offset).flatMap { Int64($0) }.map { Nanoseconds($0) },
            isOffsetFound: value(PlacedLog.Key.spread) != nil)
    }

    /// A passive capture is never more than consistent.
    private func completeness(of capture: Capture) -> Completeness {
        let channels = capture.channels
        return !channels.isEmpty && channels.allSatisfy { $0.seen == .driven }
            ? .driven : .consistent
    }

    private func heading(of capture: Capture) -> ReportHeading {
        let metadata = capture.metadata
        let source = [metadata.source, metadata.instrument].compactMap { $0 }
        return ReportHeading(
            name: path.lastPathComponent,
            source: source.joined(separator: "; "),
            notes: metadata.notes?.split(separator: "\n").map(String.init) ?? [])
    }
}
