public import Signals

/// The wires of one end of a live link: it drives its own and reads the other end's.
///
/// One thread reads, drives and waits; only ``wake()`` may come from another. A port knows nothing of
/// what the levels mean.
///
///     let seen = port.read()
///     …
///     port.wait(whileAt: seen, until: deadline)
public protocol WirePort: AnyObject, Sendable {
    /// The end whose wires this port drives.
    var end: LinkEnd { get }

    /// The levels of the wires that the other end drives, its clock read before its data; all other
    /// bits are 0. A bridge also reads `reset`.
    func read() throws(WireFailure) -> LevelSet

    /// Drives one of this end's wires. What was driven before is visible to the other end no later.
    func drive(_ channel: Channel, _ level: Level) throws(WireFailure)

    /// Drives two of them, one right behind the other: the data of a bit and the clock that announces
    /// it. Whoever looks between them delays both, where looking and driving get in each other's way.
    func drive(_ first: Drive, _ second: Drive) throws(WireFailure)

    /// Shows a lamp, where there is one.
    func show(_ lamp: WireLamp, _ level: Level) throws(WireFailure)

    /// Waits until ``read()`` may give something else than `seen`, ``wake()`` was called, or the time
    /// is up; it may return early for no reason.
    ///
    /// - Parameter deadline: in nanoseconds of `MonotonicClock`; nil waits for ever.
    /// - Returns: whether that was at once, within some microseconds: a time that was read just before
    ///   is still good enough for what is measured in milliseconds.
    @discardableResult
    func wait(whileAt seen: LevelSet, until deadline: UInt64?) throws(WireFailure) -> Bool

    /// Ends a ``wait(whileAt:until:)`` that is under way, or else the next one. From any thread.
    func wake()

    /// Gives the wires back: an end that leaves drives nothing high, and releases `reset`.
    func close()
}

extension WirePort {
    /// One after the other.
    public func drive(_ first: Drive, _ second: Drive) throws(WireFailure) {
        try drive(first.channel, first.level)
        try drive(second.channel, second.level)
    }
}

/// A lamp beside the wires.
public enum WireLamp: Hashable, Sendable {
    /// Of the bridge: toggles while its firmware runs.
    case heartbeat
    /// Of the bridge: low while the broker is connected.
    case broker
    /// Of the host: the application's own.
    case application
}

/// Wires can no longer be read or driven.
public struct WireFailure: Error, Hashable, CustomStringConvertible {
    /// What was being done, to which wire or device, and why it failed.
    public var description: String

    /// A failure, in words.
    public init(_ description: String) { self.description = description }
}
