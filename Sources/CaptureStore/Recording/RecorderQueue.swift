// What was seen and is not written yet.

internal import Signals

/// A run of edges on its way to the file, with all that belongs to it.
struct RecorderItem {
    var batch = EdgeBatch()
    /// Edges that were lost before the batch, because there was no room for them.
    var lostBefore: Int64 = 0
    /// Records whose place is before or among the edges of the batch.
    var records: [JournalRecord] = []
    /// Where the next file may begin.
    var cut: CutPlace?
    /// What was found out in the batch.
    var facts = RecordingFacts()

    /// The bytes that its records take, which count as if they were edges.
    fileprivate var recordBytes: Int { records.reduce(0) { $0 + $1.payload.count + 64 } }

    mutating func empty() {
        batch.gap = nil
        batch.edges.removeAll(keepingCapacity: true)
        lostBefore = 0
        records.removeAll(keepingCapacity: true)
        cut = nil
        facts = RecordingFacts()
    }
}

/// A bounded queue of runs of edges, whose arrays go round between the queue and its users: an edge
/// is moved or copied, and never allocated.
struct RecorderQueue {
    /// The number of edges that wait.
    private(set) var edgeCount = 0
    private let edgesMax: Int
    private var ring: [RecorderItem]
    private var first = 0
    private var count = 0
    private var bytes = 0
    /// Emptied items, for their arrays.
    private var spare: [RecorderItem] = []

    /// Small runs are joined up to this length.
    private static var runLength: Int { 4096 }
    /// More arrays than this are given back after a time in which the disk was slow.
    private static var spareMax: Int { 64 }
    /// The most bytes of records that wait.
    private static var recordBytesMax: Int { 16 << 20 }

    init(edgesMax: Int) {
        self.edgesMax = edgesMax
        ring = [RecorderItem](
            repeating: RecorderItem(), count: max(4, edgesMax / Self.runLength * 2))
    }

    var isEmpty: Bool { count == 0 }

    /// Whether there is room for the item: for any if nothing waits.
    func hasRoom(for item: RecorderItem) -> Bool {
        isEmpty
            || count < ring.count && edgeCount + item.batch.edges.count <= edgesMax
                && bytes + item.recordBytes <= Self.recordBytesMax
    }

    /// Takes the content of `item`, and leaves an empty one.
    ///
    /// Precondition: there is room.
    mutating func append(_ item: inout RecorderItem) {
        precondition(count < ring.count, "the queue has no room")
        edgeCount += item.batch.edges.count
        bytes += item.recordBytes
        if joins(item) {
            ring[index(count - 1)].batch.edges.append(contentsOf: item.batch.edges)
            ring[index(count - 1)].facts.learn(item.facts)
            item.empty()
        } else {
            ring[index(count)] = item
            item = spare.popLast() ?? RecorderItem()
            count += 1
        }
    }

    /// Exchanges an empty item for the oldest one; false if there is none.
    mutating func take(_ item: inout RecorderItem) -> Bool {
        guard count > 0 else { return false }
        if spare.count < Self.spareMax { spare.append(item) }
        item = ring[first]
        ring[first] = RecorderItem()
        first = index(1)
        count -= 1
        edgeCount -= item.batch.edges.count
        bytes -= item.recordBytes
        return true
    }

    /// Whether an item can be joined to the last one without losing its place.
    private func joins(_ item: RecorderItem) -> Bool {
        guard count > 0, item.batch.gap == nil, item.records.isEmpty, item.cut == nil,
            item.lostBefore == 0
        else { return false }
        let last = index(count - 1)
        return ring[last].cut == nil && ring[last].records.isEmpty
            && ring[last].batch.edges.count + item.batch.edges.count <= Self.runLength
    }

    private func index(_ place: Int) -> Int { (first + place) % ring.count }
}
