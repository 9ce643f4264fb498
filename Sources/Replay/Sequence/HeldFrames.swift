import Signals

/// Frames that a machine wants to send and the capture has not shown yet, oldest first.
struct HeldFrames {
    struct Frame {
        var text: [UInt8]
        var tag: Int
        var since: Timestamp
    }

    private(set) var frames: [Frame] = []

    var first: Frame? { frames.first }
    var isEmpty: Bool { frames.isEmpty }

    mutating func append(_ text: [UInt8], tag: Int, at time: Timestamp) {
        frames.append(Frame(text: text, tag: tag, since: time))
    }

    mutating func removeFirst() { if !frames.isEmpty { frames.removeFirst() } }

    mutating func removeAll() { frames.removeAll() }
}
