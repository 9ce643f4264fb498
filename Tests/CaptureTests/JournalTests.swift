import Foundation
import Testing

/// Captures of our own machines: what decode, report and SQL make of their journals.
@Suite struct JournalTests {
    /// A world with a crash and an outage, made once.
    private struct Made {
        let folder: ScratchFolder
        /// What the world itself says of what happened in it.
        let summary: String

        init() throws {
            folder = try ScratchFolder()
            summary = try Command.synscope(
                [
                    "simulate", "--seed", "7", "--duration", "55s", "--fault", "crash@9s",
                    "--fault", "wifi-outage@28s", "-o", folder.path("world.syn"), "--json",
                ], in: folder.url
            ).output
        }
    }

    private static let made = Result { try Made() }

    private let scratch: ScratchFolder
    private let capture: String
    private let truth: [String: Any]

    init() throws {
        scratch = try ScratchFolder()
        capture = scratch.path("world.syn")
        let made = try Self.made.get()
        try FileManager.default.copyItem(atPath: made.folder.path("world.syn"), toPath: capture)
        truth = try Self.object(made.summary)
    }

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func run(_ arguments: [String]) throws -> Command.Outcome {
        let outcome = try Command.synscope(arguments, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return outcome
    }

    private func lines(_ arguments: [String]) throws -> [Substring] {
        try run(["decode", capture] + arguments).output.split(separator: "\n")
    }

    private func query(_ sql: String) throws -> String {
        let outcome = try Command.run("sqlite3", [capture, sql], in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return outcome.output
    }

    private func report() throws -> [String: Any] {
        let report = try Self.object(try run(["report", capture, "--json"]).output)
        return try #require((report["captures"] as? [[String: Any]])?.first)
    }

    private func count(_ name: String, of publications: [String: Any]) -> Int? {
        publications[name] as? Int ?? (publications[name] as? [String: Any])?["count"] as? Int
    }

    // MARK: decode

    @Test func decodeShowsTheWayOfAPublication() throws {
        let lines = try lines(["--grep", "p1\\."])
        let steps = [
            "APP          call publish out/a \"p1.", "B>M          PUBLISH out/a \"p1.",
        ]
        for step in steps { #expect(lines.contains { $0.contains(step) }, "\(step)") }
        let all = try self.lines([])
        #expect(all.contains { $0.contains("M>B          PUBACK id=") })
        #expect(all.contains { $0.contains("APP          return publish (id ") })
        #expect(all.contains { $0.contains("---          FAULT crash") })
        #expect(all.contains { $0.contains("--- 12000.0  FAULT wifi-outage") })
        #expect(all.contains { $0.contains("---          fault wifi-outage is over") })
        #expect(all.contains { $0.contains("BRG          connection-lost why=") })
        #expect(all.contains { $0.contains("APP          crash status=\"NO_NET\"") })
        #expect(!all.contains { $0.contains("PINGREQ") || $0.contains("timer") })
    }

    @Test func theDetailIsChosen() throws {
        let none = try lines(["--journal", "none"])
        let calls = try lines(["--journal", "calls"])
        let usual = try lines(["--journal", "usual"])
        let all = try lines(["--journal", "all"])
        #expect(try usual == lines([]))
        #expect(none.count < calls.count && calls.count < usual.count && usual.count < all.count)
        #expect(!none.contains { $0.contains("  APP  ") || $0.contains("  B>M  ") })
        #expect(!calls.contains { $0.contains("  B>M  ") })
        #expect(all.contains { $0.contains("APP          status 4 PUBOK") })
        #expect(all.contains { $0.contains("B>M          arrived at the broker: out/a") })
        // What the wires say does not depend on it.
        #expect(
            usual.filter { !$0.contains(/\s\s(APP|B>M|M>B|BRG)\s\s|FAULT|fault/) } == none)
        #expect(
            try Command.synscope(["decode", capture, "--journal", "some"], in: scratch.url).status
                == 2)
    }

    @Test(arguments: ["app", "mqtt", "bridge", "fault", "arrival"])
    func typesAreChosenAndEveryLineIsAnObject(type: String) throws {
        let lines = try lines(["--type", type, "--json"])
        #expect(!lines.isEmpty)
        for line in lines {
            let object = try Self.object(String(line))
            #expect(object["type"] as? String == type)
            #expect(object["start"] is Int && object["session"] is Int)
        }
        let table = try self.lines(["--type", type, "--format", "csv"])
        #expect(table.count == lines.count + 1)
    }

    @Test func thePasswordIsInNoneOfIt() throws {
        for format in ["text", "ndjson", "csv"] {
            let text = try run(["decode", capture, "--journal", "all", "--format", format]).output
            #expect(!text.contains("open-sesame") && !text.contains("sesame"))
        }
    }

    // MARK: report

    @Test func theReportComesToWhatTheWorldSays() throws {
        let report = try report()
        let publications = try #require(report["publications"] as? [String: Any])
        #expect(publications["source"] as? String == "host")
        #expect(count("called", of: publications) == truth["publications"] as? Int)
        #expect(count("arrivedAgain", of: publications) == truth["arrivedTwice"] as? Int)
        #expect(count("lost", of: publications) == 0)
        let interruptions = try #require(report["interruptions"] as? [String: Any])
        let kinds = try #require(interruptions["first"] as? [[String: Any]])
        #expect(kinds.map { $0["kind"] as? String } == ["restart", "network"])
        #expect(kinds.map { $0["fault"] as? String } == ["crash", "wifi-outage"])
        #expect(
            kinds.count { $0["kind"] as? String == "restart" } == truth["restarts"] as? Int)
        let journal = try #require(report["journal"] as? [String: Any])
        #expect(journal["faults"] as? Int == 2 && journal["damaged"] as? Int == 0)
    }

