public import LinkProtocol
import Signals

// The law of this file: every property of a bridge's configuration has its line here, twice: once
// written, once read.

extension BridgeConfiguration {
    /// The configuration as text: one line `name=value` a property, spans of time in nanoseconds.
    ///
    /// It holds no secret; those come with `init`.
    public var text: [UInt8] {
        var writer = ConfigurationWriter()
        writer.add("chip-identifier", bytes: chipIdentifier)
        writer.add("rules", rules: rules)
        writer.add(link: link)
        writer.add("link-messages-max", number: Int64(linkQueueFramesMax))
        writer.add("link-message-characters-max", number: Int64(linkQueueCharactersMax))
        writer.add("waiting-frames-max", number: Int64(waitingFramesMax))
        writer.add("commands-max", number: Int64(commandLimits.frameCountMax))
        writer.add("command-characters-max", number: Int64(commandLimits.characterCountMax))
        writer.add("packet-length-max", number: Int64(packetLengthMax))
        writer.add("subscriptions-max", number: Int64(subscriptionsMax))
        waits.write(to: &writer)
        pacing.write(to: &writer)
        protections.write(to: &writer)
        return writer.text
    }

    /// Reads such a text; what has no line is as in the standard configuration.
    public init(text: [UInt8]) throws(ConfigurationFault) {
        self.init()
        var reader = try ConfigurationReader(text)
        chipIdentifier = try reader.bytes("chip-identifier") ?? chipIdentifier
        rules = try reader.rules("rules") ?? rules
        link = try reader.link(defaults: link)
        linkQueueFramesMax = try reader.count("link-messages-max") ?? linkQueueFramesMax
        linkQueueCharactersMax =
            try reader.count("link-message-characters-max") ?? linkQueueCharactersMax
        waitingFramesMax = try reader.count("waiting-frames-max") ?? waitingFramesMax
        commandLimits = FrameQueue.Limits(
            frameCountMax: try reader.count("commands-max") ?? commandLimits.frameCountMax,
            characterCountMax: try reader.count("command-characters-max")
                ?? commandLimits.characterCountMax)
        packetLengthMax = try reader.count("packet-length-max") ?? packetLengthMax
        subscriptionsMax = try reader.count("subscriptions-max") ?? subscriptionsMax
        try waits.read(from: &reader)
        try pacing.read(from: &reader)
        try protections.read(from: &reader)
        try reader.finish()
    }
}

extension ConfigurationReader {
    fileprivate mutating func count(_ name: StaticString) throws(ConfigurationFault) -> Int? {
        guard let count = try number(name, in: ConfigurationText.countRange) else { return nil }
        return Int(count)
    }
}

extension BridgeWaits {
    fileprivate func write(to writer: inout ConfigurationWriter) {
        writer.add("wait-network-search", time: networkSearch)
        writer.add("wait-network-settling", time: networkSettling)
        writer.add("wait-after-wifi-status", time: afterWiFiStatus)
        writer.add("wait-reconnect-pause", time: reconnectPause)
        writer.add("wait-stability", time: stability)
        writer.add("wait-clean-pause", time: cleanPause)
        writer.add("wait-broker-answer", time: brokerAnswer)
        writer.add("wait-internet-check", time: internetCheck)
        writer.add("wait-time-answer", time: timeAnswer)
        writer.add("wait-memory-answer", time: memoryAnswer)
        writer.add("wait-heartbeat", time: heartbeat)
    }

    fileprivate mutating func read(
        from reader: inout ConfigurationReader
    ) throws(ConfigurationFault) {
        networkSearch = try reader.time("wait-network-search") ?? networkSearch
        networkSettling = try reader.time("wait-network-settling") ?? networkSettling
        afterWiFiStatus = try reader.time("wait-after-wifi-status") ?? afterWiFiStatus
        reconnectPause = try reader.time("wait-reconnect-pause") ?? reconnectPause
        stability = try reader.time("wait-stability") ?? stability
        cleanPause = try reader.time("wait-clean-pause") ?? cleanPause
        brokerAnswer = try reader.time("wait-broker-answer") ?? brokerAnswer
        internetCheck = try reader.time("wait-internet-check") ?? internetCheck
        timeAnswer = try reader.time("wait-time-answer") ?? timeAnswer
        memoryAnswer = try reader.time("wait-memory-answer") ?? memoryAnswer
        heartbeat = try reader.time("wait-heartbeat") ?? heartbeat
    }
}

extension BridgePacing {
    fileprivate func write(to writer: inout ConfigurationWriter) {
        writer.add("pacing-start-poll", time: startPoll)
        writer.add("pacing-queue-poll", time: queuePoll)
        writer.add("pacing-command-overhead", time: commandOverhead)
        writer.add("pacing-answer-overhead", time: answerOverhead)
        writer.add("pacing-message-overhead", time: messageOverhead)
        writer.add("pacing-connect-overhead", time: connectOverhead)
        writer.add("pacing-socket-write", time: socketWrite)
        writer.add("pacing-acknowledgement-poll", time: acknowledgementPoll)
        writer.add("pacing-internet-check", time: internetCheck)
        writer.add("pacing-time-answer", time: timeAnswer)
    }

    fileprivate mutating func read(
        from reader: inout ConfigurationReader
    ) throws(ConfigurationFault) {
        startPoll = try reader.time("pacing-start-poll") ?? startPoll
        queuePoll = try reader.time("pacing-queue-poll") ?? queuePoll
        commandOverhead = try reader.time("pacing-command-overhead") ?? commandOverhead
        answerOverhead = try reader.time("pacing-answer-overhead") ?? answerOverhead
        messageOverhead = try reader.time("pacing-message-overhead") ?? messageOverhead
        connectOverhead = try reader.time("pacing-connect-overhead") ?? connectOverhead
        socketWrite = try reader.time("pacing-socket-write") ?? socketWrite
        acknowledgementPoll =
            try reader.time("pacing-acknowledgement-poll") ?? acknowledgementPoll
        internetCheck = try reader.time("pacing-internet-check") ?? internetCheck
        timeAnswer = try reader.time("pacing-time-answer") ?? timeAnswer
    }
}

extension BridgeProtections {
    fileprivate func write(to writer: inout ConfigurationWriter) {
        writer.add("protect-acknowledge-after-frame", flag: acknowledgesAfterFrame)
        writer.add("protect-flow-control", flag: flowControl)
        writer.add("protect-renew-subscriptions", flag: renewsSubscriptions)
        writer.add("protect-resume", flag: resumes)
    }

    fileprivate mutating func read(
        from reader: inout ConfigurationReader
    ) throws(ConfigurationFault) {
        acknowledgesAfterFrame =
            try reader.flag("protect-acknowledge-after-frame") ?? acknowledgesAfterFrame
        flowControl = try reader.flag("protect-flow-control") ?? flowControl
        renewsSubscriptions =
            try reader.flag("protect-renew-subscriptions") ?? renewsSubscriptions
        resumes = try reader.flag("protect-resume") ?? resumes
    }
}
