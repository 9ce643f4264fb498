import Decoding
import Testing

@Suite struct TriggerSyntaxTests {
    @Test(arguments: [
        "rising:reset", "falling:reset & sckin=1", "falling:reset&sckin=1&stx=0", "edge:mckin",
        "sckin=high", "stx=0 & srx=0", "reset", "reset & sckout=1", "text:pending 4",
        "text:\"a & b\"", "text:'say \"hi\"'", "regex:a&b", "type:publish & text:alarm",
        "text:a & type:message & regex:qos=[12]", "status:RUNNING", "status:running", "status:4",
        "watchdog", "error", "latency>200ms", "latency>1.5s", "  reset  ",
        "error & text:GAP", "latency > 200ms",
    ])
    func thisCanBeSaid(text: String) throws {
        #expect(try Trigger(text).text == text)
    }

    @Test(arguments: [
        ("", 0, "missing"), ("rising:rset", 7, "no wire rset"), ("foo", 0, "no condition foo"),
        ("rising", 0, "no condition rising"), ("sckin=2", 6, "0 or 1"),
        ("falling:reset & falling:stx", 16, "two edges"), ("stx=0 & stx=1", 8, "already"),
        ("reset & text:a", 8, "& joins"), ("text:a & reset", 9, "& joins"),
        ("latency>x", 8, "200ms"), ("latency>0", 8, "above 0"),
        ("latency>500", 8, "with its unit"), ("latency>0x1p4ms", 8, "200ms"),
        ("latency>1e3ms", 8, "200ms"), ("latency > 5", 10, "with its unit"),
        ("latency>0ms", 8, "above 0"), ("latency>..s", 8, "above 0"),
        ("latency>1s & error", 11, "alone"),
        ("error & latency>1s", 8, "alone"), ("text:", 5, "due"), ("text:\"a", 5, "pair"),
        ("text:\"\"", 5, "empty"), ("type:publsh", 5, "no type"), ("status:NO_NET", 7, "never"),
        ("status:13", 7, "no status"), ("regex:a(b", 7, "without its )"),
        ("text:b & regex:\"a(b\"", 17, "without its )"), ("reset sckin=1", 6, "& or the end"),
        ("reset &", 7, "missing"), (":a", 0, "without a name"),
    ])
    func whatCannotBeReadIsToldWithItsPlace(text: String, offset: Int, problem: String) {
        do throws(TriggerSyntaxError) {
            _ = try Trigger(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.offset == offset, "\(error)")
            #expect(error.problem.contains(problem), "\(error)")
            let lines = error.description.split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2 && lines[0] == text)
            #expect(lines[1].firstIndex(of: "^")?.utf16Offset(in: lines[1]) == offset)
        }
    }

    @Test func whatIsKnownByASilenceSaysSo() throws {
        for text in ["watchdog", "error", "type:watchdog", "error & text:GAP"] {
            #expect(try Trigger(text).mayFollowSilence, "\(text)")
        }
        for text in ["reset", "text:watchdog", "type:reset", "status:RUNNING", "latency>1s"] {
            #expect(try !Trigger(text).mayFollowSilence, "\(text)")
        }
    }

    @Test func noTextTraps() {
        let words = [
            "rising:", "reset", "&", " ", "text:", "\"", "'", "regex:", "(", "*", "[", "\\", "{2,",
            "}", "latency>", "1e400", "9s", "status:", "type:", "=", "0", "sckin", "µ", ">", "|",
        ]
        var state: UInt64 = 1
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count]
            }
            _ = try? Trigger(text)
        }
    }
}
