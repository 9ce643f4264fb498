public import LinkProtocol
import Signals

// The law of this file: every property of a host's configuration has its line here, twice: once
// written, once read. Secrets are written as masks of their length.

extension HostConfiguration {
    /// The configuration as lines `name=value`; secrets are masked with equal length.
    ///
    /// A capture of a host holds it. Ref: Documentation/Journal.md.
    public var text: [UInt8] {
        var writer = ConfigurationWriter()
        let fields = initialisation
        writer.add("ssid", bytes: fields.ssid)
        writer.add("password", bytes: masked(fields.password))
        writer.add("broker", bytes: fields.broker)
        writer.add("mqtt-user", bytes: fields.user)
        writer.add("mqtt-password", bytes: masked(fields.userPassword))
        let hasTLSParameters = fields.tlsParameters != Array("{}".utf8)
        writer.add(
            "ssl-params",
            bytes: hasTLSParameters ? masked(fields.tlsParameters) : fields.tlsParameters)
        writer.add("use-default-net", flag: fields.usesDefaultNetwork)
        writer.add("port", number: Int64(fields.port))
        writer.add("ssl", flag: fields.usesTLS)
        writer.add("fast", flag: fields.isFast)
        writer.add("keepalive-s", number: Int64(fields.keepaliveSeconds))
        writer.add("debug", flag: fields.isDebugging)
        writer.add("clean-session", flag: fields.cleanSession)
        writer.add("max-repubs", number: Int64(fields.republicationsMax))
        writer.add("response-time-s", number: Int64(fields.responseTimeSeconds))
        writer.add("ping-interval-s", number: Int64(fields.pingIntervalSeconds))
        writer.add("timeserver", bytes: fields.timeserver)
        writer.add("reads-escapes", flag: fields.readsEscapes)
        writer.add("resumes", flag: resumes)
        if let will {
            writer.add("will-topic", bytes: will.topic)
            writer.add("will-message", bytes: will.message)
            writer.add("will-retain", flag: will.retain.isSet)
            writer.add("will-qos", number: Int64(will.qos.rawValue))
        }
        writer.add(
            "status-handler", words: [statusHandler == .standard ? "standard" : "application"])
        writer.add("refusal-delay", time: refusalDelay)
        writer.add("start-step-timeout", time: startStepTimeout)
        writer.add("answer-margin", time: answerMargin)
        writer.add("time-answer-timeout", time: timeAnswerTimeout)
        writer.add("publications-max", number: Int64(publicationsMax))
        writer.add("subscriptions-max", number: Int64(subscriptionsMax))
        writer.add("calls-max", number: Int64(callsMax))
        writer.add("frame-length-max", number: Int64(frameLengthMax))
        writer.add("rules", rules: rules)
        writer.add("frame-poll", time: pacing.framePoll)
        writer.add("frame-delay", time: pacing.frameDelay)
        writer.add("greeting-delay", time: pacing.greetingDelay)
        writer.add("trials", number: Int64(trials.rawValue))
        writer.add(link: link)
        return writer.text
    }

    private func masked(_ secret: [UInt8]) -> [UInt8] {
        [UInt8](repeating: Secrets.maskCharacter, count: secret.count)
    }

    /// The configuration that lines say; what has no line is as the defaults are.
    public init(text: [UInt8]) throws(ConfigurationFault) {
        var reader = try ConfigurationReader(text)
        self.init(
            ssid: try reader.bytes("ssid") ?? [], password: try reader.bytes("password") ?? [],
            broker: try reader.bytes("broker") ?? [])
        try readInitialisation(&reader)
        if let topic = try reader.bytes("will-topic") {
            will = Publication(topic: topic, message: [], retain: .empty, qos: .atMostOnce)
        }
        if let message = try reader.bytes("will-message") { will?.message = message }
        if let isSet = try reader.flag("will-retain") { will?.retain = Retain(isSet) }
        if let qos = try reader.number("will-qos", in: 0...1) {
            will?.qos = qos == 1 ? .atLeastOnce : .atMostOnce
        }
        if let word = try reader.word("status-handler", among: ["standard", "application"]) {
            statusHandler = word == 0 ? .standard : .application
        }
        refusalDelay = try reader.time("refusal-delay") ?? refusalDelay
        startStepTimeout = try reader.time("start-step-timeout") ?? startStepTimeout
        answerMargin = try reader.time("answer-margin") ?? answerMargin
        timeAnswerTimeout = try reader.time("time-answer-timeout") ?? timeAnswerTimeout
        publicationsMax = try reader.count("publications-max") ?? publicationsMax
        subscriptionsMax = try reader.count("subscriptions-max") ?? subscriptionsMax
        callsMax = try reader.count("calls-max") ?? callsMax
        frameLengthMax = try reader.count("frame-length-max") ?? frameLengthMax
        rules = try reader.rules("rules") ?? rules
        pacing.framePoll = try reader.time("frame-poll") ?? pacing.framePoll
        pacing.frameDelay = try reader.time("frame-delay") ?? pacing.frameDelay
        pacing.greetingDelay = try reader.time("greeting-delay") ?? pacing.greetingDelay
        if let bits = try reader.number("trials", in: 0...255) {
            trials = HostTrials(rawValue: UInt8(truncatingIfNeeded: bits))
        }
        link = try reader.link(defaults: link)
        try reader.finish()
    }

    private mutating func readInitialisation(
        _ reader: inout ConfigurationReader
    ) throws(ConfigurationFault) {
        var fields = initialisation
        fields.user = try reader.bytes("mqtt-user") ?? fields.user
        fields.userPassword = try reader.bytes("mqtt-password") ?? fields.userPassword
        fields.tlsParameters = try reader.bytes("ssl-params") ?? fields.tlsParameters
        fields.usesDefaultNetwork = try reader.flag("use-default-net") ?? fields.usesDefaultNetwork
        if let port = try reader.number("port", in: 0...65_535) {
            fields.port = UInt16(truncatingIfNeeded: port)
        }
        fields.usesTLS = try reader.flag("ssl") ?? fields.usesTLS
        fields.isFast = try reader.flag("fast") ?? fields.isFast
        if let keepalive = try reader.number("keepalive-s", in: 0...65_535) {
            fields.keepaliveSeconds = UInt16(truncatingIfNeeded: keepalive)
        }
        fields.isDebugging = try reader.flag("debug") ?? fields.isDebugging
        fields.cleanSession = try reader.flag("clean-session") ?? fields.cleanSession
        fields.republicationsMax = try reader.word32("max-repubs") ?? fields.republicationsMax
        fields.responseTimeSeconds =
            try reader.word32("response-time-s") ?? fields.responseTimeSeconds
        fields.pingIntervalSeconds =
            try reader.word32("ping-interval-s") ?? fields.pingIntervalSeconds
        fields.timeserver = try reader.bytes("timeserver") ?? fields.timeserver
        fields.readsEscapes = try reader.flag("reads-escapes") ?? fields.readsEscapes
        resumes = try reader.flag("resumes") ?? resumes
        initialisation = fields
    }
}

extension ConfigurationReader {
    fileprivate mutating func count(_ name: StaticString) throws(ConfigurationFault) -> Int? {
        try number(name, in: ConfigurationText.countRange).map { Int($0) }
    }

    fileprivate mutating func word32(_ name: StaticString) throws(ConfigurationFault) -> UInt32? {
        try number(name, in: 0...Int64(UInt32.max)).map { UInt32(truncatingIfNeeded: $0) }
    }
}
