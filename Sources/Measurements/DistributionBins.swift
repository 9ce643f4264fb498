import Signals

/// Ranges for drawing a distribution: of one width when the values lie close together, else 1, 2, 5
/// times a power of ten.
enum DistributionBins {
    /// Values further apart than this factor are drawn in ranges that grow.
    static let linearRatioMax: Int64 = 20
    /// Ranges of one width are at most this many.
    static let linearCountMax: Int64 = 12

    static func bins(of values: [Distribution.Counted]) -> [Distribution.Bin] {
        guard let first = values.first?.value, let last = values.last?.value else { return [] }
        let limits =
            last / linearRatioMax <= Swift.max(first, 1)
            ? linearLimits(from: first, to: last) : growingLimits(from: first, to: last)
        var bins = zip(limits, limits.dropFirst()).map { lower, upper in
            Distribution.Bin(lower: Nanoseconds(lower), upper: Nanoseconds(upper), count: 0)
        }
        var place = 0
        for value in values {
            while place < bins.count - 1, value.value >= bins[place].upper.count { place += 1 }
            bins[place].count += value.count
        }
        return bins
    }

    /// The smallest of 1, 2, 5 times a power of ten that needs no more than
    /// ``linearCountMax`` ranges.
    private static func linearLimits(from first: Int64, to last: Int64) -> [Int64] {
        var width: Int64 = 1
        while last / width - first / width + 1 > linearCountMax { width = nextStep(width) }
        let begin = first / width
        return (begin...(last / width + 1)).map { $0 * width }
    }

    /// The ranges double or so; the first also holds everything below it.
    private static func growingLimits(from first: Int64, to last: Int64) -> [Int64] {
        var limits = [last == .max ? last : last + 1]
        var step: Int64 = 1
        var steps: [Int64] = []
        while step <= last {
            steps.append(step)
            if step > .max / 10 { break }
            step = nextStep(step)
        }
        limits = [step > last ? step : limits[0]]
        for lower in steps.reversed() where limits.count < Distribution.binCountMax {
            limits.append(lower)
            if lower <= first { break }
        }
        if let lowest = limits.last, lowest > first { limits[limits.count - 1] = 0 }
        return limits.reversed()
    }

    /// 1, 2, 5, 10, 20, 50 …
    private static func nextStep(_ step: Int64) -> Int64 {
        var power: Int64 = 1
        while step / power >= 10 { power *= 10 }
        return step / power == 2 ? step / 2 * 5 : step * 2
    }
}
