#if GPIO
internal import Glibc
public import LivePorts
public import Signals

/// One end's wires on GPIO lines.
///
/// The end's clock and data are push-pull outputs, the host's `reset` is an open drain. What the other
/// end drives is read as ``PeerWires`` says. A wire is driven by one system call, and by none if it has
/// that level already.
///
/// One thread reads, drives, waits and closes; ``wake()`` may come from any other.
public final class GPIOPort: WirePort, @unchecked Sendable {
    /// The lines.
    public let plan: GPIOPortPlan
    private let lines: [PortLine]
    private let handle: PortHandle
    private let peer: PeerWires<PortHandle>
    /// The levels of the lines that are driven, by their places.
    private var levels: [Level]
    /// The places of the five wires, by their channels.
    private let wirePlaces: [Int?]
    private let hasReset: Bool
    private var isClosed = false

    /// Requests the lines: none is driven before all that are read were granted, and then each at its
    /// level of rest at once.
    ///
    /// - Parameters:
    ///   - consumer: what other programs are told about who holds the lines.
    ///   - spinNanoseconds: how long a wait looks at the other end's clock before it sleeps.
    public init(
        _ plan: GPIOPortPlan, consumer: String = "synscope",
        spinNanoseconds: UInt64 = GPIOPort.usualSpinNanoseconds
    ) throws(GPIOError) {
        self.plan = plan
        lines = plan.lines
        handle = try PortHandle(plan, lines: lines, consumer: consumer)
        levels = lines.map(\.restLevel)
        let places = Channel.wires.map { channel in
            plan.lines.firstIndex { $0.purpose == .wire(channel) }
        }
        wirePlaces = places
        hasReset = places[Int(Channel.reset.index)] != nil
        let other = plan.end.peer
        guard let clock = places[Int(other.clock.index)], let data = places[Int(other.data.index)]
        else { preconditionFailure("a plan has a line for every wire but reset") }
        peer = PeerWires(
            handle, peer: other, clockPlace: clock, dataPlace: data,
            resetPlace: plan.end == .bridge ? places[Int(Channel.reset.index)] : nil,
            spinNanoseconds: spinNanoseconds)
    }

    deinit { close() }

    /// An answer that comes within this is not slept for. Where there is only one processor, whoever is to
    /// answer needs it.
    public static var usualSpinNanoseconds: UInt64 {
        sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 ? 30_000 : 0
    }

    /// The end whose wires this port drives.
    public var end: LinkEnd { plan.end }

    /// The levels of the wires that the other end drives; a bridge's `reset` is high if it has no line.
    public func read() throws(WireFailure) -> LevelSet {
        try attempt { () throws(GPIOError) in
            var levels = try peer.read()
            if end == .bridge, !hasReset { levels[.reset] = .high }
            return levels
        }
    }

    /// Drives one of this end's wires; `reset` may have no line.
    public func drive(_ channel: Channel, _ level: Level) throws(WireFailure) {
        precondition(
            channel == end.clock || channel == end.data || channel == .reset && end == .host,
            "a wire of the other end")
        guard let place = wirePlaces[Int(channel.index)] else { return }
        try attempt { () throws(GPIOError) in try drive(level, at: place) }
    }

    /// Shows a lamp, if it has a line.
    public func show(_ lamp: WireLamp, _ level: Level) throws(WireFailure) {
        guard let place = lines.firstIndex(where: { $0.purpose == .lamp(lamp) }) else { return }
        try attempt { () throws(GPIOError) in try drive(level, at: place) }
    }

    private func drive(_ level: Level, at place: Int) throws(GPIOError) {
        guard levels[place] != level else { return }
        try handle.drive(level, at: place)
        levels[place] = level
    }

    /// Waits until the other end's clock is not as in `seen`, `reset` has moved, ``wake()`` was called, or
    /// the time is up.
    @discardableResult
    public func wait(
        whileAt seen: LevelSet, until deadline: UInt64?
    ) throws(WireFailure) -> Bool {
        try attempt { () throws(GPIOError) in
            try peer.wait(whileAt: seen[end.peer.clock], until: deadline)
        }
        return false
    }

    /// Ends a wait that is under way, or else the next one. From any thread.
    public func wake() { peer.call() }

    /// Drives data and clock low, releases `reset`, puts the lamps out, and gives the lines back.
    ///
    /// Many chips leave a line that was given back as it was, so it must be at rest before.
    public func close() {
        guard !isClosed else { return }
        for (place, line) in lines.enumerated() where line.isDriven {
            try? drive(line.restLevel, at: place)
        }
        isClosed = true
        handle.release()
    }

    private func attempt<Result>(
        _ body: () throws(GPIOError) -> Result
    ) throws(WireFailure) -> Result {
        guard !isClosed else {
            throw WireFailure("the GPIO lines of \(plan.chip.name) were given back")
        }
        do throws(GPIOError) {
            return try body()
        } catch {
            throw WireFailure(error.description)
        }
    }
}
#endif
