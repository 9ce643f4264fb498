internal import CPinFile
internal import LiveEdges
public import LivePorts
public import Signals
internal import Synchronization

/// An end of the link on wires in shared memory.
///
/// Reading and driving are loads and stores of bytes, and cannot fail. How it waits, its ``WaitPolicy``
/// says; the thread that waits has its sleeps ended as exactly as the kernel can.
public final class PinFilePort: WirePort, @unchecked Sendable {
    /// The end whose wires this port drives.
    public let end: LinkEnd
    private let page: PinPage
    /// Those of the page, which lives as long as this port.
    private let signals: UnsafeMutablePointer<Atomic<UInt8>>
    private let isHost: Bool
    /// The toggles of this end's clock, for those who watch; odd while it is high.
    private let toggleCount: UnsafeMutablePointer<Atomic<UInt32>>
    private var toggles: UInt32
    let policy: WaitPolicy
    private let isWoken = Atomic<Bool>(false)
    private let isOpen = Atomic<Bool>(true)
    /// Where a sleep is ended by ``wake()``.
    let bed = Monitor(())
    /// Of the thread that waits.
    var memory: WaitMemory

    /// Takes the wires of an end and brings them to rest.
    ///
    /// Throws ``PinFileError/taken(_:path:by:)`` if another one drives them.
    public init(
        _ end: LinkEnd, on page: PinPage, policy: WaitPolicy = .standard
    ) throws(PinFileError) {
        try page.claim(PinRole(end))
        self.end = end
        self.page = page
        self.policy = policy
        signals = page.signals
        isHost = end == .host
        toggleCount = page.toggleCount(of: end)
        // The end before this one may have died between counting and toggling.
        toggles = ToggleCounts.settled(
            UInt32(littleEndian: toggleCount.pointee.load(ordering: .relaxed)),
            at: page.wires[end.clock])
        memory = WaitMemory(awakeSince: MonotonicClock.nanoseconds())
        rest()
    }

    deinit { close() }

    /// The levels of the wires that the other end drives, and for a bridge `reset`.
    public func read() throws(WireFailure) -> LevelSet { look() }

    @inline(__always) private func look() -> LevelSet {
        if isHost {
            let clock = load(.sckin)
            return LevelSet(bits: load(.srx) | clock)
        }
        let clock = load(.sckout)
        return LevelSet(bits: load(.stx) | clock | load(.reset))
    }

    /// A wire's level at its place among all.
    @inline(__always) private func load(_ channel: Channel) -> UInt32 {
        let level = signals[Int(channel.index)].load(ordering: .acquiring) & 1
        return UInt32(level) &<< UInt32(channel.index)
    }

    /// Drives one of this end's wires. Precondition: it is one.
    public func drive(_ channel: Channel, _ level: Level) throws(WireFailure) {
        precondition(isOwn(channel), "a wire of this end")
        count(channel, level)
        signals[Int(channel.index)].store(level.rawValue, ordering: .releasing)
    }

    /// Drives two of them. A processor that looks takes the memory away from the one that stores, so
    /// there is nothing between the two stores.
    public func drive(_ first: Drive, _ second: Drive) throws(WireFailure) {
        precondition(isOwn(first.channel) && isOwn(second.channel), "wires of this end")
        let (place, placeOfSecond) = (Int(first.channel.index), Int(second.channel.index))
        let (level, levelOfSecond) = (first.level.rawValue, second.level.rawValue)
        count(first.channel, first.level)
        count(second.channel, second.level)
        signals[place].store(level, ordering: .releasing)
        signals[placeOfSecond].store(levelOfSecond, ordering: .releasing)
    }

    /// Counts a toggle of the clock before it is made; anything else is none.
    @inline(__always) private func count(_ channel: Channel, _ level: Level) {
        guard channel == end.clock, UInt32(level.rawValue) != toggles & 1 else { return }
        toggles &+= 1
        toggleCount.pointee.store(toggles.littleEndian, ordering: .releasing)
    }

    @inline(__always) private func isOwn(_ channel: Channel) -> Bool {
        isHost ? channel.index < 3 : channel.index &- 3 < 2
    }

    /// Shows a lamp of this end's; others are not there.
    public func show(_ lamp: WireLamp, _ level: Level) throws(WireFailure) {
        switch (lamp, end) {
        case (.heartbeat, .bridge): page[.heartbeat] = level
        case (.broker, .bridge): page[.broker] = level
        case (.application, .host): page[.lamp] = level
        default: break
        }
    }

    /// Brings this end's wires to rest and gives them back.
    public func close() {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        rest()
        page.release(PinRole(end))
    }

    /// Drives nothing high, and puts the lamps out.
    private func rest() {
        count(end.clock, .low)
        if isHost {
            page[.stx] = .low
            page[.sckout] = .low
            page[.lamp] = .low
            page[.reset] = .high
        } else {
            page[.srx] = .low
            page[.sckin] = .low
            page[.heartbeat] = .low
            // This lamp is lit by a low level.
            page[.broker] = .high
        }
    }

    // MARK: Waiting

    /// Waits until ``read()`` may give something else than `seen`, somebody called, or the time is up.
    @discardableResult
    public func wait(
        whileAt seen: LevelSet, until deadline: UInt64?
    ) throws(WireFailure) -> Bool {
        for _ in 0..<policy.looksFirst {
            if isOver(seen) {
                if memory.hasSlept { memory.hasSlept = false }
                return true
            }
            cpinfile_pause()
        }
        waitLonger(whileAt: seen, until: deadline ?? .max)
        return false
    }

    /// Ends a ``wait(whileAt:until:)`` that is under way, or else the next one. From any thread.
    public func wake() {
        isWoken.store(true, ordering: .releasing)
        bed.change { _ in true }
    }

    /// Somebody called, and was not heard yet.
    var isCalled: Bool { isWoken.load(ordering: .relaxed) }

    /// Whether there is something to be seen, or somebody called, who is heard by this.
    @inline(__always) func isOver(_ seen: LevelSet) -> Bool {
        if look() != seen { return true }
        return isCalled && isWoken.exchange(false, ordering: .acquiring)
    }
}
