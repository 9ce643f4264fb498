// How fine time stamps really are, whatever unit they are written in.

public import Signals

/// The coarsest grid on which edges lie: the greatest common divisor of the spans between them.
///
/// A file can count nanoseconds although its instrument looked every 10 us; the edges tell.
public struct TimeGrid: Hashable, Sendable {
    /// The spans of a few edges have a common divisor by chance; that so many do is no chance.
    public static let spansMin: Int64 = 64

    /// The divisor of all spans so far, in nanoseconds; nil before the first.
    public private(set) var step: Nanoseconds?
    /// The number of spans that are not empty.
    public private(set) var spanCount: Int64 = 0

    private let finest: UInt64
    private var divisor: UInt64 = 0
    private var last: Timestamp?

    /// A grid of no edges yet.
    ///
    /// - Parameter finest: no finer grid is looked for: the unit in which the times are written.
    init(finest: Nanoseconds) { self.finest = UInt64(max(1, finest.count)) }

    /// Takes the next edges, in order.
    mutating func add(_ edges: [Edge]) {
        guard var time = last ?? edges.first?.time else { return }
        if divisor > 0, divisor <= finest, spanCount >= Self.spansMin { return }
        var (divisor, count) = (divisor, spanCount)
        for edge in edges where edge.time != time {
            let span = (edge.time - time).count.magnitude
            if divisor == 0 || !span.isMultiple(of: divisor) {
                divisor = Self.greatestCommonDivisor(divisor, span)
            }
            count += 1
            time = edge.time
        }
        last = time
        (self.divisor, spanCount) = (divisor, count)
        if divisor > 0 { step = Int64(exactly: divisor).map { Nanoseconds($0) } }
    }

    /// The grid, when there were enough spans to be sure of it.
    public var certain: Nanoseconds? { spanCount >= Self.spansMin ? step : nil }

    private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}
