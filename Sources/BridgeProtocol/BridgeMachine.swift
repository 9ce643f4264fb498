public import LinkProtocol
public import Signals

/// The whole bridge: its link and what is above it, as one machine without I/O.
///
/// Levels come in at every change of the host's wires, and levels to drive go out, with everything
/// else that the session does. An owner feeds nothing of a transport that was closed.
/// Ref: Documentation/Journal.md.
public struct BridgeMachine: StateMachine, Sendable {
    /// Everything that can influence the machine.
    public enum Input: Hashable, Sendable {
        /// Reset was released and the firmware starts. One that runs is forgotten first.
        case boot
        /// Reset went low, or the firmware crashed: all is forgotten and both wires go low. Until
        /// `boot` nothing but levels is taken.
        case powerOff
        /// The levels of the host's wires, read clock first; remembered without power too.
        case levels(clock: Level, data: Level)
        /// What became of Wi-Fi.
        case network(NetworkEvent)
        /// The transport to the broker is open.
        case transportOpened
        /// The transport was closed by the other end or the network, or cannot be opened.
        case transportClosed
        /// Bytes of the broker, in whatever pieces.
        case transportReceived([UInt8])
        /// Whether there is an internet.
        case internet(isReachable: Bool)
        /// The time since 2000-01-01 00:00 UTC, exact at this moment; nil: it cannot be had.
        case serverTime(Nanoseconds?)
        /// The memory, in bytes.
        case memory(free: Int64, allocated: Int64)
        /// Time has passed.
        case timer
    }

    /// Everything the machine can do. What they mean is told at ``BridgeSession/Output``.
    public enum Output: Hashable, Sendable {
        /// Drive a wire to a level that it does not have yet.
        case drive(Channel, Level)
        /// Associate with a network; holds a **secret**.
        case associate(BridgeNetwork)
        /// Drop Wi-Fi.
        case dissociate
        /// Open a transport to the broker; holds a **secret**.
        case openTransport(BrokerAddress)
        /// Close the transport, after everything sent on it; say nothing more of it.
        case closeTransport
        /// Send these bytes to the broker; the first hold a **secret**.
        case transportSend([UInt8])
        /// Read from the transport, or stop reading. A new transport reads.
        case setReading(Bool)
        /// Find out whether there is an internet.
        case queryInternet
        /// Ask a time server.
        case queryTime(server: [UInt8])
        /// Find out how much memory there is.
        case queryMemory
        /// Set a lamp.
        case lamp(BridgeLamp, Level)
        /// A fault of the reference was imitated.
        case imitated(ReferenceRule)
        /// Something worth telling.
        case event(BridgeEvent)
    }

    private var link: LinkMachine
    private var session: BridgeSession
    private var outputs = OutputQueue<Output>()
    /// What the link said to a frame; at most one for each that the session sent.
    private var refusals = WorkList<LinkMachine.Output>()
    /// The time of the last levels, for what they turn out to have caused.
    private var levelsAt: Timestamp = .zero

    /// How often the firmware has started.
    public private(set) var bootCount = 0

    /// A bridge without power.
    public init(configuration: BridgeConfiguration = BridgeConfiguration()) {
        link = LinkMachine(end: .bridge, configuration: configuration.link)
        session = BridgeSession(configuration: configuration)
    }

