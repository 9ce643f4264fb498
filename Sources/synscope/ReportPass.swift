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
        let (decoder, legibility) = try CapturePass(capture: capture, title: "measuring")
            .decode(link.decoderConfiguration) {
                measurements.handle($0)
                SecretSearch.learn(from: $0, into: &book)
            }
        SecretSearch.warn(of: book, in: path)
        if let complaint = LegibilityText.complaint(of: legibility) {
            Console.note("warning: \(path): \(complaint)")
        }
        let report = measurements.finish(
            wires: decoder.wires, captureStart: capture.observationStart,
            captureEnd: capture.end,
            stamps: StampFacts(
                resolution: capture.metadata.resolution, accuracy: capture.metadata.accuracy),
            completeness: completeness(of: capture))
        return ReportedCapture(heading: heading(of: capture), report: report)
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
