import CaptureStore
import Foundation
import Glibc
import Signals
import Testing

/// `synscope record` as a user runs it, fed by a dump that is being written.
@Suite struct RecordTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static let head = """
        $timescale 1 us $end
        $var wire 1 r reset $end
        $var wire 1 t stx $end
        $var wire 1 c sckout $end
        $var wire 1 x srx $end
        $var wire 1 k sckin $end
        $enddefinitions $end
        #0 $dumpvars 1r 0t 0c 0x 0k $end

        """

    /// Runs a script in the scratch folder, in which `$0` is synscope.
    private func run(_ script: String) throws -> Command.Outcome {
        try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
    }

    /// A pipe into a recorder; `3` is its open end.
    private static func recording(_ options: String, to file: String = "a.syn") -> String {
        """
        mkfifo pipe
        "$0" record --vcd pipe -o \(file) \(options) &
        recorder=$!
        exec 3>pipe

        """
    }

    private static let waitForIt = """
        { sleep 30; kill -KILL $recorder; } &
        wait $recorder
        status=$?
        kill $!
        exit $status
        """

    private func export(_ name: String) throws -> String {
        let dump = scratch.path("\(name).vcd")
        let outcome = try Command.synscope(
            ["export", "\(name).syn", "-o", dump], in: CaptureFolder.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return dump
    }

    // MARK: What is recorded

    @Test func aRecordedDumpIsTheCaptureItCameFrom() throws {
        _ = try export("d_crash")
        let outcome = try run("cat d_crash.vcd | \"$0\" record --vcd - -o a.syn")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output == "")
        #expect(outcome.complaint.contains("a.syn: 102,955 edges, 23.94 s, 2 sessions, 26 frames"))
        #expect(outcome.complaint.contains("passwords"))
        let original = try Command.synscope(["decode", "d_crash.syn"], in: CaptureFolder.url)
        let copy = try Command.synscope(["decode", "a.syn"], in: scratch.url)
        #expect(copy.output == original.output)
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.metadata.secrets == .present)
    }

    @Test func aPipeThatStaysOpenIsReadableWithinASecond() throws {
        let outcome = try run(
            Self.recording("") + """
                cat >&3 <<'END'
                \(Self.head)#10 1c #20 1k #30 0c
                END
                for attempt in $(seq 100); do
                    "$0" info a.syn 2>&1 | grep -q '^edges *3$' && break
                    sleep 0.1
                done
                "$0" info a.syn
                echo "#40 0k" >&3
                sleep 1.5
                "$0" info a.syn | grep edges
                kill -TERM $recorder

                """ + Self.waitForIt)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output.contains("edges         3\n"), "\(outcome.output)")
        #expect(outcome.output.contains("state         still being recorded"))
        #expect(outcome.output.hasSuffix("edges         4\n"), "\(outcome.output)")
        #expect(try Capture(opening: scratch.path("a.syn")).isFinished)
    }

    @Test(arguments: ["INT", "TERM"])
    func aSignalCompletesTheFile(signal: String) throws {
        let outcome = try run(
            Self.recording("") + """
                cat >&3 <<'END'
                \(Self.head)#10 1c #20 1k #3000
                END
                while ! "$0" info a.syn 2>&1 | grep -q '^edges *2$'; do sleep 0.1; done
                kill -\(signal) $recorder

                """ + Self.waitForIt)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.end == Timestamp(nanoseconds: 3_000_000))
        #expect(try Edges.all(of: capture.path).count == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        #expect(!names.contains { $0.hasPrefix("a.syn-") })
    }

    @Test func whatPrecedesAMalformedLineIsKept() throws {
        let body = "#10 1c #20 1k #30 0c #25 0k\n"
        try (Self.head + body).write(
            toFile: scratch.path("bad.vcd"), atomically: true, encoding: .utf8)
        let outcome = try run("\"$0\" record --vcd bad.vcd -o a.syn")
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("bad.vcd:9:"), "\(outcome.complaint)")
        let lines = outcome.complaint.split(separator: "\n")
        let summary = lines.firstIndex { $0.hasPrefix("a.syn: 3 edges, ") }
        let error = lines.firstIndex { $0.contains("bad.vcd:9:") }
        #expect(try #require(summary) < #require(error), "\(outcome.complaint)")
        #expect(lines.last == "Saved: 3 edges in a.syn, up to 0.000030 s")
        #expect(try Capture(opening: scratch.path("a.syn")).isFinished)
        #expect(try Edges.all(of: scratch.path("a.syn")).count == 3)
    }

    // MARK: Limits

    @Test func aRecordingEndsAfterItsTime() throws {
        _ = try export("d_crash")
        let outcome = try run("\"$0\" record --vcd d_crash.vcd -o a.syn --for 10s")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        let limit = capture.observationStart + .seconds(10)
        #expect(capture.end == limit)
        let original = try Edges.all(of: CaptureFolder.path("d_crash.syn"))
        #expect(try Edges.all(of: capture.path) == original.filter { $0.time < limit })
    }

    @Test func aDeadLinkEndsByTheClock() throws {
        let outcome = try run(
            Self.recording("--for 0.5s") + """
                cat >&3 <<'END'
                \(Self.head)#10 1c #20
                END

                """ + Self.waitForIt)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(try Edges.all(of: scratch.path("a.syn")).count == 1)
    }

    @Test func aRecordingEndsAtItsSize() throws {
        _ = try export("d_crash")
        // Slow enough that a commit tells the size.
        let outcome = try run(
            """
            { head -c 300000 d_crash.vcd; sleep 1; tail -c +300001 d_crash.vcd; } |
                "$0" record --vcd - -o a.syn --max-size 50k
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.edgeCount > 1000 && capture.edgeCount < 60_000)
    }

    // MARK: Rotation

    @Test func everyFileOfASeriesDecodesFromItsBeginning() throws {
        _ = try export("d_crash")
        let outcome = try run("\"$0\" record --vcd d_crash.vcd -o a.syn --rotate-time 10s")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("going on in a-0002.syn"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        try #require(names.filter { $0.hasPrefix("a") }.sorted() == ["a-0001.syn", "a-0002.syn"])
        let texts = try names.filter { $0.hasPrefix("a") }.sorted().map { name in
            try Command.synscope(["decode", name, "--format", "ndjson"], in: scratch.url).output
        }
        // The second file begins with the reset by the watchdog, its lead-in included.
        #expect(texts[1].contains("\"type\":\"reset\""))
        #expect(!texts[1].contains("\"type\":\"joined\""))
        #expect(!texts.joined().contains("\"type\":\"gap\""))
        let original = try Command.synscope(
            ["decode", "d_crash.syn", "--format", "ndjson"], in: CaptureFolder.url)
        func frames(_ text: String) -> Int {
            text.split(separator: "\n").filter { $0.contains("\"fields\"") }.count
        }
        #expect(frames(original.output) > 20)
        #expect(texts.map(frames).reduce(0, +) == frames(original.output))
        // Both have an init with a password in it.
        for name in ["a-0001.syn", "a-0002.syn"] {
            let capture = try Capture(opening: scratch.path(name))
            #expect(capture.metadata.secrets == .present)
        }
        let second = try Command.synscope(["replay", "a-0002.syn"], in: scratch.url)
        #expect(second.status == 0, "\(second.output)\(second.complaint)")
    }

    @Test func aFileWithoutAnInitDoesNotClaimThatThereIsNoSecret() throws {
        _ = try export("d_crash")
        let outcome = try run("\"$0\" record --vcd d_crash.vcd -o a.syn --rotate-time 3s")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
            .filter { $0.hasPrefix("a-") }.sorted()
        try #require(names.count >= 3)
        var claims: Set<CaptureMetadata.Secrets> = []
        for name in names {
            let claim = try Capture(opening: scratch.path(name)).metadata.secrets
            let text = try Command.synscope(
                ["decode", name, "--format", "ndjson"], in: scratch.url)
            #expect(
                claim == (text.output.contains("\"init\"") ? .present : .notSeen), "\(name)")
            claims.insert(claim)
        }
        #expect(claims == [.present, .notSeen])
    }

    // MARK: Errors

    @Test func aWrongCallIsToldAtOnce() throws {
        for (options, complaint) in [
            (["-o", "a.syn"], "--vcd"), (["--vcd", "-", "-o", "a.syn", "--for", "0s"], "--for"),
            (["--vcd", "-", "-o", "a.syn", "--rotate-size", "1k"], "at least 100k"),
            (["--vcd", "-", "-o", "a.syn", "--max-size", "much"], "max-size"),
        ] {
            let outcome = try Command.synscope(["record"] + options, in: scratch.url)
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)")
        }
    }

    @Test func aFileThatExistsIsNotReplaced() throws {
        _ = try export("k_specnet")
        try "precious".write(toFile: scratch.path("a.syn"), atomically: true, encoding: .utf8)
        let refused = try run("\"$0\" record --vcd k_specnet.vcd -o a.syn")
        #expect(refused.status == 2)
        #expect(refused.complaint.contains("a.syn exists"))
        #expect(try String(contentsOfFile: scratch.path("a.syn"), encoding: .utf8) == "precious")
        let forced = try run("\"$0\" record --vcd k_specnet.vcd -o a.syn --force")
        #expect(forced.status == 0, "\(forced.complaint)")
        #expect(try Capture(opening: scratch.path("a.syn")).isFinished)
    }

    @Test(arguments: ["rm -r here", "mv here there", "mv here/a.syn there.syn"])
    func aFileThatVanishesIsToldAtOnce(how: String) throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path("here"), withIntermediateDirectories: false)
        let outcome = try run(
            Self.recording("", to: "here/a.syn") + """
                cat >&3 <<'END'
                \(Self.head)#10 1c #20 1k #3000
                END
                while ! "$0" info here/a.syn 2>&1 | grep -q '^edges *2$'; do sleep 0.1; done
                \(how)

                """ + Self.waitForIt)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("here/a.syn was"), "\(outcome.complaint)")
        if how.hasPrefix("rm") {
            #expect(outcome.complaint.contains("Nothing is saved"), "\(outcome.complaint)")
        } else {
            #expect(outcome.complaint.contains("Saved: 2 edges in "), "\(outcome.complaint)")
            #expect(outcome.complaint.contains("up to 0.000020 s"), "\(outcome.complaint)")
            let there = how.hasSuffix("there") ? "there/a.syn" : "there.syn"
            #expect(try Edges.all(of: scratch.path(there)).count == 2)
        }
    }

    @Test func aLogGetsLines() throws {
        let outcome = try run(
            Self.recording("--status 200ms") + """
                cat >&3 <<'END'
                \(Self.head)#10 1c #20 1k #3000
                END
                sleep 2
                exec 3>&-

                """ + Self.waitForIt)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let lines = outcome.complaint.split(separator: "\n").filter { $0.contains("edges/s") }
        #expect(lines.count >= 3)
        #expect(lines.last?.hasPrefix("a.syn  0.0 s  0 edges/s  ") ?? false, "\(lines)")
    }
}