    /// How it behaves.
    public var configuration: BridgeConfiguration { session.configuration }
    /// Whether the firmware has started.
    public var isPowered: Bool { session.isPowered }
    /// Whether frames can flow.
    public var isSynchronised: Bool { link.isSynchronised }
    /// The number of own bits driven since the boot.
    public var bitCount: Int { link.bitCount }
    /// The characters of the frame whose bits are being driven; empty between frames.
    public var frameInProgress: [UInt8] { link.frameInProgress }
    /// Whether RUNNING was said.
    public var isRunning: Bool { session.isRunning }
    /// Whether the broker is connected.
    public var isBrokerConnected: Bool { session.isBrokerConnected }
    /// The time server of the running `init`; empty before it.
    public var timeServer: [UInt8] { session.timeServer }
    /// The secrets of the running `init`: what a journal masks.
    public var secrets: [[UInt8]] { session.secrets }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .levels(let clock, let data): handle(clock: clock, data: data, at: now)
        case .boot:
            bootCount &+= 1
            drive(.boot, at: now)
            command(.start, at: now)
            refusals.removeAll()
        case .powerOff:
            drive(.powerOff, at: now)
            command(.stop, at: now)
            refusals.removeAll()
        case .network(let event): drive(.network(event), at: now)
        case .transportOpened: drive(.transportOpened, at: now)
        case .transportClosed: drive(.transportClosed, at: now)
        case .transportReceived(let bytes): drive(.transportReceived(bytes), at: now)
        case .internet(let isReachable): drive(.internet(isReachable: isReachable), at: now)
        case .serverTime(let time): drive(.serverTime(time), at: now)
        case .memory(let free, let allocated):
            drive(.memory(free: free, allocated: allocated), at: now)
        case .timer: drive(.timer, at: now)
        }
    }

    /// Takes the levels of the host's wires, read clock first. It fires no timer: a journal has no levels.
    public mutating func handle(clock: Level, data: Level, at now: Timestamp) {
        levelsAt = now
        link.handle(clock: clock, data: data, at: now)
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? {
        if let output = outputs.popFirst(drive: Output.drive) { return output }
        // Most levels cause nothing but the next ones, which go straight through.
        guard let told = link.nextOutput() else { return nil }
        if case .drive(let channel, let level) = told { return .drive(channel, level) }
        takeTold(told)
        return outputs.popFirst(drive: Output.drive)
    }

    /// The next thing to do if that is to drive a wire; nil if it is anything else, or nothing.
    public mutating func nextDrive() -> Drive? {
        outputs.isEmpty ? link.nextDrive() : outputs.popDrive()
    }

    /// When the machine wants to be woken at the latest. The link of a bridge waits for nothing but
    /// levels.
    public var deadline: Timestamp? { session.deadline }

    /// The link has told something: all of its outputs are taken before any of them has an effect,
    /// since that may be another input to the link.
    private mutating func takeTold(_ first: LinkMachine.Output) {
        var told = [first]
        while let next = link.nextOutput() { told.append(next) }
        for output in told { take(output, at: levelsAt) }
    }

    private mutating func take(_ output: LinkMachine.Output, at now: Timestamp) {
        switch output {
        case .drive(let channel, let level): outputs.append(Drive(channel, level))
        case .synchronised: drive(.synchronised, at: now)
        case .received(let frame, let dropped):
            drive(.frame(frame, droppedCharacters: dropped), at: now)
        case .sent(let tag): drive(.left(tag: tag), at: now)
        case .refused(let tag, let refusal): drive(.refused(tag: tag, refusal), at: now)
        case .failed: break
        }
    }

    /// Gives the session an input, and passes on what it wants.
    private mutating func drive(_ input: BridgeSession.Input, at now: Timestamp) {
        session.handle(input, at: now)
        while let output = session.nextOutput() {
            switch output {
            case .send(let frame, let tag): command(.send(frame: frame, tag: tag), at: now)
            case .associate(let network): outputs.append(.associate(network))
            case .dissociate: outputs.append(.dissociate)
            case .openTransport(let address): outputs.append(.openTransport(address))
            case .closeTransport: outputs.append(.closeTransport)
            case .transportSend(let bytes): outputs.append(.transportSend(bytes))
            case .setReading(let isReading): outputs.append(.setReading(isReading))
            case .queryInternet: outputs.append(.queryInternet)
            case .queryTime(let server): outputs.append(.queryTime(server: server))
            case .queryMemory: outputs.append(.queryMemory)
            case .lamp(let lamp, let level): outputs.append(.lamp(lamp, level))
            case .imitated(let rule): outputs.append(.imitated(rule))
            case .event(let event): outputs.append(.event(event))
            }
        }
        while let refusal = refusals.popFirst() { take(refusal, at: now) }
    }

    /// Gives the link an input. What it refuses waits until the session has said all that it wants.
    private mutating func command(_ input: LinkMachine.Input, at now: Timestamp) {
        link.handle(input, at: now)
        while true {
            while let drive = link.nextDrive() { outputs.append(drive) }
            guard let output = link.nextOutput() else { return }
            refusals.append(output)
        }
    }
}
