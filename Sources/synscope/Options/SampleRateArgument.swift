import ArgumentParser
import CaptureStore
import Reporting
import Signals

/// How often an instrument looked at the wires: `100kHz`, `24 MHz`, `250000`.
struct SampleRateArgument: ExpressibleByArgument {
    /// As it was written.
    let text: String
    private let hertz: Double

    /// From one sample in a quarter of an hour to a thousand in a nanosecond.
    private static let hertzRange = 0.001...1e12

    init?(argument: String) {
        let units: [(String, Double)] = [("ghz", 1e9), ("mhz", 1e6), ("khz", 1e3), ("hz", 1)]
        let lowered = argument.lowercased()
        let unit = units.first { lowered.hasSuffix($0.0) } ?? ("", 1)
        let digits = lowered.dropLast(unit.0.count).filter { $0 != " " }
        guard let number = Double(String(digits)), number.isFinite,
            Self.hertzRange.contains(number * unit.1)
        else { return nil }
        text = argument
        hertz = number * unit.1
    }

    /// The rate as a whole number of samples a second.
    func wholeHertz() throws -> UInt64 {
        guard hertz >= 1, hertz == hertz.rounded() else {
            throw Failure(.failed, "--sample-rate \(text) is no whole number of samples a second")
        }
        return UInt64(hertz)
    }

    /// A rate as people write it, such as `24 MHz`.
    static func text(_ rate: UInt64) -> String {
        let units: [(String, UInt64)] = [
            ("GHz", 1_000_000_000), ("MHz", 1_000_000), ("kHz", 1_000),
        ]
        for (unit, size) in units where rate >= size && rate.isMultiple(of: size / 1_000) {
            let (whole, thousandths) = (rate / size, rate % size / (size / 1_000))
            var digits = String(thousandths + 1_000).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            return "\(whole)\(digits.isEmpty ? "" : ".\(digits)") \(unit)"
        }
        return "\(rate) Hz"
    }

    /// The time between two samples in nanoseconds, and whether it is a whole number of them.
    private var period: (nanoseconds: Int64, isWhole: Bool) {
        let exact = 1e9 / hertz
        // The quotient of two exact numbers is off by less than this.
        let nearest = exact.rounded()
        let isWhole = nearest >= 1 && abs(exact - nearest) < nearest * 1e-12
        return (Int64(isWhole ? nearest : exact.rounded(.up)), isWhole)
    }

    /// The resolution of stamps of this rate in a file with a grid of its own.
    ///
    /// Throws when the file's stamps cannot be samples of this rate. A rate whose period is no
    /// whole number of nanoseconds cannot be checked.
    func resolution(unit: Nanoseconds, grid: TimeGrid, path: String) throws -> Nanoseconds {
        if period.isWhole, let step = grid.step, !step.count.isMultiple(of: period.nanoseconds) {
            throw Failure(
                .failed,
                "--sample-rate \(text) is one sample in \(TimeText.span(period.nanoseconds)), and the "
                    + "edges of \(path) lie on a grid of \(TimeText.span(step.count)); leave it "
                    + "out, or give the rate at which the file was sampled")
        }
        return max(unit, Nanoseconds(period.nanoseconds))
    }
}
