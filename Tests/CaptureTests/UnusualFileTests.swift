import Testing

/// Dumps unlike ours that hold the same wires: they are read, and say the same.
@Suite struct UnusualFileTests {
    @Test(arguments: CaptureFolder.unusual)
    func unusualDumpIsRead(name: String) throws {
        let scratch = try ScratchFolder()
        let imported = try Command.synscope(
            ["import", name, "-o", scratch.path("copy.syn")], in: CaptureFolder.url)
        #expect(imported.status == 0, "\(imported.complaint)")
        let decoded = try Command.synscope(
            ["decode", scratch.path("copy.syn")], in: CaptureFolder.url)
        #expect(decoded.status == 0, "\(decoded.complaint)")
        try Expectation.check(decoded.output, against: "\(name).decode.txt")
    }

    @Test func allUnusualDumpsSayTheSame() throws {
        let texts = try CaptureFolder.unusual.map { try CaptureFolder.text("\($0).decode.txt") }
        #expect(texts.count >= 3)
        #expect(texts.allSatisfy { $0 == texts.first })
    }
}
