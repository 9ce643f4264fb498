public import Signals

/// What an end does besides its wires: what its mail means to its machine, and what its machine wants
/// of the world. All of it happens on the machine's thread and never waits.
protocol EndDuty: AnyObject, SendableMetatype {
    associatedtype Machine: JournaledMachine
    /// What comes from other threads.
    associatedtype Mail: Sendable

    /// What the mail means now; nil: nothing any more.
    func input(of mail: Mail) -> Machine.Input?

    /// The other end has changed `reset`: what that means to the machine.
    func input(ofReset level: Level) -> Machine.Input?

    /// Does what the machine wants, which is not to drive a wire.
    func perform(_ output: Machine.Output, of machine: borrowing Machine, at now: Timestamp)

    /// The end is over, in good order or not: whatever of the world it holds is let go.
    func end()
}

/// Hears every record of an end's journal, secrets masked, on the end's thread: it must not wait. The
/// records' places among the edges are not told.
public typealias JournalListener = @Sendable (JournalRecord) -> Void
