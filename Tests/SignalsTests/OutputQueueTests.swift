import Signals
import Testing

/// What a machine is about to do comes out in the order in which it went in.
@Suite struct OutputQueueTests {
    private enum Thing: Hashable {
        case drive(Drive)
        case other([UInt8])
    }

    private static let drives: [Drive] = (0..<32).map { number in
        Drive(Channel(masking: UInt8(number)), number % 3 == 0 ? .high : .low)
    }

    /// A drive is a letter, something else a digit; what is taken between is behind a bar.
    @Test(arguments: [
        "", "a", "1", "ab", "a1", "1a", "12", "a1b2c", "1ab2", "abcdefgh", "abcdefghi",
        "abcdefghijklmnopqrst", "abcdefghi1jk2", "1abcdefghij", "ab|cd", "ab1|cd2|e",
        "abcdefghij|kl1", "a|b|c|d|1|e", "abcdefgh1|ijklmnopq2rs|t",
    ])
    func theOrderIsKept(letters: String) {
        var queue = OutputQueue<[UInt8]>()
        var expected: [Thing] = []
        for part in letters.split(separator: "|") {
            for letter in part.utf8 {
                if letter >= UInt8(ascii: "a") {
                    let drive = Self.drives[Int(letter - UInt8(ascii: "a"))]
                    queue.append(drive)
                    expected.append(.drive(drive))
                } else {
                    queue.append([letter])
                    expected.append(.other([letter]))
                }
            }
            // Not all of it, so that the next part comes behind something.
            while expected.count > 1 { #expect(Self.pop(&queue) == expected.removeFirst()) }
            #expect(!queue.isEmpty)
        }
        while !expected.isEmpty { #expect(Self.pop(&queue) == expected.removeFirst()) }
        #expect(queue.isEmpty && Self.pop(&queue) == nil)
    }

    @Test func nothingElseIsGivenInPlaceOfADrive() {
        var queue = OutputQueue<[UInt8]>()
        queue.append([1])
        #expect(queue.popDrive() == nil)
        queue.append(Drive(.stx, .high))
        #expect(queue.popDrive() == nil)
        #expect(queue.popOther() == [1])
        #expect(queue.popOther() == nil)
        #expect(queue.popDrive() == Drive(.stx, .high))
    }

    private static func pop(_ queue: inout OutputQueue<[UInt8]>) -> Thing? {
        if let drive = queue.popDrive() { return .drive(drive) }
        return queue.popOther().map { .other($0) }
    }
}
