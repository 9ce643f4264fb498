import CaptureStore
import Foundation
import Signals
import Testing

/// Ctrl-C while a verb waits for bytes that do not come.
@Suite struct InterruptTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Runs `import` on a pipe that gets `dump` and then nothing more, and interrupts it.
    ///
    /// - Parameter ready: a shell pattern of the file that shows that it is time.
    private func interruptImport(of dump: String, when ready: String) throws -> Command.Outcome {
        try dump.write(toFile: scratch.path("dump"), atomically: true, encoding: .utf8)
        let script = """
            mkfifo pipe
            "$0" import pipe -o a.syn &
            import=$!
            exec 3>pipe
            cat dump >&3
            for attempt in $(seq 300); do
                compgen -G '\(ready)' >list && break
                sleep 0.1
            done
            sleep 0.5
            kill -INT $import
            { sleep 60; kill -KILL $import; } &
            wait $import
            status=$?
            kill $!
            exit $status
            """
        return try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
    }

    @Test(arguments: ["#10 1c #20 1k\n#3000", "#10 1c\n#20 1k $comment never ended"])
    func aWaitingImportFinishesItsFile(body: String) throws {
        let outcome = try interruptImport(of: DumpHead.text + body, when: ".a.syn.*.partial")
        #expect(outcome.status == 130, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("interrupted: the rest is missing"))
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.metadata.notes == "The import was interrupted.")
        #expect(try Edges.all(of: capture.path).map(\.time.nanoseconds) == [10_000, 20_000])
    }

    @Test func anImportThatWaitsForItsHeaderWritesNothing() throws {
        let outcome = try interruptImport(of: "$timescale 1 us", when: "pipe")
        #expect(outcome.status == 130, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("nothing is written"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.syn")))
    }
}
