import CaptureStore
import Foundation
import Signals
import Testing

/// The reference's captures with the logs of their applications, and logs that nobody should write.
@Suite struct AnnotateTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        try Command.synscope(arguments, in: CaptureFolder.url)
    }

    /// A copy of a reference capture with its log.
    private func annotated(_ name: String, _ options: [String] = []) throws -> String {
        let copy = scratch.path("\(name).syn")
        let outcome = try run(
            ["annotate", "\(name).syn", "--log", "\(name).events.json", "-o", copy, "--force"]
                + options)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output.isEmpty)
        return copy
    }

    private func copied(_ name: String) throws -> String {
        let copy = scratch.path("copy-\(name).syn")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: CaptureFolder.path("\(name).syn"), toPath: copy)
        return copy
    }

    private func query(_ path: String, _ sql: String) throws -> String {
        let outcome = try Command.run("sqlite3", [path, sql], in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return outcome.output
    }

    private func report(_ path: String) throws -> [String: Any] {
        let text = try run(["report", path, "--json"]).output
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let captures = try #require(report["captures"] as? [[String: Any]])
        return try #require(captures.first?["publications"] as? [String: Any])
    }

    // MARK: The reference

    @Test(
        arguments: [
            ("a_boot", 41, 0), ("b_will_restart", 3, 0), ("d_crash", 5, 1), ("e_mem_time", 1, 0),
            ("g_unknown", 0, 0), ("k_specnet", 1, 0),
        ] as [(String, Int, Int)])
    func lostPublicationsAreFoundAndNoOthers(name: String, calls: Int, lost: Int) throws {
        let copy = try annotated(name)
        let publications = try report(copy)
        #expect(publications["called"] as? Int == calls)
        #expect(publications["returned"] as? Int == calls)
        #expect(publications["crossed"] as? Int == calls - lost)
        #expect(publications["acknowledged"] as? Int == calls - lost)
        #expect(publications["withoutCall"] as? Int == 0)
        #expect(publications["contradictions"] as? Int == 0)
        let list = try #require(publications["lost"] as? [String: Any])
        #expect(list["count"] as? Int == lost)
        let messages = (list["first"] as? [[String: Any]])?.map { $0["message"] as? String }
        #expect(messages == (lost == 0 ? [] : ["pending 0"]))
        let gate = try run(["report", copy, "--fail-if", "publication.lost>0"])
        #expect(gate.status == (lost == 0 ? 0 : 1))
    }

    /// The clocks were one: what is found must be the shortest delay, which is some milliseconds.
    @Test(arguments: CaptureFolder.names)
    func theOffsetIsTheShortestDelay(name: String) throws {
        let extra = try Capture(opening: annotated(name)).metadata.extra
        let offset = try #require(
            extra.first { $0.key == "application_log_offset_ns" }.flatMap { Int64($0.value) })
        #expect((0..<5_000_000).contains(offset))
        let given = try Capture(opening: annotated(name, ["--log-offset", "0"])).metadata.extra
        #expect(given.first { $0.key == "application_log_offset_ns" }?.value == "0")
        #expect(!given.contains { $0.key == "application_log_spread_ns" })
    }

    @Test func theReportOfACrashShowsWhatWasLost() throws {
        let outcome = try run(["report", try annotated("d_crash")])
        try Expectation.check(outcome.output, against: "d_crash.log-report.txt")
        let decoded = try run(["decode", try annotated("d_crash")])
        try Expectation.check(decoded.output, against: "d_crash.log-decode.txt")
    }

    @Test func theLogIsDecodedInEveryFormat() throws {
        let copy = try annotated("d_crash")
        let text = try run(["decode", copy, "--type", "app", "--grep", "pending 0"]).output
        #expect(text.contains("APP          call publish out/a \"pending 0\" qos=1 (id 4)"))
        let lines = try run(["decode", copy, "--type", "app", "--json"]).output
            .split(separator: "\n")
        #expect(lines.count == 32)
        for line in lines {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["from"] as? String == "application")
            #expect(object["log"] is [String: Any])
        }
        let table = try run(["decode", copy, "--type", "app", "--format", "csv"]).output
        #expect(table.split(separator: "\n").count == 33)
        #expect(table.contains(#",application,app,1,,"{""ev"":""crash""}""#))
    }

    @Test func aLogDoesNotChangeWhatTheWiresSay() throws {
        let copy = try annotated("d_crash")
        let without = try run(["decode", "d_crash.syn"]).output
        let with = try run(["decode", copy]).output.split(separator: "\n")
            .filter { !$0.contains("  APP  ") }
        #expect(with.joined(separator: "\n") + "\n" == without)
        #expect(try run(["replay", copy]).output.contains("identical"))
        #expect(try run(["doctor", copy]).status == 0)
        #expect(try Edges.all(of: copy) == Edges.all(of: CaptureFolder.path("d_crash.syn")))
        #expect(
            try Capture(opening: copy).end
                == Capture(opening: CaptureFolder.path("d_crash.syn")).end)
    }

    @Test func importTakesALogToo() throws {
        let (dump, imported) = (scratch.path("a.vcd"), scratch.path("a.syn"))
        #expect(try run(["export", "d_crash.syn", "-o", dump]).status == 0)
        let outcome = try run(["import", dump, "-o", imported, "--log", "d_crash.events.json"])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("32 entries taken"))
        #expect(
            try run(["decode", imported]).output == run(["decode", annotated("d_crash")]).output)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: imported))
        _ = try run(["import", dump, "-o", imported, "--log", "d_crash.events.json", "--force"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: imported)) == bytes)
    }

    // MARK: SQL

    @Test func publicationsAreRows() throws {
        let copy = try annotated("d_crash")
        #expect(
            try query(
                copy,
                """
                select message, qos, retain, session, fate, call_ns is null, first_bit_ns, \
                frame_end_ns, pubok_ns, latency_ns, frames from publication order by id
                """)
                    == """
                    before|1|0|1|acknowledged|0|7747847319|7794740660|8151726775|356986115|1
                    pending 0|1|0|1|lost|0|||||0
                    pending 1|1|0|2|acknowledged|0|13481744246|13531418672|18797290715|5265872043|1
                    pending 2|1|0|2|acknowledged|0|18827490494|18875543252|19226819213|351275961|1
                    after|1|0|2|acknowledged|0|21701676809|21742113553|21891499972|149386419|1

                    """)
        #expect(
            try query(copy, "select session, silence_ns, running_ns from watchdog")
                == "1|3037109041|18659481534\n")
        #expect(
            try query(copy, "select count(*), sum(status = 4), count(topic) from message")
                == "26|4|10\n")
    }

    @Test func withoutALogPublicationsHaveNoCall() throws {
        let copy = try copied("a_boot")
        #expect(try run(["annotate", copy]).status == 0)
        #expect(
            try query(copy, "select count(*), count(call_ns), count(latency_ns) from publication")
                == "41|0|41\n")
        #expect(try query(copy, "select count(*) from watchdog") == "0\n")
    }

    @Test(arguments: CaptureFolder.names)
    func annotationsAreWhatDecodeSays(name: String) throws {
        let copy = try annotated(name)
        let bodies = try query(
            copy, "select body from annotation where \"row\" <> 'publication' order by id")
        #expect(try bodies == run(["decode", copy, "--json"]).output)
        #expect(try query(copy, "pragma integrity_check") == "ok\n")
        let words = try query(copy, ".dump annotation").split { !$0.isLetter && $0 != "_" }
        #expect(!words.contains("pw"))
    }

    @Test func aCaptureIsChangedInItsPlaceOverAndOver() throws {
        let copy = try copied("k_specnet")
        #expect(try run(["info", copy]).output.contains("annotations   none"))
        var sizes: [Int] = []
        for _ in 0..<3 {
            #expect(
                try run(["annotate", copy, "--log", "k_specnet.events.json"]).status == 0)
            sizes.append(try Data(contentsOf: URL(fileURLWithPath: copy)).count)
        }
        #expect(sizes[1] == sizes[2])
        #expect(try run(["info", copy]).output.contains("annotations   26, with the views"))
        #expect(try run(["info", copy, "--json"]).output.contains("\"annotations\": 26,"))
        #expect(try run(["doctor", copy]).status == 0)
        // Without a log of its own it takes the one that is there.
        #expect(try run(["annotate", copy]).status == 0)
        #expect(try query(copy, "select count(call_ns) from publication") == "1\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
                == ["copy-k_specnet.syn"])
    }

    @Test func theSameInputGivesTheSameBytes() throws {
        let first = try Data(contentsOf: URL(fileURLWithPath: annotated("b_will_restart")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: annotated("b_will_restart"))) == first)
        let places = try (0..<2).map { _ in
            let copy = try copied("b_will_restart")
            _ = try run(["annotate", copy, "--log", "b_will_restart.events.json"])
            return try Data(contentsOf: URL(fileURLWithPath: copy))
        }
        #expect(places[0] == places[1])
    }

    // MARK: Secrets

    @Test func secretsOfALogAreMaskedBeforeTheyAreStored() throws {
        let log = scratch.path("log.jsonl")
        let lines = [
            #"{"t":1,"ev":"config","wifi":{"password":"hunter2"},"args":["init","net","tops3cret"]}"#,
            #"{"t":2,"ev":"call","op":"publish","topic":"pw","msg":"a pw b","id":1}"#,
        ]
        try lines.joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
        let copy = scratch.path("k.syn")
        let outcome = try run(
            ["annotate", "k_specnet.syn", "--log", log, "--log-offset", "0", "-o", copy])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let payloads = try query(copy, "select cast(payload as text) from record where kind = 3")
        #expect(payloads.contains(#""password":"*******""#))
        #expect(payloads.contains(#"["init","net","*********"]"#))
        #expect(payloads.contains(#""topic":"**","msg":"a pw b""#))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        for secret in ["hunter2", "tops3cret"] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }
        #expect(!outcome.complaint.contains("hunter2"))
    }

    @Test func aScrubbedCopyKeepsTheLog() throws {
        let copy = scratch.path("clean.syn")
        #expect(try run(["scrub", try annotated("d_crash"), "-o", copy]).status == 0)
        let publications = try report(copy)
        #expect((publications["lost"] as? [String: Any])?["count"] as? Int == 1)
        #expect(try Capture(opening: copy).countAnnotations() == nil)
    }

    // MARK: Hostile logs

    @Test(
        arguments: [
            ("{\"t\":1}\n{\"t\":2,", "line 2: the log ends before"),
            ("{\"t\":1}\n{\"ev\":\"x\"}", "line 2: the entry has no time"),
            ("{\"t\":1e400}", "line 1: t is out of range"),
            ("{\"t\":\"soon\"}", "line 1: t is no number"), ("hello", "line 1: h is where"),
            ("{\"t\":1,\"a\":" + String(repeating: "[", count: 5_000), "line 1:"),
        ])
    func aBadLogIsToldWithItsLineAndChangesNothing(text: String, complaint: String) throws {
        let (log, copy) = (scratch.path("log.jsonl"), try copied("k_specnet"))
        try text.write(toFile: log, atomically: true, encoding: .utf8)
        let before = try Data(contentsOf: URL(fileURLWithPath: copy))
        let outcome = try run(["annotate", copy, "--log", log])
        #expect(outcome.status == 2)
        #expect(
            outcome.complaint.hasPrefix("synscope: \(log): \(complaint)"), "\(outcome.complaint)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before)
        let target = scratch.path("never.syn")
        #expect(try run(["annotate", copy, "--log", log, "-o", target]).status == 2)
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func bytesThatAreNoTextAreTold() throws {
        let log = scratch.path("log.jsonl")
        try Data(Array("{\"t\":1,\"m\":\"".utf8) + [0xff] + Array("\"}".utf8))
            .write(to: URL(fileURLWithPath: log))
        let outcome = try run(["annotate", "k_specnet.syn", "--log", log, "-o", scratch.path("a")])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("line 1: a string is no UTF-8"))
    }

    @Test func aLogThatFitsNowhereSaysHowToGoOn() throws {
        let log = scratch.path("log.jsonl")
        for text in [
            #"{"t":1,"ev":"call","op":"publish","topic":"a","msg":"b","id":1}"#,
            #"{"t":1,"ev":"status","n":8}{"t":1,"ev":"status","n":12}"#,
        ] {
            try text.write(toFile: log, atomically: true, encoding: .utf8)
            let outcome = try run(
                ["annotate", "k_specnet.syn", "--log", log, "-o", scratch.path("a.syn")])
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains("give --log-offset"), "\(outcome.complaint)")
        }
    }

    /// Ids that are negative, huge, used again; times in no order; entries outside the capture.
    @Test func aStrangeLogIsTaken() throws {
        let log = scratch.path("log.jsonl")
        let text = """
            {"t":11.5,"ev":"ret","id":-1,"op":"publish"}
            {"t":2,"ev":"call","op":"publish","topic":"x","msg":"\\u0000\\u001b[31m","qos":9,"id":-1}
            {"t":2,"ev":"call","op":"publish","topic":"x","msg":"again","id":-1}
            {"t":3,"ev":"ret","id":1e400}
            {"t":-99,"ev":"early"}
            {"t":1e6,"ev":"late"}
            {"t":4,"ev":"status","n":1e99,"deep":[[[[]]]],"n":4}
            """
        try text.write(toFile: log, atomically: true, encoding: .utf8)
        let copy = scratch.path("a.syn")
        let outcome = try run(
            ["annotate", "k_specnet.syn", "--log", log, "--log-offset", "-0.25", "-o", copy])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("5 entries taken"))
        #expect(outcome.complaint.contains("2 entries before the begin of the capture or behind"))
        #expect(outcome.complaint.contains("3 entries came earlier than the one before"))
        let decoded = try run(["decode", copy, "--type", "app"]).output
        #expect(decoded.contains("2.250000  APP          call publish x \"\\x00\\x1b[31m\" qos=9"))
        #expect(!decoded.contains("\u{1b}"))
        let publications = try report(copy)
        #expect(publications["called"] as? Int == 2)
        #expect((publications["lost"] as? [String: Any])?["count"] as? Int == 1)
        #expect((publications["waiting"] as? [String: Any])?["count"] as? Int == 1)
    }

    @Test func recordsThatAreDamagedAreTold() throws {
        let copy = try annotated("d_crash")
        _ = try query(copy, "update record set payload = x'ff00' where id = 3")
        let decoded = try run(["decode", copy])
        #expect(decoded.status == 0)
        #expect(decoded.complaint.contains("an entry of the application's log at 7.653443 s"))
        #expect(try run(["report", copy]).status == 0)
        _ = try query(copy, "update record set edges_before = 99999999 where id = 3")
        for verb in ["decode", "report"] {
            let outcome = try run([verb, copy])
            #expect(outcome.status == 2)
            #expect(outcome.complaint.contains("record"), "\(outcome.complaint)")
        }
        #expect(try run(["doctor", copy]).status == 1)
    }

    @Test func wrongCallsAreTold() throws {
        let copy = scratch.path("a.syn")
        #expect(try run(["annotate", "d_crash.syn", "--log-offset", "1", "-o", copy]).status == 2)
        #expect(
            try run(
                [
                    "annotate", "d_crash.syn", "--log", "d_crash.events.json", "--log-offset",
                    "soon",
                    "-o", copy,
                ]
            ).status == 2)
        let missing = try run(["annotate", "d_crash.syn", "--log", "none.json", "-o", copy])
        #expect(missing.status == 2)
        #expect(missing.complaint.contains("none.json: opening it failed"))
        let own = try run(
            [
                "annotate", "d_crash.syn", "--log", "d_crash.events.json", "-o",
                "d_crash.events.json", "--force",
            ])
        #expect(own.status == 2)
        #expect(own.complaint.contains("is the input itself"))
        #expect(try run(["decode", "d_crash.syn", "--type", "apps"]).complaint.contains("app"))
    }
}
