import CaptureStore
import Foundation
import Signals
import Testing

/// A link that is shown while it is recorded.
@Suite struct FollowTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ script: String) throws -> Command.Outcome {
        try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
    }

    private func export(_ name: String) throws {
        let outcome = try Command.synscope(
            ["export", "\(name).syn", "-o", scratch.path("\(name).vcd")], in: CaptureFolder.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
    }

    /// A recorder on a pipe, `3`, and a follower that does not hold it open.
    private static func start(_ follow: String) -> String {
        """
        mkfifo pipe
        "$0" record --vcd pipe -o a.syn 2>recorded &
        recorder=$!
        exec 3>pipe
        head -c 1000000 d_crash.vcd >&3
        while ! "$0" info a.syn >/dev/null 2>&1; do sleep 0.1; done
        (exec 3>&-; exec timeout -s KILL 60 "$0" decode a.syn --follow \(follow) >followed) &
        follower=$!
        while ! grep -q PUBOK followed; do sleep 0.1; done

        """
    }

    @Test(arguments: [[], ["--json"], ["--format", "csv"], ["--type", "publish"]])
    func aFollowerTellsTheSameAsDecode(options: [String]) throws {
        try export("d_crash")
        let words = options.joined(separator: " ")
        // What is there is told while the recorder still waits, and the rest when it comes.
        let outcome = try run(
            Self.start(words).replacing("grep -q PUBOK", with: "grep -q publish") + """
                wc -l <followed
                tail -c +1000001 d_crash.vcd >&3
                exec 3>&-
                wait $follower
                echo "status $?"
                cat followed
                """)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count > 3, "\(outcome.complaint)")
        #expect(lines.dropFirst().first == "status 0")
        let whole = try Command.synscope(
            ["decode", "d_crash.syn"] + options, in: CaptureFolder.url)
        #expect(lines.dropFirst(2).joined(separator: "\n") == whole.output)
        #expect(
            Int(lines[0].trimmingCharacters(in: .whitespaces)).map {
                $0 > 1 && $0 < whole.output.split(separator: "\n").count
            } == true)
    }

    @Test func aFollowerOfAKilledRecorderEnds() throws {
        try export("d_crash")
        let outcome = try run(
            Self.start("2>complaint") + """
                kill -KILL $recorder
                wait $follower
                echo "status $?"
                cat complaint
                """)
        #expect(outcome.output.contains("status 0"), "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("a.syn: nobody records it any more"))
    }

    @Test func ctrlCEndsAFollowerAndNotTheRecorder() throws {
        try export("d_crash")
        let outcome = try run(
            Self.start("") + """
                pkill -INT -P $follower || kill -INT $follower
                wait $follower
                echo "status $?"
                exec 3>&-
                wait $recorder
                echo "recorder $?"
                """)
        #expect(outcome.output.contains("status 0"), "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("recorder 0"))
    }

    @Test func aCompleteCaptureIsFollowedToItsEnd() throws {
        let followed = try Command.synscope(
            ["decode", "d_crash.syn", "--follow"], in: CaptureFolder.url)
        let decoded = try Command.synscope(["decode", "d_crash.syn"], in: CaptureFolder.url)
        #expect(followed.status == 0)
        #expect(followed.output == decoded.output)
    }

    // MARK: record --decode

    @Test func aRecorderCanTellWhatIsSaid() throws {
        try export("d_crash")
        let outcome = try run("\"$0\" record --vcd d_crash.vcd -o a.syn --decode")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let decoded = try Command.synscope(["decode", "d_crash.syn"], in: CaptureFolder.url)
        #expect(outcome.output == decoded.output)
        #expect(outcome.output.contains("password=**"))
        #expect(outcome.complaint.contains("a.syn: 102,955 edges"))
    }

    @Test func aReaderThatLeavesDoesNotEndTheRecording() throws {
        try export("d_crash")
        let outcome = try run("\"$0\" record --vcd d_crash.vcd -o a.syn --decode | true")
        #expect(outcome.complaint.contains("the conversation is not printed any more"))
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.edgeCount == 102_955)
    }

    @Test func aFollowerOfNothingIsToldWhatToDo() throws {
        let outcome = try run("\"$0\" decode a.syn --follow")
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("start the recorder first"), "\(outcome.complaint)")
    }

    // MARK: Wiring

    @Test(arguments: [
        (
            "sckin=srx,srx=sckin",
            "sckin does not move like a clock, and srx does: are they exchanged"
        ),
        ("sckin=none", "sckin never moves, and sckout does"),
        ("stx=sckout,sckout=stx,srx=sckin,sckin=srx", "stx and srx move like clocks"),
    ])
    func wiresThatAreExchangedAreNamed(map: String, warning: String) throws {
        try export("a_boot")
        for verb in ["record --vcd", "import"] {
            let outcome = try run("\"$0\" \(verb) a_boot.vcd -o a.syn --force --map \(map)")
            #expect(outcome.status == 0, "\(outcome.complaint)")
            #expect(
                outcome.complaint.components(separatedBy: warning).count == 2,
                "\(outcome.complaint)")
        }
    }
}
