import Testing

/// Every capture of the reference, through every verb that tells something about it.
@Suite struct ReferenceCaptureTests {
    @Test func thereAreCaptures() {
        #expect(CaptureFolder.names.count >= 6)
        #expect(CaptureFolder.malformed.count >= 20)
    }

    @Test(arguments: CaptureFolder.names)
    func conversationIsAsExpected(name: String) throws {
        try check(["decode", "\(name).syn"], "\(name).decode.txt")
    }

    @Test(arguments: CaptureFolder.names)
    func conversationAsObjectsIsAsExpected(name: String) throws {
        try check(["decode", "\(name).syn", "--format", "ndjson"], "\(name).decode.ndjson")
    }

    @Test(arguments: CaptureFolder.names)
    func reportIsAsExpected(name: String) throws {
        try check(["report", "\(name).syn"], "\(name).report.txt")
    }

    @Test(arguments: CaptureFolder.names)
    func linkReplaysFromBothEnds(name: String) throws {
        try check(["replay", "\(name).syn", "--end", "both"], "\(name).replay.txt")
    }

    private func check(_ arguments: [String], _ expected: String) throws {
        let outcome = try Command.synscope(arguments, in: CaptureFolder.url)
        #expect(outcome.status == 0)
        #expect(outcome.complaint == "")
        try Expectation.check(outcome.output, against: expected)
    }
}
