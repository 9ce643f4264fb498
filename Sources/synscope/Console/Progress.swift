import Glibc

/// A line on a terminal that says how far long work has got.
///
/// Nothing is shown in the first half second, nor where standard error is no terminal.
struct Progress {
    private let title: String
    private let total: Double
    private let start = ContinuousClock.now
    private var nextUpdate: ContinuousClock.Instant
    private var isShown = false
    private let isEnabled: Bool

    /// - Parameters:
    ///   - title: what is being done.
    ///   - total: the amount of work, in any unit; 0 when it is not known.
    ///   - isEnabled: it may be shown at all: not by one of several at the same time.
    init(_ title: String, total: Double, isEnabled: Bool = true) {
        self.isEnabled = isEnabled && Console.errorIsTerminal
        self.title = title
        self.total = total
        nextUpdate = start + .milliseconds(500)
    }

    /// Says how much of the total is done.
    mutating func update(_ done: Double) {
        guard isEnabled else { return }
        let now = ContinuousClock.now
        guard now >= nextUpdate else { return }
        nextUpdate = now + .milliseconds(200)
        isShown = true
        let share = total > 0 ? " \(Int(min(100, 100 * done / total))) %" : ""
        show("\r\(title)\(share)\u{1b}[K")
    }

    /// Takes the line away.
    mutating func end() {
        if isShown { show("\r\u{1b}[K") }
        isShown = false
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
