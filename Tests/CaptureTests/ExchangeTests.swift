import CaptureStore
import Signals
import Testing

/// Captures and other programs.
@Suite struct ExchangeTests {
    @Test(arguments: CaptureFolder.names)
    func exportedDumpImportsToTheSameEdges(name: String) throws {
        let scratch = try ScratchFolder()
        let (dump, copy) = (scratch.path("dump.vcd"), scratch.path("copy.syn"))
        let exported = try Command.synscope(
            ["export", "\(name).syn", "-o", dump], in: CaptureFolder.url)
        #expect(exported.status == 0, "\(exported.complaint)")
        let imported = try Command.synscope(["import", dump, "-o", copy], in: scratch.url)
        #expect(imported.status == 0, "\(imported.complaint)")

        let original = CaptureFolder.path("\(name).syn")
        let edges = try Edges.all(of: original)
        #expect(edges.count > 10_000)
        #expect(try Edges.all(of: copy) == edges)
        let (before, after) = (try Capture(opening: original), try Capture(opening: copy))
        #expect(after.initialLevels == before.initialLevels)
        #expect(after.end == before.end)
    }

    @Test(arguments: CaptureFolder.names)
    func sqliteCanQueryACapture(name: String) throws {
        let counted = try Command.run(
            "sqlite3",
            ["-readonly", "\(name).syn", "select sum(edge_count), min(start_ns) from edge_chunk"],
            in: CaptureFolder.url)
        #expect(counted.status == 0, "\(counted.complaint)")
        let capture = try Capture(opening: CaptureFolder.path("\(name).syn"))
        #expect(counted.output == "\(capture.edgeCount)|\(capture.start.nanoseconds)\n")

        let checked = try Command.run(
            "sqlite3", ["-readonly", "\(name).syn", "pragma integrity_check"],
            in: CaptureFolder.url)
        #expect(checked.output == "ok\n")
    }
}
