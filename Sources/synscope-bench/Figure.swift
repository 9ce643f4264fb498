/// One measured figure, beside the peer or limit that was measured in the same run.
struct Figure {
    /// What was measured, as the report's first column says it.
    var name: String
    /// The median over the runs.
    var value: Double
    /// Its unit.
    var unit: String
    /// How many runs the median is of.
    var runs: Int
    /// The lowest and the highest run.
    var range: ClosedRange<Double>
    /// What it is compared with; nil where there is nothing.
    var peer: Peer?
    /// What the design asks for; nil where it asks for nothing.
    var goal: Goal?

    /// A peer or a limit.
    struct Peer {
        var name: String
        var value: Double
    }

    /// What the design asks for.
    struct Goal {
        var text: String
        var isMet: Bool
    }

    /// The figure as a multiple of the peer's; nil without a peer.
    var ratio: Double? { peer.map { value / $0.value } }
}
