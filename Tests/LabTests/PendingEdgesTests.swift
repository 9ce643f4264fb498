import Signals
import Testing

@testable import synscope_lab

@Suite struct PendingEdgesTests {
    @Test func edgesComeOutInOrderWhenTheyAreDue() throws {
        var pending = PendingEdges()
        #expect(pending.nextDue == nil)
        let entries = [10, 20, 20].enumerated().map {
            PendingEdges.Entry(due: Int64($1), wire: $0, level: .high)
        }
        for entry in entries { try pending.append(entry) }
        #expect(pending.nextDue == 10)
        #expect(pending.takeFirst(dueBy: 9) == nil)
        #expect(pending.takeFirst(dueBy: 20) == entries[0])
        #expect(pending.takeFirst(dueBy: 20) == entries[1])
        #expect(pending.takeFirst(dueBy: 20) == entries[2])
        #expect(pending.takeFirst(dueBy: 99) == nil)
    }

    @Test func moreThanThereIsRoomForIsRefused() throws {
        var pending = PendingEdges()
        let entry = PendingEdges.Entry(due: 1, wire: 0, level: .low)
        for _ in 0..<PendingEdges.countMax { try pending.append(entry) }
        #expect(throws: LabError.self) { try pending.append(entry) }
        // Room that became free is used again, as often as one likes.
        for _ in 0..<(3 * PendingEdges.countMax) {
            #expect(pending.takeFirst(dueBy: 1) == entry)
            try pending.append(entry)
        }
    }
}
