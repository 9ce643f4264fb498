import Signals
import Testing

@testable import Reporting

@Suite struct ReportNumberTests {
    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
            (.min, "-9,223,372,036,854,775,808"),
        ] as [(Int64, String)])
    func thousandsAreSeparated(value: Int64, text: String) {
        #expect(ReportNumber.count(value) == text)
    }

    @Test(
        arguments: [
            (0, "0.000"), (499, "0.000"), (500, "0.001"), (176_640, "0.177"), (999_400, "0.999"),
            (1_000_000, "1.0"), (38_591_031, "38.6"), (5_265_949_999, "5,265.9"),
            (-250_000, "-0.250"),
        ] as [(Int64, String)])
    func millisecondsHaveOneDecimalAndThreeBelowOne(nanoseconds: Int64, text: String) {
        #expect(ReportNumber.milliseconds(Nanoseconds(nanoseconds)) == text)
    }

    @Test func whatDoesNotExistIsADash() {
        #expect(ReportNumber.milliseconds(nil) == "-")
        #expect(ReportNumber.rate(nil) == "-")
        #expect(ReportNumber.share(nil) == "-")
        #expect(ReportNumber.decimal(.nan, decimals: 1) == "-")
    }

    @Test func ratesLoseTheirDecimalFromAThousandOn() {
        #expect(ReportNumber.rate(346.16) == "346.2")
        #expect(ReportNumber.rate(2_322.206) == "2,322")
    }
}
