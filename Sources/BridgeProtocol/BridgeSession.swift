public import LinkProtocol
import MQTTProtocol
public import Signals

/// What the bridge's firmware does above frames: it starts as the host tells it, keeps the
/// connection to the broker, and works off the host's commands one at a time.
///
///     off -> synchronising -> awaitingInit -> searching -> settling -> connecting -> running
///                                               |  ^  ^________|            |
///                                               v  |                        v
///                                         awaitingAnswer                  stuck
///
/// `stuck` is where UNKNOWN and BROKER_FAIL lead before RUNNING: the bridge waits to be reset. While
/// it runs, an outage does not end the session; see ``Uplink``.
///
/// Frames come in whole and go out whole, with a tag that comes back when the frame has left the
/// wire. So a replay of a capture can stand in for the link. Ref: Documentation/Protocol.md, Sessions.
public struct BridgeSession: StateMachine, Sendable {
    /// Everything that can influence the session.
    public enum Input: Hashable, Sendable {
        /// The firmware starts. One that runs is forgotten first.
        case boot
        /// Reset went low, or the firmware crashed: all is forgotten.
        case powerOff
        /// Frames can flow.
        case synchronised
        /// A frame of the host; characters beyond the length limit were dropped and counted.
        case frame([UInt8], droppedCharacters: Int)
        /// The frame with this tag has left the wire.
        case left(tag: Int)
        /// The frame with this tag was not sent.
        case refused(tag: Int, SendRefusal)
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

    /// Everything the session can do.
    public enum Output: Hashable, Sendable {
        /// Send a frame on the link, and say when it has left or that it was refused.
        case send(frame: [UInt8], tag: Int)
        /// Associate with a network, and say what became of it. A later one supersedes it.
        case associate(BridgeNetwork)
        /// Drop Wi-Fi.
        case dissociate
        /// Open a transport to the broker, and say so or that it was closed.
        case openTransport(BrokerAddress)
        /// Close the transport, after everything sent on it; say nothing more of it.
        case closeTransport
        /// Send these bytes to the broker.
        case transportSend([UInt8])
        /// Read from the transport, or stop reading. A new transport reads.
        case setReading(Bool)
        /// Find out whether there is an internet. Ref: Documentation/Protocol.md, Time.
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

    enum Phase: Sendable {
        /// No firmware runs.
        case off
        /// The link has not found the host.
        case synchronising
        /// `w` or `init` is due.
        case awaitingInit
        /// A network is being looked for.
        case searching(until: Timestamp)
        /// SPECNET was said, and the host's leave is due.
        case awaitingAnswer
        /// The network is there, and shall stay there for a while.
        case settling(until: Timestamp)
        /// BROKER_CHECK was said, and the client connects.
        case connecting
        /// RUNNING was said.
        case running
        /// Nothing but a reset helps.
        case stuck
    }

    /// How it behaves.
    public let configuration: BridgeConfiguration

    var phase: Phase = .off
    var uplink: Uplink = .online
    /// The host's configuration, once it has come.
    var fields: InitialiseFields?
    var will: MQTTWill?
    var network: BridgeNetwork = .remembered
    var client: MQTTClient
    /// What the client still has to be told.
    var clientInputs = WorkList<MQTTClient.Input>()
    var isPumping = false
    var isTransportOpen = false
    /// The host's frames that wait for their turn.
    var commands: FrameQueue
    /// How many of them had come before SPECNET was said.
    var commandsBeforeQuestion = 0
    var work: Work = .idle
    /// The frame that is being worked on.
    var command: [UInt8] = []
    /// The subscriptions by their tags, for events; at most as many as the client holds.
    var subscriptions: [HeldSubscription] = []
    /// Frames on their way to the host.
    var outbox: Outbox
    var isReading = true
    var messageTaskIsDead = false
    var nextTag = 0
    var bootedAt: Timestamp = .zero
    var runningSince: Timestamp = .zero
    var heartbeatAt: Timestamp?
    var heartbeat: Level = .low
    var brokerLamp: Level = .high
    var outputs = WorkList<Output>()
    /// When to wake, in nanoseconds; `Int64.max`: never.
    var wakeAt = Int64.max

    /// A bridge without power.
    public init(configuration: BridgeConfiguration = BridgeConfiguration()) {
        self.configuration = configuration
        client = MQTTClient(configuration: MQTTClientConfiguration(clientIdentifier: []))
        commands = FrameQueue(limits: configuration.commandLimits)
        outbox = Outbox(
            limits: configuration.link.queueLimits, waitingMax: configuration.waitingFramesMax)
    }

    /// Whether the firmware has started.
    public var isPowered: Bool { if case .off = phase { false } else { true } }

    /// Whether RUNNING was said.
    public var isRunning: Bool { if case .running = phase { true } else { false } }

    /// Whether the broker is connected.
    public var isBrokerConnected: Bool { brokerLamp == .low }

    /// The time server of the running `init`; empty before it.
    public var timeServer: [UInt8] { fields?.timeserver ?? [] }

    /// The secrets of the running `init`: what a journal masks. Empty ones and `{}` are none.
    public var secrets: [[UInt8]] {
        guard let fields else { return [] }
        var secrets: [[UInt8]] = []
        if !fields.password.isEmpty { secrets.append(fields.password) }
        if !fields.userPassword.isEmpty { secrets.append(fields.userPassword) }
        if !fields.tlsParameters.isEmpty, fields.tlsParameters != Text.noParameters {
            secrets.append(fields.tlsParameters)
        }
        return secrets
    }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: Timestamp) {
        switch input {
        case .boot: boot(at: now)
        case .powerOff: powerOff()
        default:
            guard isPowered else { return }
            fireDeadlines(at: now)
            take(input, at: now)
            // Whatever ended a command, the next one may be due at once.
            fireWorkDeadline(at: now)
        }
        updateDeadline()
    }

    private mutating func take(_ input: Input, at now: Timestamp) {
        switch input {
        case .boot, .powerOff, .timer: break
        case .synchronised: synchronise()
        case .frame(let frame, let dropped): take(frame, droppedCharacters: dropped, at: now)
        case .left(let tag): frameLeft(tag, at: now)
        case .refused(let tag, let refusal): frameRefused(tag, because: refusal, at: now)
        case .network(let event): take(event, at: now)
        case .transportOpened: if isTransportOpen { tell(.transportOpened, at: now) }
        case .transportClosed:
            guard isTransportOpen else { return }
            isTransportOpen = false
            tell(.transportClosed, at: now)
        case .transportReceived(let bytes): if isTransportOpen { tell(.received(bytes), at: now) }
        case .internet(let isReachable): take(internet: isReachable, at: now)
        case .serverTime(let time): take(serverTime: time, at: now)
        case .memory(let free, let allocated):
            take(memoryFree: free, allocated: allocated, at: now)
        }
    }

    /// The next thing to do, oldest first.
    public mutating func nextOutput() -> Output? { outputs.popFirst() }

    /// When the session wants to be woken at the latest.
    public var deadline: Timestamp? {
        wakeAt == .max ? nil : Timestamp(nanoseconds: wakeAt)
    }
}

extension BridgeSession {
    mutating func imitate(_ rule: ReferenceRule) { outputs.append(.imitated(rule)) }

    mutating func imitate(_ rules: ReferenceRules) {
        for rule in ReferenceRule.allCases where rules.contains(rule) { imitate(rule) }
    }

    mutating func note(_ event: BridgeEvent) { outputs.append(.event(event)) }

    func imitates(_ rule: ReferenceRule) -> Bool { configuration.rules.contains(rule) }
}
