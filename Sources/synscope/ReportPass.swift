import CaptureStore
import Decoding
import Measurements
import Reporting
import Signals

/// A pass over a capture that measures it.
struct ReportPass {
    let path: String
    let link: LinkOptions

    func reportedCapture() throws -> ReportedCapture {
        let capture = try Capture(opening: path)
        var measurements = LinkMeasurements()
        let decoder = try CapturePass(capture: capture, title: "measuring")
            .decode(link.decoderConfiguration) { measurements.handle($0) }
        let report = measurements.finish(
            wires: decoder.wires, captureStart: min(.zero, capture.start),
            captureEnd: capture.end, stamps: StampFacts(resolution: capture.metadata.resolution),
            completeness: completeness(of: capture))
        return ReportedCapture(heading: heading(of: capture), report: report)
    }

    /// A passive capture is never more than consistent.
    private func completeness(of capture: Capture) -> Completeness {
        capture.channels.allSatisfy { $0.seen == .driven } ? .driven : .consistent
    }

    private func heading(of capture: Capture) -> ReportHeading {
        let metadata = capture.metadata
        let source = [metadata.source, metadata.instrument].compactMap { $0 }
        return ReportHeading(
            name: path.split(separator: "/").last.map(String.init) ?? path,
            source: source.joined(separator: "; "),
            notes: metadata.notes?.split(separator: "\n").map(String.init) ?? [])
    }
}