    @Test func gatesKnowTheHops() throws {
        _ = try run([
            "report", capture, "--fail-if", "publication.qos1.sent-brokerAck.p50>1s", "--fail-if",
            "publication.lost>0", "--fail-if", "interruption.restart.max>60s", "--fail-if",
            "delivery.received-firstBit.p50>1s",
        ])
        let outcome = try Command.synscope(
            ["report", capture, "--fail-if", "interruption.count>1"], in: scratch.url)
        #expect(outcome.status == 1)
    }

    @Test func theTextHasHopsAndInterruptionsAndNothingLeftUntold() throws {
        let text = try run(["report", capture, "--brief"]).output
        for words in [
            "by the host's journal", "frame end > PUBLISH, qos 1", "PUBLISH > PUBACK, qos 1",
            "PUBACK > PUBOK, qos 1", "call > arrival, qos 1", "Interruptions:",
            "crash at 9.000", "wifi-outage at 28.000", "Nothing of that kind",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    // MARK: SQL

    @Test func rowsHaveEveryMoment() throws {
        _ = try run(["annotate", capture])
        #expect(
            try query(
                """
                select sum(call_ns <= first_bit_ns and first_bit_ns < frame_end_ns and \
                frame_end_ns < publish_out_ns and publish_out_ns < pubok_ns and pubok_ns < return_ns \
                and publish_out_ns < arrived_ns) = count(*), sum(puback_in_ns is not null) = \
                sum(qos = 1), sum(puback_in_ns > publish_out_ns and puback_in_ns < pubok_ns) = \
                sum(qos = 1), sum(sent >= 1 and arrivals >= 1) = count(*), count(*) > 3 \
                from publication where fate = 'acknowledged'
                """) == "1|1|1|1|1\n")
        #expect(
            try query("select count(*) from publication")
                == "\(truth["publications"] as? Int ?? -1)\n")
        #expect(try query("select count(*) from message where type = 'init'") == "2\n")
        let bodies = try query(
            "select body from annotation where \"row\" <> 'publication' order by id")
        #expect(try bodies == run(["decode", capture, "--json"]).output)
        #expect(
            try query("select count(*) from annotation where \"row\" = 'broker'")
                == query("select count(*) from annotation where type = 'mqtt'"))
        #expect(
            try query("select json_extract(body, '$.fault') from annotation where type = 'fault'")
                == "crash\nwifi-outage\nwifi-outage\n")
        // A second time gives the same, and the journal still replays.
        let before = try query("select count(*), sum(length(body)) from annotation")
        _ = try run(["annotate", capture])
        #expect(try query("select count(*), sum(length(body)) from annotation") == before)
        #expect(try run(["replay", capture]).output.contains("identical"))
    }

    @Test func watchdogEventsAreRows() throws {
        _ = try run(["annotate", capture])
        #expect(
            try query(
                "select session, round(silence_ns / 1e9), running_ns > reset_ns from watchdog")
                == "1|10.0|1\n")
    }

    @Test func anApplicationsLogBesideTheJournalIsShownAndNotCounted() throws {
        let log = scratch.path("log.jsonl")
        try #"{"t":9,"ev":"call","op":"publish","topic":"out/a","msg":"mine!","qos":1,"id":1}"#
            .write(toFile: log, atomically: true, encoding: .utf8)
        _ = try run(["annotate", capture, "--log", log, "--log-offset", "0"])
        #expect(
            try lines(["--grep", "mine!"]).dropFirst().map { $0.dropFirst(16) }
                == ["APP          call publish out/a \"mine!\" qos=1 (id 1)"])
        let publications = try #require(try report()["publications"] as? [String: Any])
        #expect(count("called", of: publications) == truth["publications"] as? Int)
        #expect(
            try query("select count(*) from publication")
                == "\(truth["publications"] as? Int ?? -1)\n")
    }

    // MARK: Damage

    @Test func damagedRecordsAreToldAndTheRestIsRead() throws {
        let whole = try lines([]).count
        _ = try query(
            """
            update record set payload = x'ff00' where id in \
            (select id from record where kind = 19 and hex(payload) like '04%' limit 7);
            update record set payload = x'' where id = (select max(id) from record);
            update record set kind = 99 where id = (select min(id) from record where kind = 20 and hex(payload) like '01%');
            """)
        let decoded = try run(["decode", capture])
        #expect(decoded.complaint.contains("the record of kind 19 at"), "\(decoded.complaint)")
        #expect(decoded.complaint.contains("3 more records cannot be read"))
        let left = decoded.output.split(separator: "\n").count
        #expect(left < whole && left > whole - 20)
        let journal = try #require(try report()["journal"] as? [String: Any])
        #expect(journal["damaged"] as? Int == 8 && journal["faults"] as? Int == 1)
        _ = try run(["annotate", capture])
    }
}
