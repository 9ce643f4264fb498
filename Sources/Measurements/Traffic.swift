import LinkProtocol
public import Signals

/// What one end sent.
public struct DirectionTraffic: Equatable, Sendable {
    /// Bits, idle zeros included.
    public var bits: Int64 = 0
    /// Frames that are whole.
    public var frames: Int64 = 0
    /// Frames that are cut off, damaged, or miss their head.
    public var fragments: Int64 = 0
    /// Characters of all frames, without their closing zeros.
    public var characters: Int64 = 0
    /// The time in which frames were being sent, fragments included.
    public var sendingTime = Nanoseconds.zero
    /// Characters of the whole frames, each with its closing zero.
    public var wholeFrameCharacters: Int64 = 0
    /// The time in which whole frames were being sent.
    public var wholeFrameTime = Nanoseconds.zero
    /// Whole frames by kind, in the order of ``DecodedMessage/typeNames``; kinds that did not occur
    /// are left out.
    public var kinds: [FrameKind] = []
    /// How long whole frames took, from the first bit to the closing zero.
    public var frameDuration = Distribution()

    /// Characters a second while a whole frame is being sent, closing zeros counted; nil when there
    /// was no whole frame.
    public var charactersPerSecondWhileSending: Double? {
        Rate.perSecond(wholeFrameCharacters, in: wholeFrameTime)
    }
}

/// Whole frames of one kind and direction.
public struct FrameKind: Equatable, Sendable {
    /// The kind, a name of ``DecodedMessage/typeNames``.
    public var name: String
    /// How many.
    public var count: Int64 = 0
    /// Their characters, without closing zeros.
    public var characters: Int64 = 0
    /// How long they took, from the first bit to the closing zero.
    public var duration = Distribution()
}

/// What both ends sent, and how busy the link was.
public struct Traffic: Equatable, Sendable {
    /// What the host sent.
    public var host = DirectionTraffic()
    /// What the bridge sent.
    public var bridge = DirectionTraffic()
    /// The time in which at least one end was sending a frame.
    public var busyTime = Nanoseconds.zero
    /// From the begin to the end of the capture.
    public var duration = Nanoseconds.zero
    /// Bits over time.
    public var series = RateSeries()

    /// What one end sent.
    public subscript(end: LinkEnd) -> DirectionTraffic { end == .host ? host : bridge }

    /// Bits a second of one end, over the whole capture; nil for a capture without length.
    public func bitRate(of end: LinkEnd) -> Double? {
        Rate.perSecond(self[end].bits, in: duration)
    }

    /// Bits a second in each direction, over the whole capture: the mean of both ends.
    public var bitRate: Double? {
        Rate.perSecond(host.bits + bridge.bits, in: duration).map { $0 / 2 }
    }

    /// Characters a second of one end, closing zeros not counted, over the whole capture.
    public func charactersPerSecond(of end: LinkEnd) -> Double? {
        Rate.perSecond(self[end].characters, in: duration)
    }

    /// The share of the capture in which one end was sending a frame, 0 ... 1.
    public func busyShare(of end: LinkEnd) -> Double? {
        Rate.share(self[end].sendingTime, of: duration)
    }

    /// The share of the capture in which at least one end was sending a frame, 0 ... 1.
    public var busyShare: Double? { Rate.share(busyTime, of: duration) }

    /// The rest: nobody was sending a frame.
    public var idleShare: Double? { busyShare.map { 1 - $0 } }
}

/// Quotients that do not exist when nothing is below the line.
enum Rate {
    static func perSecond(_ count: Int64, in time: Nanoseconds) -> Double? {
        time.count > 0 ? Double(count) * 1e9 / Double(time.count) : nil
    }

    static func share(_ part: Nanoseconds, of whole: Nanoseconds) -> Double? {
        whole.count > 0 ? Double(part.count) / Double(whole.count) : nil
    }
}
