/// A protocol end as a state machine without I/O.
///
/// Everything that can influence it enters through `handle` with the time; everything it does
/// leaves through `nextOutput`. `handle` never throws: a peer that misbehaves is an output.
///
///     machine.handle(input, at: now)
///     while let output = machine.nextOutput() { … }
///     wake me no later than machine.deadline
public protocol StateMachine {
    /// Everything that can influence the machine.
    associatedtype Input
    /// Everything the machine can do.
    associatedtype Output

    /// Takes one input. Preconditions: the outputs are drained; `now` never decreases.
    mutating func handle(_ input: Input, at now: Timestamp)

    /// The next thing that the machine does, oldest first; nil when drained.
    mutating func nextOutput() -> Output?

    /// The machine wants an input (a timer firing, if nothing else comes) no later than this.
    var deadline: Timestamp? { get }
}
