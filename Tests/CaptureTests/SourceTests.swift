import CaptureStore
import Foundation
import Testing

/// `Captures/sources.csv` says of every capture where it comes from, and what it holds.
@Suite struct SourceTests {
    @Test func everyCaptureHasItsLine() throws {
        let files =
            CaptureFolder.names.map { "\($0).syn" }
            + CaptureFolder.simulated.map { "simulated/\($0).syn" }
        let lines = try CaptureFolder.text("sources.csv").split(separator: "\n")
        for file in files {
            let line = try #require(lines.first { $0.hasPrefix("\(file),") }, "\(file)")
            let sum = try Command.run("sha256sum", [file], in: CaptureFolder.url).output.prefix(64)
            #expect(line.contains(",\(sum),"), "\(file)")
            let count = try Capture(opening: CaptureFolder.path(file)).edgeCount
            #expect(line.contains(",\(count),"), "\(file)")
        }
    }
}
