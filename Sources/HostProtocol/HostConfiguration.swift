public import LinkProtocol
public import Signals

// The law of this file: everything that a host can be told before it starts is here.

/// How a host behaves.
///
/// The defaults are the reference's. Ref: Documentation/Protocol.md, Messages and Sessions.
public struct HostConfiguration: Hashable, Sendable {
    /// What the bridge is told: network, broker, MQTT. Its extensions are the machine's own.
    public var initialisation: InitialiseFields

    /// What the broker shall publish when the bridge is lost; nil for nothing.
    public var will: Publication?

    /// How the link behaves; its queue must hold everything that a host says at once.
    public var link: LinkConfiguration

    /// Who answers a status that has to be answered.
    public var statusHandler: StatusHandler

    /// How long the standard handler waits before it refuses a second network.
    public var refusalDelay: Nanoseconds

    /// The longest wait for the bridge's next word during a start. A bridge searches 16 s for a
    /// network and lets it settle for 5 s, so this is longer than both.
    public var startStepTimeout: Nanoseconds

    /// What an answer may take beyond the time that the bridge is known to need.
    public var answerMargin: Nanoseconds

    /// How long a bridge may take to find the time out.
    public var timeAnswerTimeout: Nanoseconds

    /// The most publications that wait behind each other, the one in flight included.
    public var publicationsMax: Int

    /// The most subscriptions.
    public var subscriptionsMax: Int

    /// The most other calls that wait at once.
    public var callsMax: Int

    /// The most characters of a frame that a call may cause.
    public var frameLengthMax: Int

    /// Whether, from the second start on, the bridge is asked to take up the broker's session.
    public var resumes: Bool

    /// Which faults of the reference are imitated.
    public var rules: ReferenceRules

    /// The delays of the reference's polling loops; none by default.
    public var pacing: HostPacing

    /// What a test changes on purpose; nothing by default.
    public var trials: HostTrials

    /// A host with the reference's defaults.
    public init(ssid: [UInt8], password: [UInt8], broker: [UInt8]) {
        initialisation = InitialiseFields(ssid: ssid, password: password, broker: broker)
        initialisation.readsEscapes = true
        will = nil
        link = LinkConfiguration()
        link.queueLimits = FrameQueue.Limits(frameCountMax: 256, characterCountMax: 1 << 20)
        statusHandler = .standard
        refusalDelay = .seconds(30)
        startStepTimeout = .seconds(60)
        answerMargin = .seconds(30)
        timeAnswerTimeout = .seconds(60)
        publicationsMax = 64
        subscriptionsMax = 64
        callsMax = 32
        frameLengthMax = 16_384
        resumes = true
        rules = []
        pacing = HostPacing()
        trials = []
    }
}

/// Who answers a status that has to be answered: SPECNET, and the fatal ones before a reset.
public enum StatusHandler: UInt8, Hashable, Sendable, CaseIterable {
    /// The machine itself, as the reference's handler is documented to do: the first SPECNET of a
    /// session is answered at once, a second one after ``HostConfiguration/refusalDelay`` with a
    /// reset; nothing else waits.
    case standard = 0
    /// The application, through `statusAnswer`, however long it takes.
    case application = 1
}

/// The delays of the reference's host. Zero for none.
public struct HostPacing: Hashable, Sendable {
    /// A running host looks for received frames this often.
    public var framePoll: Nanoseconds = .zero
    /// What it then still needs on the way to the application.
    public var frameDelay: Nanoseconds = .zero

    /// From the link's synchronisation to the first word.
    public var greetingDelay: Nanoseconds = .zero

    /// No delays.
    public init() {}

    /// The reference's.
    public static var reference: HostPacing {
        var pacing = HostPacing()
        pacing.greetingDelay = .milliseconds(100)
        pacing.framePoll = .milliseconds(21)
        pacing.frameDelay = .milliseconds(10)
        return pacing
    }
}

/// Changes of a host on purpose, so that a test can show that they are found.
///
/// The raw value stands in captures: never renumber.
public struct HostTrials: OptionSet, Hashable, Sendable {
    /// One bit a change.
    public var rawValue: UInt8

    /// Changes from a bit mask.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A retain flag of "no" is written as `False`.
    public static var retainAsWord: HostTrials { HostTrials(rawValue: 1) }
    /// The host asks for the memory as soon as the bridge runs.
    public static var extraMemoryRequest: HostTrials { HostTrials(rawValue: 2) }
    /// `init` is sent first, and the will behind it.
    public static var initialiseBeforeWill: HostTrials { HostTrials(rawValue: 4) }
    /// Subscriptions are not renewed after a restart of the bridge.
    public static var forgetsSubscriptions: HostTrials { HostTrials(rawValue: 8) }
}
