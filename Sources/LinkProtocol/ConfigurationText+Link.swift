import Signals

// The law of this file: every property of a link's configuration has its line here, twice: once
// written, once read.

extension ConfigurationWriter {
    /// Adds the lines of a link's configuration; their names begin with `link-`.
    public mutating func add(link: LinkConfiguration) {
        add("link-character-bits", number: Int64(link.characterSize.rawValue))
        add("link-watchdog-timeout", time: link.watchdogTimeout)
        add("link-reset-pulse", time: link.resetPulse)
        add("link-settling", time: link.settling)
        add("link-settling-max", time: link.settlingMax)
        add("link-idle-pause", time: link.idlePause)
        add("link-queue-frames-max", number: Int64(link.queueLimits.frameCountMax))
        add("link-queue-characters-max", number: Int64(link.queueLimits.characterCountMax))
        add("link-frame-length-max", number: Int64(link.frameLengthMax))
    }
}

extension ConfigurationReader {
    /// The link's configuration; what has no line is as in `defaults`.
    public mutating func link(
        defaults: LinkConfiguration = LinkConfiguration()
    ) throws(ConfigurationFault) -> LinkConfiguration {
        var link = defaults
        if let bits = try number("link-character-bits", in: 7...8) {
            link.characterSize = bits == 7 ? .seven : .eight
        }
        link.watchdogTimeout = try time("link-watchdog-timeout") ?? link.watchdogTimeout
        link.resetPulse = try time("link-reset-pulse") ?? link.resetPulse
        link.settling = try time("link-settling") ?? link.settling
        link.settlingMax = try time("link-settling-max") ?? link.settlingMax
        link.idlePause = try time("link-idle-pause") ?? link.idlePause
        let frames = try number("link-queue-frames-max", in: ConfigurationText.countRange)
        let characters = try number("link-queue-characters-max", in: ConfigurationText.countRange)
        link.queueLimits = FrameQueue.Limits(
            frameCountMax: frames.map { Int($0) } ?? link.queueLimits.frameCountMax,
            characterCountMax: characters.map { Int($0) } ?? link.queueLimits.characterCountMax)
        if let length = try number("link-frame-length-max", in: ConfigurationText.countRange) {
            link.frameLengthMax = Int(length)
        }
        return link
    }
}
