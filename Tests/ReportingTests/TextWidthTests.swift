import Reporting
import Testing

@Suite struct TextWidthTests {
    @Test(arguments: [
        (79, "a.syn  4.2 s  3 gaps"), (20, "a.syn  4.2 s  3 gaps"), (19, "a.syn  4.2 s"),
        (12, "a.syn  4.2 s"), (11, "a.syn"), (5, "a.syn"), (4, "a.s…"), (1, "…"),
    ])
    func fieldsThatDoNotFitAreLeftOut(width: Int, line: String) {
        #expect(TextWidth.fitting(["a.syn", "4.2 s", "3 gaps"], in: width) == line)
    }

    @Test func noFieldsMakeNoLine() {
        #expect(TextWidth.fitting([], in: 10) == "")
    }
}
