import CaptureStore
import Foundation
import Glibc
import Testing

/// Verbs on a disk that is too small; only the superuser can mount one.
@Suite(.serialized, .enabled(if: geteuid() == 0, "mounting a small disk needs the superuser"))
struct FullDiskTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Runs `body` with a folder that is a disk of so many bytes.
    private func onDisk(of size: Int, _ body: (String) throws -> Void) throws {
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(
            atPath: disk, withIntermediateDirectories: false)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=\(size)") == 0 else {
            try Test.cancel(
                "no small disk can be mounted here: \(String(cString: strerror(errno)))")
        }
        defer { umount(disk) }
        try body(disk)
    }

    private func expectFull(
        _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try Command.synscope(arguments, in: CaptureFolder.url)
        #expect(outcome.status == 2, sourceLocation: sourceLocation)
        #expect(
            outcome.complaint.contains("no space is left"), "\(outcome.complaint)",
            sourceLocation: sourceLocation)
        return outcome.complaint
    }

    private func dump() throws -> String {
        let path = scratch.path("d.vcd")
        _ = try Command.synscope(["export", "d_crash.syn", "-o", path], in: CaptureFolder.url)
        return path
    }

    @Test func aRecordingSaysWhatIsSaved() throws {
        let dump = try dump()
        // A page at a time is committed only if there are several commits: the dump comes slowly.
        try onDisk(of: 192 << 10) { disk in
            let script = """
                for part in 0 1 2 3 4 5 6 7; do
                    tail -c +$((part * 200000 + 1)) '\(dump)' | head -c 200000
                    sleep 0.6
                done | "$0" record --vcd - -o '\(disk)/a.syn'
                """
            let outcome = try Command.run(
                "bash", ["-c", script, Command.executable], in: scratch.url)
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains("no space is left"), "\(outcome.complaint)")
            let saved = try Edges.all(of: "\(disk)/a.syn")
            #expect(saved.count > 1000)
            #expect(outcome.complaint.contains("Saved: \(saved.count) edges in \(disk)/a.syn"))
            let original = try Edges.all(of: CaptureFolder.path("d_crash.syn"))
            #expect(saved == Array(original[..<saved.count]))
        }
    }

    @Test func anImportLeavesNothing() throws {
        let dump = try dump()
        try onDisk(of: 128 << 10) { disk in
            let complaint = try expectFull(["import", dump, "-o", "\(disk)/a.syn"])
            #expect(complaint.contains("\(disk)/a.syn"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
        }
    }

    @Test func anExportLeavesNothing() throws {
        try onDisk(of: 128 << 10) { disk in
            let complaint = try expectFull(["export", "d_crash.syn", "-o", "\(disk)/d.vcd"])
            #expect(complaint.contains("\(disk)/d.vcd"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
        }
    }

    @Test func aReportLeavesNothing() throws {
        try onDisk(of: 4096) { disk in
            let complaint = try expectFull(
                ["report", "d_crash.syn", "--format", "json", "-o", "\(disk)/d.json"])
            #expect(complaint.contains("\(disk)/d.json"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
        }
    }

    /// The folder goes while an import waits for the rest of its dump.
    @Test func aFolderThatVanishesUnderAnImportIsTold() throws {
        let dump = try dump()
        let script = """
            mkdir here
            { head -c 500000 '\(dump)'; sleep 1; rm -r here; tail -c +500001 '\(dump)'; } |
                "$0" import - -o here/a.syn
            """
        let outcome = try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("here/a.syn"), "\(outcome.complaint)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("here")))
    }

    @Test func aFolderThatIsNotThereIsToldByAReport() throws {
        let outcome = try Command.synscope(
            ["report", "d_crash.syn", "-o", scratch.path("nowhere/d.txt")], in: CaptureFolder.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("nowhere/d.txt"), "\(outcome.complaint)")
    }
}
