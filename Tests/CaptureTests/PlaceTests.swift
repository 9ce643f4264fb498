import Foundation
import Glibc
import Testing

/// Files and folders that are not what a verb hopes for: status 2, a clear complaint, no trap.
@Suite struct PlaceTests {
    private static let capture = CaptureFolder.path("k_specnet.syn")
    private static let dump = CaptureFolder.path("unusual/crlf.vcd")

    @Test(arguments: ["decode", "info", "report", "replay"])
    func missingFile(verb: String) throws {
        try expectFailure([verb, "nowhere.syn"], naming: "nowhere.syn")
    }

    @Test(arguments: ["decode", "info", "report", "replay"])
    func folderInsteadOfFile(verb: String) throws {
        let scratch = try ScratchFolder()
        try expectFailure([verb, scratch.url.path], naming: scratch.url.path)
    }

    @Test func folderInsteadOfDump() throws {
        let scratch = try ScratchFolder()
        try expectFailure(
            ["import", scratch.url.path, "-o", scratch.path("copy.syn")], naming: scratch.url.path)
    }

    /// Ten gigabytes of nothing: told at once, without reading or holding them.
    @Test(arguments: ["decode", "info", "report", "replay", "import"])
    func hugeEmptyFile(verb: String) throws {
        let scratch = try ScratchFolder()
        let file = scratch.path("huge")
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(truncate(file, 10 << 30) == 0)
        let target = verb == "import" ? ["-o", scratch.path("copy.syn")] : []
        try expectFailure([verb, file] + target, naming: file)
    }

    /// Not even root can create a file below a file, or in the kernel's own folder.
    @Test(arguments: ["/proc/copy.syn", "/dev/null/copy.syn", "no/such/folder/copy.syn"])
    func unwritableTarget(target: String) throws {
        let folder = target.split(separator: "/").first.map(String.init) ?? ""
        try expectFailure(["import", Self.dump, "-o", target], naming: folder)
        try expectFailure(["scrub", Self.capture, "-o", target], naming: folder)
        try expectFailure(["export", Self.capture, "-o", target], naming: folder)
    }

    @Test func fullDisk() throws {
        try expectFailure(["export", Self.capture, "-o", "/dev/full"], naming: "/dev/full")
    }

    @Test(arguments: ["import", "scrub", "export"])
    func existingFileIsNotReplaced(verb: String) throws {
        let scratch = try ScratchFolder()
        let file = scratch.path("precious")
        try "precious".write(toFile: file, atomically: true, encoding: .utf8)
        let input = verb == "import" ? Self.dump : Self.capture
        try expectFailure([verb, input, "-o", file], naming: file)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
        let forced = try Command.synscope(
            [verb, input, "-o", file, "--force"], in: CaptureFolder.url)
        #expect(forced.status == 0, "\(forced.complaint)")
    }

    @Test func wrongCallIsToldWithUsage() throws {
        let outcome = try Command.synscope(["decode"], in: CaptureFolder.url)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.complaint.contains("Usage: synscope decode"))
    }

    private func expectFailure(
        _ arguments: [String], naming path: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Command.synscope(arguments, in: CaptureFolder.url)
        #expect(outcome.status == 2, "\(arguments)", sourceLocation: sourceLocation)
        #expect(
            outcome.complaint.hasPrefix("synscope: ") && outcome.complaint.contains(path),
            "\(arguments): \(outcome.complaint)", sourceLocation: sourceLocation)
    }
}
