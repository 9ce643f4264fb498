import CaptureStore
import Foundation
import Signals
import Testing

/// `synscope record --trigger` as a user runs it, on the captures of the reference.
@Suite struct TriggerTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func record(_ name: String, _ options: [String]) throws -> Command.Outcome {
        try Command.synscope(
            ["record", "--capture", CaptureFolder.path("\(name).syn"), "-o", "t.syn"] + options,
            in: scratch.url)
    }

    /// The moments that a file is about, and whether it holds exactly the edges around them.
    private func check(
        _ name: String, of original: String, pre: Nanoseconds, post: Nanoseconds
    ) throws -> Timestamp {
        let capture = try Capture(opening: scratch.path(name))
        #expect(capture.isFinished)
        let told = capture.metadata.extra.first { $0.key == "trigger_ns" }?.value
        let moment = Timestamp(nanoseconds: try #require(told.flatMap { Int64($0) }))
        let all = try Edges.all(of: CaptureFolder.path("\(original).syn"))
        let expected = all.filter { $0.time >= moment - pre && $0.time <= moment + post }.map {
            Edge(
                time: Timestamp(nanoseconds: ($0.time - moment).count), channel: $0.channel,
                level: $0.level)
        }
        #expect(try Edges.all(of: capture.path) == expected)
        return moment
    }

    /// The `end` members of what `decode` finds.
    private func ends(_ name: String, _ options: [String]) throws -> [Int64] {
        let outcome = try Command.synscope(
            ["decode", "\(name).syn"] + options + ["--json"], in: CaptureFolder.url)
        return outcome.output.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /"end":(-?\d+)/).flatMap { Int64($0.1) }
        }
    }

    @Test(arguments: [
        ("type:publish & text:pending 2", ["--type", "publish", "--grep", "pending 2"]),
        ("regex:H>B.*cmd/(in|two) qos=1", ["--type", "subscribe", "--grep", "cmd/in"]),
        ("text:WIFI_UP", ["--type", "status", "--grep", "\"9\""]),
        ("status:PUBOK", ["--type", "status", "--grep", "\"4\""]),
        ("type:sync", ["--type", "sync"]), ("watchdog", ["--type", "watchdog"]),
        ("error", ["--type", "watchdog"]),
    ])
    func whatDecodeFindsIsTheMomentOfTheTrigger(trigger: String, search: [String]) throws {
        let outcome = try record(
            "d_crash", ["--trigger", trigger, "--pre", "300ms", "--post", "1s"])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output == "")
        let moment = try check(
            "t.syn", of: "d_crash", pre: .milliseconds(300), post: .seconds(1))
        #expect(moment.nanoseconds == (try ends("d_crash", search).first))
        let text = try Command.synscope(["decode", "t.syn"], in: scratch.url).output
        #expect(text.contains("0.000000  ---          MARKER trigger "), "\(text)")
        let doctor = try Command.synscope(["doctor", "t.syn"], in: scratch.url)
        #expect(doctor.status == 0, "\(doctor.output)")
    }

    @Test(arguments: [
        ("falling:reset", Channel.reset, Level.low), ("reset", .reset, .low),
        ("rising:reset", .reset, .high), ("rising:stx & reset=0", .stx, .high),
        ("sckin=1", .sckin, .high), ("edge:srx", .srx, .high),
    ])
    func aWireFiresAtItsEdge(trigger: String, channel: Channel, level: Level) throws {
        let name = trigger.contains("reset=0") ? "b_will_restart" : "a_boot"
        let outcome = try record(name, ["--trigger", trigger, "--pre", "0", "--post", "20ms"])
        if trigger.contains("reset=0"), outcome.status == 1 { return }
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let moment = try check("t.syn", of: name, pre: .zero, post: .milliseconds(20))
        let edges = try Edges.all(of: CaptureFolder.path("\(name).syn"))
        let first = edges.first { $0.channel == channel && $0.level == level }
        if !trigger.contains("&") { #expect(moment == first?.time) }
        #expect(try Edges.all(of: scratch.path("t.syn")).first?.time == .zero)
    }

    @Test func aSlowPublicationFiresWhenItsTimeIsUp() throws {
        let outcome = try record("d_crash", ["--trigger", "latency>1s"])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let moment = try check("t.syn", of: "d_crash", pre: .seconds(2), post: .seconds(5))
        let asked = try ends("d_crash", ["--grep", "pending 1"]).first
        #expect(moment.nanoseconds == asked.map { $0 + 1_000_000_000 })
    }

    @Test func eachTriggerHasItsFile() throws {
        let outcome = try record(
            "d_crash",
            ["--trigger", "status:5", "--trigger", "type:subscribe", "--repeat"]
                + ["--pre", "500ms", "--post", "1500ms"])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("2 further triggers"), "\(outcome.complaint)")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
        #expect(names == ["t-0001.syn", "t-0002.syn"])
        var moments: [Timestamp] = []
        for name in names {
            moments.append(
                try check(
                    name, of: "d_crash", pre: .milliseconds(500), post: .milliseconds(1_500)))
        }
        #expect(
            moments.map(\.nanoseconds) == (try ends("d_crash", ["--grep", "\\[\"t\",\"5\"\\]"])))
        let counted = try record("d_crash", ["--trigger", "edge:sckin", "--count", "3", "--force"])
        #expect(counted.status == 0, "\(counted.complaint)")
        #expect(FileManager.default.fileExists(atPath: scratch.path("t-0003.syn")))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("t-0004.syn")))
    }

    @Test func whereNothingFiresNothingIsWritten() throws {
        let outcome = try record("d_crash", ["--trigger", "text:never said"])
        #expect(outcome.status == 1)
        #expect(outcome.complaint.contains("no trigger has fired in 23.94 s, with 26 frames"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
    }

    @Test func aSourceThatFailsLeavesTheFileAndSaysWhatItHolds() throws {
        try (DumpHead.text + "#10 1c #20 1k #30 0c #25 0k\n").write(
            toFile: scratch.path("bad.vcd"), atomically: true, encoding: .utf8)
        let arguments = ["record", "--vcd", "bad.vcd", "-o", "a.syn", "--trigger"]
        let outcome = try Command.synscope(arguments + ["rising:sckin"], in: scratch.url)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("bad.vcd:9:"), "\(outcome.complaint)")
        #expect(
            outcome.complaint.hasSuffix(
                "Saved: 1 file; the last is a.syn, with 3 edges up to 0.000030 s\n"),
            "\(outcome.complaint)")
        #expect(try Edges.all(of: scratch.path("a.syn")).count == 3)
        let silent = try Command.synscope(
            arguments + ["falling:reset", "--force"], in: scratch.url)
        #expect(silent.status == 2)
        #expect(silent.complaint.hasSuffix("Nothing had fired: nothing is saved\n"))
    }

    @Test func aPlaceThatIsTakenIsToldBeforeAnybodyWaits() throws {
        try "precious".write(toFile: scratch.path("t.syn"), atomically: true, encoding: .utf8)
        let outcome = try record("d_crash", ["--trigger", "text:never said"])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("t.syn exists"), "\(outcome.complaint)")
        let forced = try record("d_crash", ["--trigger", "reset", "--force"])
        #expect(forced.status == 0, "\(forced.complaint)")
    }

    @Test func aWrongTriggerIsToldWithItsPlaceAndExamples() throws {
        for (trigger, complaint) in [
            ("rising:rset", "         ^ there is no wire rset; did you mean reset?"),
            ("type:publsh", "did you mean publish?"), ("regex:(a", "a ( without its )"),
            ("bogus", "there are rising:WIRE"),
        ] {
            let outcome = try record("d_crash", ["--trigger", trigger])
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)")
            #expect(outcome.complaint.contains("Examples: --trigger falling:reset"))
        }
        for options in [
            ["--pre", "1s"], ["--repeat"], ["--count", "2"],
            ["--trigger", "reset", "--rotate-time", "1h"], ["--trigger", "reset", "--count", "0"],
            ["--trigger", "reset", "--pre=-1s"], ["--vcd", "-"], ["--map", "stx=a"],
        ] {
            #expect(try record("d_crash", options).status == 2, "\(options)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aCatastrophicExpressionStopsNobody() throws {
        let outcome = try record("d_crash", ["--trigger", "regex:(.*)*(.*)*(.+)+x{40}$"])
        #expect(outcome.status == 1, "\(outcome.complaint)")
        let decoded = try Command.synscope(
            ["decode", "d_crash.syn", "--grep", "(.*)*(.*)*(.+)+x{40}$"], in: CaptureFolder.url)
        #expect(decoded.status == 0)
    }

    @Test func aCutCanBeReadMeasuredReplayedAndExported() throws {
        #expect(try record("d_crash", ["--trigger", "text:pending 2"]).status == 0)
        for verb in [["report"], ["info"], ["annotate"]] {
            let outcome = try Command.synscope(verb + ["t.syn"], in: scratch.url)
            #expect(outcome.status == 0, "\(verb): \(outcome.output)\(outcome.complaint)")
        }
        // Before the first synchronisation nothing can be told, and that is what it says.
        let replay = try Command.synscope(["replay", "t.syn"], in: scratch.url)
        #expect(replay.status == 2)
        #expect(replay.output.contains("no synchronisation before"), "\(replay.output)")
        let exported = try Command.synscope(["export", "t.syn", "-o", "t.vcd"], in: scratch.url)
        #expect(exported.status == 0, "\(exported.complaint)")
        #expect(exported.complaint.contains("0 of the capture is at 2.000000 s"))
        #expect(
            try Command.synscope(["import", "t.vcd", "-o", "u.syn"], in: scratch.url).status == 0)
        let cut = try Edges.all(of: scratch.path("t.syn"))
        #expect(
            try Edges.all(of: scratch.path("u.syn")).map(\.time)
                == cut.map { $0.time + .seconds(2) })
        let part = try Command.synscope(
            ["export", "t.syn", "-o", "p.vcd", "--from", "-1", "--to", "1"], in: scratch.url)
        #expect(part.status == 0, "\(part.complaint)")
        #expect(
            try Command.synscope(["import", "p.vcd", "-o", "p.syn"], in: scratch.url).status == 0)
        #expect(
            try Edges.all(of: scratch.path("p.syn")).count
                == cut.count {
                    $0.time >= Timestamp.zero - .seconds(1) && $0.time < .zero + .seconds(1)
                })
    }

    @Test func aCutClaimsOnlyWhatItHolds() throws {
        for (trigger, claim) in [
            ("type:init", CaptureMetadata.Secrets.present), ("text:pending 2", .notSeen),
        ] {
            let outcome = try record(
                "d_crash", ["--trigger", trigger, "--pre", "500ms", "--post", "1s", "--force"])
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let capture = try Capture(opening: scratch.path("t.syn"))
            #expect(capture.metadata.secrets == claim)
            #expect(capture.metadata.extra.first { $0.key == "cut_from" }?.value == "d_crash.syn")
        }
    }

    @Test func aCaptureCanBeRecordedWhole() throws {
        let outcome = try record("k_specnet", [])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(
            try Edges.all(of: scratch.path("t.syn"))
                == Edges.all(of: CaptureFolder.path("k_specnet.syn")))
        let own = try Command.synscope(
            ["record", "--capture", "t.syn", "-o", "t.syn", "--force"], in: scratch.url)
        #expect(own.status == 2)
    }

    // MARK: While it is recorded

    /// A dump that is written bit by bit: a reset, and then nothing more.
    private func live(_ options: String, _ body: String) throws -> Command.Outcome {
        let script = """
            mkfifo pipe
            "$0" record --vcd pipe -o a.syn \(options) &
            recorder=$!
            exec 3>pipe
            cat >&3 <<'END'
            \(DumpHead.text)#1000000 1c #1000100 0r #1000200 0c
            END
            \(body)
            { sleep 30; kill -KILL $recorder; } &
            wait $recorder
            status=$?
            kill $!
            exit $status
            """
        return try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
    }

    @Test func aLinkThatFallsSilentAfterItsTriggerEndsByTheClock() throws {
        let outcome = try live("--trigger falling:reset --post 500ms", "")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("trigger falling:reset at 1.000100 s: a.syn"))
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(
            try Edges.all(of: capture.path).map(\.time.nanoseconds) == [-100_000, 0, 100_000])
        #expect(capture.end == Timestamp.zero + .milliseconds(500))
    }

    @Test func ctrlCCompletesTheFileOfATrigger() throws {
        let outcome = try live(
            "--trigger falling:reset --post 1h",
            "while ! \"$0\" info a.syn >/dev/null 2>&1; do sleep 0.1; done; kill -INT $recorder")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.edgeCount == 3)
    }

    @Test func whoeverWaitsIsToldForWhat() throws {
        let outcome = try live(
            "--trigger rising:srx --trigger text:x --status 200ms",
            "sleep 1; kill -INT $recorder")
        #expect(outcome.status == 1, "\(outcome.complaint)")
        #expect(
            outcome.complaint.contains("waiting for rising:srx or text:x  1.0 s  "),
            "\(outcome.complaint)")
        #expect(outcome.complaint.contains("no trigger has fired"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.syn")))
    }
}
