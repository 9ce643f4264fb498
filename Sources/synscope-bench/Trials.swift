/// The same work several times over.
struct Trials {
    /// One result per run, sorted.
    let values: [Double]

    /// Runs `body`, which returns a figure, so many times.
    init(_ count: Int, _ body: () throws -> Double) rethrows {
        values = try (0..<count).map { _ in try body() }.sorted()
    }

    var median: Double {
        let middle = values.count / 2
        return values.count % 2 == 1
            ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }

    var range: ClosedRange<Double> { (values.first ?? 0)...(values.last ?? 0) }

    /// The figure of these runs.
    func figure(
        _ name: String, _ unit: String, peer: Figure.Peer? = nil, goal: Figure.Goal? = nil
    ) -> Figure {
        Figure(
            name: name, value: median, unit: unit, runs: values.count, range: range, peer: peer,
            goal: goal)
    }

    /// The seconds that `body` takes.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure(body)
        return Double(duration.components.seconds)
            + Double(duration.components.attoseconds) * 1e-18
    }
}

/// Keeps a result alive, so that the work behind it is not left out.
@inline(never)
func keep<Value>(_ value: Value) { _ = value }
