import CaptureStore
import Foundation
import Signals
import Testing

/// `synscope wires` and `record --wires` as a user runs them.
@Suite struct WiresTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
        let outcome = try Command.synscope(["wires", "create", "w"], in: scratch.url)
        try #require(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output == "" && outcome.complaint == "")
    }

    /// Runs a script in the scratch folder, in which `$0` is synscope.
    private func run(_ script: String) throws -> Command.Outcome {
        try Command.run("bash", ["-c", Self.words + script, Command.executable], in: scratch.url)
    }

    /// `set OFFSET LEVEL` drives a byte of the file `w`; `until CONDITION` waits for it, half a minute
    /// at most; `byte OFFSET` prints one.
    private static let words = #"""
        set_level() {
            printf "\\x0$2" | dd of=w bs=1 seek=$1 conv=notrunc status=none
        }
        byte() { od -An -tu1 -j$1 -N1 w | tr -d ' '; }
        wait_for() {
            for attempt in $(seq 300); do "$@" && return; sleep 0.1; done
            echo "never: $*" >&2
            exit 99
        }
        lines() { [ "$(wc -l <"$1")" -ge "$2" ]; }

        """#

    // MARK: create and show

    @Test func aFileIsMadeOnce() throws {
        let again = try Command.synscope(["wires", "create", "w"], in: scratch.url)
        #expect(again.status == 2)
        #expect(again.complaint.contains("w exists already; --force replaces it"))
        let forced = try Command.synscope(["wires", "create", "-f", "w"], in: scratch.url)
        #expect(forced.status == 0, "\(forced.complaint)")
    }

    @Test func theLevelsAreShown() throws {
        let outcome = try run("set_level 4 1; set_level 0 0; \"$0\" wires show w")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let rows = outcome.output.split(separator: "\n")
        #expect(rows.count == 12)
        #expect(rows[0] == "reset      0  the bridge is held in reset")
        #expect(rows[4] == "sckin      1")
        #expect(rows[9] == "host       nobody known")
    }

    @Test func theLevelsAreAnObject() throws {
        let outcome = try run("set_level 1 1; \"$0\" wires show --json w")
        #expect(
            outcome.output == #"""
                {"reset":1,"stx":1,"sckout":0,"srx":0,"sckin":0,"wifi":0,"heartbeat":0,"broker":0,\#
                "lamp":0,"moved":[],"held":{"host":null,"bridge":null,"circuit":null}}

                """#)
    }

    @Test func watchingTellsEachChange() throws {
        let outcome = try run(
            """
            "$0" wires show --watch w >shown &
            watch=$!
            wait_for lines shown 1
            sleep 0.5
            set_level 2 1
            wait_for grep -q 'sckout 1' shown
            kill -INT $watch
            wait $watch || exit
            head -1 shown
            tail -1 shown
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("reset 1  stx 0  sckout 0  srx 0") == true)
        #expect(lines.last?.hasPrefix("reset 1  stx 0  sckout 1  srx 0") == true)
    }

    @Test(arguments: [["show", "no-such"], ["supervise", "no-such", "--", "true"]])
    func aMissingFileIsTold(arguments: [String]) throws {
        let outcome = try Command.synscope(["wires"] + arguments, in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("no such file; `synscope wires create no-such` makes"))
    }

    // MARK: supervise

    /// Supervises a command that tells its number and then sleeps, and ends by itself or is ended by
    /// what `body` does; `$supervisor` is its process.
    private func supervise(_ body: String, command: String = "exec sleep 60") throws
        -> Command.Outcome
    {
        try run(
            """
            "$0" wires supervise -v w -- bash -c 'echo life %n $$ >>lives; \(command)' 2>told &
            supervisor=$!
            \(body)
            kill -TERM $supervisor
            { sleep 30; kill -KILL $supervisor; } &
            guard=$!
            wait $supervisor
            status=$?
            kill $guard
            cat told
            exit $status
            """)
    }

    @Test func aResetKillsAndItsReleaseStartsAnew() throws {
        let outcome = try supervise(
            """
            wait_for lines lives 1
            set_level 3 1; set_level 4 1
            set_level 0 0
            wait_for grep -q 'is killed' told
            wait_for test "$(byte 3)$(byte 4)" = 00
            sleep 0.3
            lines lives 2 && exit 98
            # Whoever drives the bridge's wires now is overruled.
            set_level 4 1
            sleep 0.1
            [ "$(byte 4)" = 0 ] || exit 97
            set_level 0 1
            wait_for lines lives 2
            sleep 0.2
            set_level 0 0; sleep 0.1; set_level 0 1
            wait_for lines lives 3
            read -r word number process <lives
            kill -0 $process 2>/dev/null && exit 96
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let told = outcome.output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(told == ["start 1", "reset", "start 2", "reset", "start 3", "3 starts"])
        let lives = try String(contentsOfFile: scratch.path("lives"), encoding: .utf8)
        #expect(
            lives.split(separator: "\n").map { $0.split(separator: " ").prefix(2) }
                == [["life", "1"], ["life", "2"], ["life", "3"]])
    }

    @Test func aPulseOfAMillisecondIsSeen() throws {
        let outcome = try supervise(
            """
            wait_for lines lives 1
            cat >pulse.py <<'END'
            import mmap, time
            with open("w", "r+b") as file:
                wires = mmap.mmap(file.fileno(), 4096)
                wires[0] = 0
                end = time.monotonic() + 0.005
                while time.monotonic() < end: pass
                wires[0] = 1
            END
            python3 pulse.py
            wait_for lines lives 2
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
    }

    @Test func whatTheCommandHasStartedDiesWithIt() throws {
        let outcome = try supervise(
            """
            wait_for lines lives 1
            wait_for test -s child
            set_level 0 0
            gone() { ! kill -0 "$(cat child)" 2>/dev/null; }
            wait_for gone
            """, command: "sleep 600 & echo $! >child; wait")
        #expect(outcome.status == 0, "\(outcome.complaint)")
    }

    @Test func aCommandThatEndsStaysDownUntilTheNextReset() throws {
        let outcome = try supervise(
            """
            wait_for grep -q 'by itself (exit status 3)' told
            sleep 0.3
            lines lives 2 && exit 98
            set_level 0 0; sleep 0.1; set_level 0 1
            wait_for lines lives 2
            """, command: "exit 3")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output.contains("the next reset starts it anew"))
    }

    @Test func aBridgeInResetIsNotStarted() throws {
        let outcome = try run("set_level 0 0").status
        #expect(outcome == 0)
        let supervised = try supervise(
            """
            sleep 0.5
            [ -e lives ] && exit 98
            set_level 0 1
            wait_for lines lives 1
            """)
        #expect(supervised.status == 0, "\(supervised.complaint)")
    }

    @Test func theEndOfTheSupervisorEndsTheCommand() throws {
        let outcome = try supervise(
            "wait_for lines lives 1",
            command: "trap \"echo farewell >>lives; exit\" TERM; while :; do sleep 0.1; done")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let lives = try String(contentsOfFile: scratch.path("lives"), encoding: .utf8)
        #expect(lives.hasSuffix("farewell\n"))
    }

    @Test func twoSupervisorsAreOneTooMany() throws {
        let outcome = try supervise(
            """
            wait_for lines lives 1
            "$0" wires supervise w -- true 2>refusal && exit 98
            grep -q "process $supervisor (synscope) is its reset circuit already" refusal || exit 97
            "$0" wires create --force w 2>refusal && exit 96
            grep -q "w is in use: process $supervisor (synscope)" refusal || exit 95
            "$0" wires show w | grep -q "circuit    process $supervisor" || exit 94
            kill -KILL $supervisor; wait $supervisor
            kill -KILL "$(cut -d' ' -f3 lives)"
            "$0" wires supervise -v w -- sleep 60 2>told2 &
            supervisor=$!
            wait_for grep -q 'start 1' told2
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
    }

    @Test func aCommandThatIsNotThereIsTold() throws {
        let arguments = ["wires", "supervise", "w", "--", "no-such-bridge"]
        let outcome = try Command.synscope(arguments, in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("cannot start no-such-bridge: No such file"))
    }

    // MARK: record

    @Test func drivenWiresAreRecorded() throws {
        let outcome = try run(
            """
            "$0" record --wires w -o a.syn &
            recorder=$!
            wait_for test -s a.syn
            sleep 1
            for round in 1 2 3 4 5; do
                set_level 1 1; set_level 2 1; sleep 0.05
                set_level 3 1; set_level 4 1; sleep 0.05
                set_level 1 0; set_level 2 0; sleep 0.05
                set_level 3 0; set_level 4 0; sleep 0.05
            done
            sleep 1
            kill -INT $recorder
            { sleep 30; kill -KILL $recorder; } &
            guard=$!
            wait $recorder
            status=$?
            kill $guard
            exit $status
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished && capture.gaps.isEmpty)
        #expect(capture.channels.map(\.name) == ["reset", "stx", "sckout", "srx", "sckin"])
        #expect(capture.channels.map(\.initialLevel) == [.high, .low, .low, .low, .low])
        #expect(capture.metadata.source == "wires in shared memory: w")
        #expect(capture.metadata.extra.contains { $0.key == "clock_start_ns" })
        let round: [Channel] = [.stx, .sckout, .srx, .sckin, .stx, .sckout, .srx, .sckin]
        let edges = try Edges.all(of: capture.path)
        #expect(edges.map(\.channel) == (0..<5).flatMap { _ in round })
    }

    @Test func aRecordingOfWiresEndsInTime() throws {
        let arguments = ["record", "--wires", "w", "-o", "a.syn", "--for", "300ms"]
        let outcome = try Command.synscope(arguments, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect((capture.end - capture.start).count >= 250_000_000)
    }

    @Test(arguments: [
        (["--wires", "w", "--overflow", "wait"], "--overflow wait: lines change whether"),
        (["--wires", "w", "--map", "stx=1"], "the wires of such a file are known: no --map"),
        (["--wires", "w", "--vcd", "-"], "record one thing at a time"),
        (["--wires", "no-such"], "there is no such file; `synscope wires create no-such` makes"),
        (["--wires", "/dev/null"], "/dev/null is no file"),
        (["--wires", "w", "--force", "-o", "w"], "w is the input itself"),
    ])
    func aWrongRecordingIsTold(arguments: [String], text: String) throws {
        let output = arguments.contains("-o") ? [] : ["-o", "a.syn"]
        let outcome = try Command.synscope(["record"] + arguments + output, in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains(text), "\(outcome.complaint)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.syn")))
    }
}
