/// The moment by the clock at which a recording ends though nothing comes.
final class RecordingDeadline {
    private let span: Duration?
    private var end: ContinuousClock.Instant?

    /// So much later than the time stamps it ends, as they arrive with a delay.
    private static let grace = Duration.seconds(2)

    init(after span: TimeArgument?) {
        self.span = span.map { .nanoseconds($0.nanoseconds) }
    }

    /// The recording has begun.
    func begin() {
        if let span { end = .now + span + Self.grace }
    }

    var isReached: Bool { end.map { .now >= $0 } ?? false }
}
