import HostProtocol
public import LinkProtocol
public import Signals

/// What the host's application, and other clients of the broker, do in a world.
public struct ApplicationPlan: Hashable, Sendable {
    /// Subscriptions, called for before the host starts or as soon as the bridge runs.
    public var subscriptions: [Subscription]
    /// Whether they are called for before the link is ready.
    public var subscribesEarly: Bool
    /// From the return of a publication to the next, in the mean; nil for no publications.
    public var publicationPause: Nanoseconds?
    /// The characters in a publication.
    public var publicationLength: ClosedRange<Int>
    /// How many of sixteen publications have qos 1.
    public var sixteenthsOfQoS1: Int
    /// Once in so many times, several publications are called for at once; 0 for never.
    public var burstOnceIn: Int
    /// Between two messages from other clients, in the mean; nil for none.
    public var outsidePause: Nanoseconds?
    /// The most messages that another client sends at once.
    public var outsideBurstMax: Int
    /// Between two questions for the memory or the time, in the mean; nil for none.
    public var questionPause: Nanoseconds?
    /// What is done step by step; publications, messages from outside and questions that chance
    /// decides are left out then.
    public var script: ApplicationScript?
    /// When the last of it is begun.
    public var end: Timestamp

    /// A topic filter and its quality of service.
    public struct Subscription: Hashable, Sendable {
        /// The filter.
        public var filter: [UInt8]
        /// How sure its messages are to come.
        public var qos: QualityOfService

        /// A subscription.
        public init(filter: [UInt8], qos: QualityOfService) {
            self.filter = filter
            self.qos = qos
        }
    }

    /// Some publications and messages a second or two apart, up to a moment.
    public init(until end: Timestamp) {
        subscriptions = [Subscription(filter: Array("cmd/#".utf8), qos: .atLeastOnce)]
        subscribesEarly = false
        publicationPause = .milliseconds(900)
        publicationLength = 1...60
        sixteenthsOfQoS1 = 10
        burstOnceIn = 8
        outsidePause = .milliseconds(1_700)
        outsideBurstMax = 2
        questionPause = .seconds(20)
        self.end = end
    }

    /// One of the plans with a name, up to a moment.
    public init(_ traffic: Traffic, until end: Timestamp) {
        self.init(until: end)
        switch traffic {
        case .mixed: break
        case .light:
            publicationPause = .milliseconds(1_200)
            publicationLength = 1...20
            burstOnceIn = 0
            outsidePause = .seconds(3)
            outsideBurstMax = 1
            questionPause = nil
        case .boot: script = .bootCapture
        case .questions: script = .questions(8)
        case .short: script = .shortPublications(20)
        }
        // A host that matches topics literally never hears of `cmd/#`.
        if script != nil { subscriptions[0].filter = Array("cmd/in".utf8) }
    }
}

/// Plans with a name.
public enum Traffic: String, Hashable, Sendable, CaseIterable {
    /// Publications, bursts of them, messages from outside and questions, a second or two apart.
    case mixed
    /// One publication or message at a time, some seconds apart.
    case light
    /// What is done in the capture a_boot.
    case boot
    /// Questions for memory and time.
    case questions
    /// Short publications with qos 0.
    case short
}

/// The next thing that an application or another client does.
enum ApplicationAction: Sendable {
    case subscribe
    case publish
    case outsideMessages
    case ask
    case step
    case probe
}
