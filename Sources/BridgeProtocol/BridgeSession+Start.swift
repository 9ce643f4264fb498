import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: everything from `init` to RUNNING.
// Ref: Documentation/Protocol.md, Sessions.

extension BridgeSession {
    /// Takes a frame where only a will or `init` may come.
    mutating func startCommand(_ frame: [UInt8], at now: Timestamp) {
        let reading = HostFrameReading(frame, rules: configuration.rules)
        switch reading.outcome {
        case .message(.will(let publication)):
            imitate(reading.imitated)
            guard TopicFilter.isValidTopic(publication.topic) else {
                note(.commandUnsendable)
                return getStuck(Text.notATopic, frame, at: now)
            }
            will = MQTTWill(
                topic: publication.topic, message: publication.message,
                isRetained: publication.retain.isSet,
                qos: publication.qos == .atLeastOnce ? .atLeastOnce : .atMostOnce)
            say(.status(.willOK), at: now)
        case .message(.initialise(let initialisation)):
            imitate(reading.imitated)
            initialise(initialisation, frame, at: now)
        case .malformed(let fault) where fault.command == .will || fault.command == .initialise:
            note(.malformedFrame(fault))
            if imitates(.taskDiesAlone) {
                imitate(.taskDiesAlone)
                phase = .stuck
            } else {
                getStuck(Text.malformed(fault), frame, at: now)
            }
        case .message, .malformed: getStuck(Text.expectedInit, frame, at: now)
        }
    }

    /// The host gave a configuration that can be read; what is in it may still be nonsense.
    private mutating func initialise(
        _ initialisation: InitialiseFields, _ frame: [UInt8], at now: Timestamp
    ) {
        var fields = initialisation
        if let reason = Text.refusal(ofParameters: fields.tlsParameters) {
            guard imitates(.tlsParametersEvaluated) else {
                note(.tlsParametersRefused)
                return getStuck(reason, frame, at: now)
            }
            // Whatever the reference would run, nothing of it can be used here.
            imitate(.tlsParametersEvaluated)
            fields.tlsParameters = Text.noParameters
        }
        self.fields = fields
        client = MQTTClient(configuration: clientConfiguration(fields))
        if fields.usesDefaultNetwork {
            say(.status(.defaultNetwork), at: now)
            associate(with: .remembered, at: now)
        } else {
            askForNetwork(at: now)
        }
    }

    private mutating func clientConfiguration(_ fields: InitialiseFields) -> MQTTClientConfiguration
    {
        var client = MQTTClientConfiguration(
            clientIdentifier: Text.hexadecimal(configuration.chipIdentifier))
        client.user = fields.user
        client.password = fields.userPassword
        client.keepAliveSeconds = fields.keepaliveSeconds
        client.pingIntervalSeconds = fields.pingIntervalSeconds
        client.will = will
        client.cleanSession = fields.cleanSession
        client.resumes = fields.resumes && configuration.protections.resumes
        if client.resumes, imitates(.rebootErasesQueue) {
            imitate(.rebootErasesQueue)
            client.resumes = false
        }
        client.responseTime = .seconds(Int64(fields.responseTimeSeconds))
        client.republicationsMax = Int(clamping: fields.republicationsMax)
        client.connectTimeout = configuration.waits.brokerAnswer
        client.cleanPause = configuration.waits.cleanPause
        client.packetLengthMax = configuration.packetLengthMax
        client.subscriptionsMax = configuration.subscriptionsMax
        client.pacing.acknowledgementPoll = configuration.pacing.acknowledgementPoll
        client.pacing.writeDelay = configuration.pacing.socketWrite
        client.renewsSubscriptions = configuration.protections.renewsSubscriptions
        return client
    }

    private mutating func associate(with network: BridgeNetwork, at now: Timestamp) {
        self.network = network
        phase = .searching(until: now + configuration.waits.networkSearch)
        outputs.append(.associate(network))
    }

    /// The default network is not wanted or not there, or the host's was not found: the host
    /// decides.
    private mutating func askForNetwork(at now: Timestamp) {
        phase = .awaitingAnswer
        commandsBeforeQuestion = commands.count
        say(.status(.specifiedNetwork), at: now)
        // The reference takes what is in its queue already.
        if imitates(.networkAnswerAny), !commands.isEmpty { wait(at: now) }
    }

    /// Takes a frame while the answer to SPECNET is due.
    mutating func networkAnswer(_ frame: [UInt8], at now: Timestamp) {
        if HostMessage.parse(frame, awaitsNetworkAnswer: true) != .message(.networkAnswer(frame)) {
            imitate(.networkAnswerAny)
        }
        guard let fields else { return }
        associate(
            with: .specified(ssid: fields.ssid, password: fields.password), at: now)
    }

    /// Whether a frame is leave to use the host's network.
    func isNetworkAnswer(_ frame: [UInt8]) -> Bool {
        imitates(.networkAnswerAny)
            || HostMessage.parse(frame, awaitsNetworkAnswer: true)
                == .message(.networkAnswer(frame))
    }

    mutating func takeStartNetwork(_ event: NetworkEvent, at now: Timestamp) {
        switch (phase, event) {
        case (.searching, .associated):
            phase = .settling(until: now + configuration.waits.networkSettling)
            fireStartDeadline(at: now)
        case (.searching, .failed), (.searching, .lost), (.settling, .failed), (.settling, .lost):
            askForNetwork(at: now)
        case (.connecting, .failed), (.connecting, .lost): dropTransport(at: now)
        default: break
        }
    }

    mutating func fireStartDeadline(at now: Timestamp) {
        switch phase {
        case .searching(let until):
            if now >= until { askForNetwork(at: now) }
        case .settling(let until):
            guard now >= until else { return }
            phase = .connecting
            say(.status(.brokerCheck), at: now)
            tell(.connect, at: now)
        case .off, .synchronising, .awaitingInit, .awaitingAnswer, .connecting, .running, .stuck:
            break
        }
    }

    /// The first connection stands.
    mutating func beginRunning(at now: Timestamp) {
        phase = .running
        uplink = .online
        runningSince = now
        say(.status(.brokerOK), after: configuration.pacing.connectOverhead, at: now)
        say(.status(.running), at: now)
        say(.status(.wifiUp), at: now)
        if !commands.isEmpty { wait(at: now) }
    }

    /// The broker cannot be had: the host has to decide.
    mutating func failToConnect(at now: Timestamp) {
        phase = .stuck
        say(.status(.brokerFail), at: now)
    }

    private mutating func getStuck(_ text: [UInt8], _ frame: [UInt8], at now: Timestamp) {
        phase = .stuck
        sayUnknown(text, frame, at: now)
    }
}
