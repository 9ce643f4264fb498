internal import CaptureStore
internal import Glibc
internal import LiveEdges
internal import LivePorts
internal import Signals

/// Drives the machine of one end in real time, on one thread.
///
/// For every wake-up the clock is read once; then come the mail, the timers that are due, and the
/// levels of the other end's wires. Whatever goes into the machine and comes out of it is traced. The
/// order is that of Documentation/Journal.md, The rule of waking, which makes a replay possible:
///
/// * an input other than levels goes in alone, and then the levels are read;
/// * while the machine is not synchronised they are read before such an input as well;
/// * a timer that only ends a rest is not traced.
///
/// Nothing but this thread touches the machine, the port and the trace until it has ended. It is one
/// value that nobody shares: to go on from bit to bit it neither counts references nor checks accesses.
struct EndRunner<Duty: EndDuty>: ~Copyable {
    typealias Machine = Duty.Machine

    private var machine: Machine
    private let duty: Duty
    private let port: any WirePort
    private let mailbox: Mailbox<Letter>
    private let trace: LiveTrace?
    private let journal: JournalListener?
    /// The monotonic clock at time 0.
    private let clockStart: UInt64
    private var now = Timestamp.zero
    /// The levels of the other end's wires when they were read last.
    private var seen: LevelSet
    private var deadline: Timestamp?
    private var letters: [Letter] = []
    private var isEnding = false
    /// ``now`` was read for the wake-up that follows.
    private var isTimeGood = false

    /// What the mailbox holds.
    enum Letter: Sendable {
        /// Something for the machine.
        case mail(Duty.Mail)
        /// An input as it is.
        case input(Machine.Input)
        /// The last: the thread shall end behind it.
        case end
    }

    /// - Parameters:
    ///   - seen: the other end's levels at time 0.
    ///   - clockStart: the monotonic clock at time 0, in nanoseconds.
    init(
        _ machine: Machine, duty: Duty, port: any WirePort, mailbox: Mailbox<Letter>,
        trace: LiveTrace?, journal: JournalListener?, seen: LevelSet, clockStart: UInt64
    ) {
        self.machine = machine
        self.duty = duty
        self.port = port
        self.mailbox = mailbox
        self.trace = trace
        self.journal = journal
        self.seen = seen
        self.clockStart = clockStart
    }

    /// Runs until it is told to end, or the wires fail; `first` are the first inputs.
    mutating func run(first: [Machine.Input]) throws(WireFailure) {
        // What comes first depends on levels that were read before: they are given with it.
        readClock()
        try give(levels: seen)
        for input in first { try tell(input, isRead: true) }
        while !isEnding {
            // Good for one wake-up: mail can keep the thread from waiting.
            if isTimeGood { isTimeGood = false } else { readClock() }
            if mailbox.hasMail { try takeMail() }
            if let deadline, deadline <= now { try fire() }
            trace?.passOn(at: now)
            try wake()
            if !isEnding, !mailbox.hasMail { try wait() }
        }
    }

    /// The moment of the last wake-up.
    var end: Timestamp { now }

    private mutating func readClock() {
        let elapsed = MonotonicClock.nanoseconds() &- clockStart
        now = max(now, Timestamp(nanoseconds: Int64(truncatingIfNeeded: elapsed)))
    }

    private mutating func wait() throws(WireFailure) {
        // Without a trace nothing needs the moment of an edge: the clock is read here, while the other
        // end works, and not between its edge and the answer.
        if !isHeard { readClock() }
        var until = deadline
        if let flush = trace?.deadline { until = min(until ?? flush, flush) }
        if let until, until <= now { return }
        let wasShort = try port.wait(
            whileAt: seen,
            until: until.map { clockStart &+ UInt64(truncatingIfNeeded: $0.nanoseconds) })
        isTimeGood = wasShort && !isHeard
    }

    private mutating func takeMail() throws(WireFailure) {
        mailbox.take(into: &letters)
        for letter in letters {
            switch letter {
            case .mail(let mail): if let input = duty.input(of: mail) { try tell(input) }
            case .input(let input): try tell(input)
            case .end: isEnding = true
            }
        }
        letters.removeAll(keepingCapacity: true)
    }

    private mutating func fire() throws(WireFailure) {
        if !machine.isSynchronised {
            // A toggle that is only noticed now can have put the timer off.
            try give(levels: port.read())
            guard let deadline, deadline <= now else { return }
        }
        if machine.onlyEndsRest(at: now) {
            machine.handle(Machine.timer, at: now)
            try drain()
        } else {
            try tell(Machine.timer, isRead: true)
        }
    }

    /// Gives an input other than levels, and then the levels.
    ///
    /// - Parameter isRead: the input is due because of levels that were given just now. They are not
    ///   read again before it: that could find something newer, which would then come first.
    private mutating func tell(_ input: Machine.Input, isRead: Bool = false) throws(WireFailure) {
        if !isRead, !machine.isSynchronised { try give(levels: port.read()) }
        if isHeard, let payload = Machine.payload(of: input) { tell(Machine.inputKind, payload) }
        machine.handle(input, at: now)
        try drain()
        try give(levels: port.read())
    }

    /// Whether anybody wants records.
    private var isHeard: Bool { trace != nil || journal != nil }

    private func tell(_ kind: JournalKind, _ payload: [UInt8]) {
        trace?.record(kind, payload, at: now)
        journal?(JournalRecord(time: now, edgesBefore: 0, kind: kind, payload: payload))
    }

    /// Looks at the other end's wires.
    private mutating func wake() throws(WireFailure) {
        let levels = try port.read()
        if levels != seen { try give(levels: levels) }
    }

    /// Gives levels that were just read, changed or not.
    private mutating func give(levels: LevelSet) throws(WireFailure) {
        let changed = levels.bits ^ seen.bits
        seen = levels
        let peer = Machine.end.peer
        if changed != 0, let trace {
            // Data is there before the clock that announces it.
            if changed & 1 << UInt32(peer.data.index) != 0 {
                trace.edge(peer.data, levels[peer.data], at: now)
            }
            if changed & 1 << UInt32(peer.clock.index) != 0 {
                trace.edge(peer.clock, levels[peer.clock], at: now)
            }
            if changed & 1 << UInt32(Channel.reset.index) != 0 {
                trace.edge(.reset, levels[.reset], at: now)
            }
        }
        machine.handle(clock: levels[peer.clock], data: levels[peer.data], at: now)
        try drain()
        if changed & 1 << UInt32(Channel.reset.index) != 0,
            let input = duty.input(ofReset: levels[.reset])
        {
            try tell(input, isRead: true)
        }
    }

    private mutating func drain() throws(WireFailure) {
        while true {
            while let drive = machine.nextDrive() {
                if let second = machine.nextDrive() {
                    try port.drive(drive, second)
                    trace?.edge(drive.channel, drive.level, at: now)
                    trace?.edge(second.channel, second.level, at: now)
                } else {
                    try self.drive(drive)
                }
            }
            guard let output = machine.nextOutput() else { break }
            if let driven = Machine.driven(by: output) {
                try drive(driven)
            } else {
                if isHeard, let payload = machine.payload(of: output) {
                    tell(Machine.outputKind, payload)
                }
                duty.perform(output, of: machine, at: now)
            }
        }
        deadline = machine.deadline
    }

    private func drive(_ drive: Drive) throws(WireFailure) {
        try port.drive(drive.channel, drive.level)
        trace?.edge(drive.channel, drive.level, at: now)
    }
}
