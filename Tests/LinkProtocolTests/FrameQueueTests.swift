import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct FrameQueueTests {
    @Test func framesComeOutInTheOrderInWhichTheyWentIn() throws {
        var queue = FrameQueue(limits: .standard)
        for number in 1...10 { try queue.append([UInt8(number)]) }
        #expect(queue.count == 10)
        var popped: [[UInt8]] = []
        while let frame = queue.popFirst() { popped.append(frame) }
        #expect(popped == (1...10).map { [UInt8($0)] })
        #expect(queue.isEmpty)
    }

    @Test func bothLimitsHoldAndTellThemselves() throws {
        var queue = FrameQueue(limits: .init(frameCountMax: 3, characterCountMax: 5))
        #expect(throws: SendRefusal.queueCharactersFull(limit: 5)) {
            try queue.append([1, 2, 3, 4, 5, 6])
        }
        try queue.append([1, 2, 3])
        #expect(throws: SendRefusal.queueCharactersFull(limit: 5)) {
            try queue.append([1, 2, 3])
        }
        try queue.append([4])
        try queue.append([5])
        #expect(throws: SendRefusal.queueFull(limit: 3)) { try queue.append([6]) }
        let first = queue.popFirst()
        #expect(first == [1, 2, 3])
        try queue.append([7, 8, 9])
    }

    @Test func limitsAreAtLeastOne() {
        let limits = FrameQueue.Limits(frameCountMax: -4, characterCountMax: 0)
        #expect(limits.frameCountMax == 1)
        #expect(limits.characterCountMax == 1)
    }

    @Test func aRefusedFrameTakesNoRoom() throws {
        var queue = FrameQueue(limits: .init(frameCountMax: 2, characterCountMax: 2))
        try queue.append([1])
        #expect(throws: SendRefusal.queueCharactersFull(limit: 2)) { try queue.append([1, 2, 3]) }
        try queue.append([1])
        queue.removeAll()
        #expect(queue.isEmpty)
        try queue.append([1, 2])
    }

    /// Against a plain array, over many fillings and emptyings.
    @Test(arguments: [UInt64(1), 2, 3])
    func itBehavesAsAnArrayWithLimits(seed: UInt64) {
        var random = Seeded(seed)
        let limits = FrameQueue.Limits(frameCountMax: 6, characterCountMax: 40)
        var queue = FrameQueue(limits: limits)
        var model: [[UInt8]] = []
        for turn in 0..<20_000 {
            if random.below(100) < 52 {
                let frame = random.text(random.below(12))
                let fits =
                    model.count < 6 && model.map(\.count).reduce(0, +) + frame.count <= 40
                if (try? queue.append(frame)) != nil {
                    if !fits { Issue.record("turn \(turn): took too much") }
                    model.append(frame)
                } else if fits {
                    Issue.record("turn \(turn): refused what fits")
                }
            } else if queue.popFirst() != (model.isEmpty ? nil : model.removeFirst()) {
                Issue.record("turn \(turn): wrong frame")
            }
            if queue.count != model.count { Issue.record("turn \(turn): count") }
        }
    }
}
