import Foundation
import Testing

/// Files that cannot be read: each ends with status 2 and one clear complaint, and never in a trap.
@Suite struct MalformedFileTests {
    @Test(arguments: CaptureFolder.malformed)
    func faultIsToldAndNothingTraps(name: String) throws {
        let folder = CaptureFolder.url.appending(path: "malformed")
        let file = String(name.dropFirst("malformed/".count))
        let scratch = try ScratchFolder()
        let copy = scratch.path("copy.syn")
        let outcome = try Command.synscope(
            file.hasSuffix(".vcd") ? ["import", file, "-o", copy] : ["decode", file], in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.hasPrefix("synscope: \(file)"))
        try Expectation.check(outcome.complaint, against: "\(name).error.txt")
        #expect(!FileManager.default.fileExists(atPath: copy), "a failed import leaves no capture")
    }

    @Test(
        arguments: CaptureFolder.malformed.filter { $0.hasSuffix(".syn") },
        ["info", "report", "replay", "scrub", "export"])
    func noVerbTraps(name: String, verb: String) throws {
        let scratch = try ScratchFolder()
        let target = ["scrub", "export"].contains(verb) ? ["-o", scratch.path("copy")] : []
        let outcome = try Command.synscope([verb, name] + target, in: CaptureFolder.url)
        let status = try #require(outcome.status, "ended by a signal")
        // `info` reads no edges, so it cannot see what is wrong with them.
        #expect(status == 2 || verb == "info" && status == 0)
        if status == 2 { #expect(outcome.complaint.hasPrefix("synscope: ")) }
    }

    @Test(arguments: CaptureFolder.malformed.filter { $0.hasSuffix(".syn") })
    func doctorIsHonestAndNeverTraps(name: String) throws {
        let scratch = try ScratchFolder()
        let copy = scratch.path("rescued.syn")
        let outcome = try Command.synscope(["doctor", name, "-o", copy], in: CaptureFolder.url)
        let status = try #require(outcome.status, "ended by a signal")
        #expect(status == 1 || status == 2, "it is damaged, or no capture")
        #expect((status == 1) == FileManager.default.fileExists(atPath: copy))
        guard status == 1 else { return }
        #expect(outcome.output.hasPrefix("verdict       DAMAGED\n"))
        #expect(try Command.synscope(["doctor", copy], in: CaptureFolder.url).status == 0)
    }
}
