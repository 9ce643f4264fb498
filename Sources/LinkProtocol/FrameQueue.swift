/// Frames that wait for their turn, oldest first, within two limits.
public struct FrameQueue: Sendable {
    /// How much may wait.
    public struct Limits: Hashable, Sendable {
        /// The most frames.
        public var frameCountMax: Int
        /// The most characters in all waiting frames together.
        public var characterCountMax: Int

        /// Limits; both are at least 1.
        public init(frameCountMax: Int, characterCountMax: Int) {
            self.frameCountMax = max(1, frameCountMax)
            self.characterCountMax = max(1, characterCountMax)
        }

        /// 64 frames and 64 Ki characters: minutes of traffic at the link's speed.
        public static var standard: Limits {
            Limits(frameCountMax: 64, characterCountMax: 65_536)
        }
    }

    /// How much may wait.
    public let limits: Limits
    private var frames: [[UInt8]]
    private var head: Int
    private var characterCount: Int

    /// An empty queue.
    public init(limits: Limits) {
        self.limits = limits
        frames = []
        head = 0
        characterCount = 0
    }

    /// The number of waiting frames.
    public var count: Int { frames.count - head }

    /// Whether nothing waits.
    public var isEmpty: Bool { count == 0 }

    /// Adds a frame at the end, unless one of the limits forbids it.
    public mutating func append(_ frame: [UInt8]) throws(SendRefusal) {
        guard count < limits.frameCountMax else {
            throw .queueFull(limit: limits.frameCountMax)
        }
        guard frame.count <= limits.characterCountMax - characterCount else {
            throw .queueCharactersFull(limit: limits.characterCountMax)
        }
        frames.append(frame)
        characterCount += frame.count
    }

    /// Takes the oldest frame.
    public mutating func popFirst() -> [UInt8]? {
        guard head < frames.count else { return nil }
        let frame = frames[head]
        frames[head] = []
        head += 1
        characterCount -= frame.count
        if head == frames.count {
            frames.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= limits.frameCountMax {
            frames.removeFirst(head)
            head = 0
        }
        return frame
    }

    /// Forgets all frames.
    public mutating func removeAll() {
        frames.removeAll()
        head = 0
        characterCount = 0
    }
}
