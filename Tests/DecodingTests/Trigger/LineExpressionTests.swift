import Decoding
import Testing

@Suite struct LineExpressionTests {
    @Test(arguments: [
        ("abc", "xxabcxx", true), ("abc", "ab", false), ("", "", true),
        ("^a.c$", "abc", true), ("^a.c$", "abcd", false), ("a|b|cd", "xcdx", true),
        ("a(b|c)*d", "abcbcd", true), ("a(?:bc)+d", "ad", false), ("a{3}", "aa", false),
        ("a{2,3}b", "caab", true), ("^a{2,3}b", "aaaab", false), ("^(ab){2,}$", "ababab", true),
        ("x{,3}", "x{,3}", true), ("qos=[12]", "qos=1", true), ("qos=[^12]", "qos=1", false),
        ("[a-c-]z", "-z", true), ("[]x]y", "]y", true), (#"\d+\.\d{2}"#, "at 12.34 s", true),
        (#"\bout\b"#, "an out/a", true), (#"\bout\b"#, "about", false),
        (#"\Bout"#, "about", true), (#"[\d_]x"#, "_x", true), (#"\S\s\w\W"#, "a b.", true),
        (#"a\.b"#, "axb", false), ("(?i)Alarm [A-C]", "ALARM b", true), ("a??b", "b", true),
        ("(a*)*b", "aaaa", false), ("()*", "", true), ("^$", "", true), ("a|^b", "cb", false),
        ("µ.", "5 µs", true), ("$", "abc", true), ("(^a|b)c", "bc", true),
    ])
    func findsWhatItShould(pattern: String, line: String, isFound: Bool) throws {
        #expect(try LineExpression(pattern).isFound(in: line) == isFound)
    }

    @Test(arguments: [
        ("a(b", 1, "without its )"), ("a)b", 1, "without its ("), ("[ab", 0, "without its ]"),
        ("*a", 0, "nothing before"), ("a|+", 2, "nothing before"), ("a{3,2}", 1, "{2,5}"),
        (#"(a)\1"#, 3, "a reference"), ("a(?=b)", 1, "looking around"), (#"\q"#, 0, "unknown"),
        (#"a\"#, 1, "nothing behind"), ("[z-a]", 1, "backwards"), ("a{1001}", 1, "1000"),
        ("(a{100}){100}", 0, "too long"), (#"[\D]"#, 1, "do not stand"),
        (String(repeating: "(", count: 60), 50, "too many groups"),
    ])
    func aPatternThatCannotBeSearchedForIsToldWithItsPlace(
        pattern: String, offset: Int, problem: String
    ) {
        do throws(LineExpressionError) {
            _ = try LineExpression(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.offset == offset)
            #expect(error.problem.contains(problem), "\(error)")
        }
    }

    /// Each of these takes a backtracking search longer than the age of the universe.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "(a*)*b", "(a+)+$b", "(a|a)*b", "(a|aa)+b", "(.*)*x", "a?{50}a{50}b",
            "((a{0,9}){0,9}){0,9}b", "(.*a){20}b",
        ])
    func aCatastrophicPatternEndsAtOnce(pattern: String) throws {
        let line = String(repeating: "a", count: 5_000)
        #expect(try !LineExpression(pattern).isFound(in: line))
    }

    @Test func itAgreesWithTheStandardLibraryOnRandomPatterns() throws {
        var state: UInt64 = 7
        func pick(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        func pattern(_ depth: Int) -> String {
            switch pick(depth > 3 ? 4 : 9) {
            case 0: return "a"
            case 1: return "b"
            case 2: return "."
            case 3: return "[ab]"
            case 4: return "(" + pattern(depth + 1) + ")*"
            case 5: return "(" + pattern(depth + 1) + "|" + pattern(depth + 1) + ")"
            case 6: return pattern(depth + 1) + pattern(depth + 1)
            case 7: return "(" + pattern(depth + 1) + "){1,2}"
            default: return "(" + pattern(depth + 1) + ")?c"
            }
        }
        for _ in 0..<400 {
            let text = ["", "^"][pick(2)] + pattern(0) + ["", "$"][pick(2)]
            let line = String((0..<pick(7)).map { _ in ["a", "b", "c"][pick(3)] as Character })
            let expected = line.contains(try Regex(text))
            #expect(try LineExpression(text).isFound(in: line) == expected, "\(text) in \(line)")
        }
    }
}
