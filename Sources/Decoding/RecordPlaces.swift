public import Signals

/// The places of records among edges of which some data edges were taken away and others put in.
///
/// Clock edges and all others stay, so a record keeps its distance from the last of them: behind as
/// many data edges as it had there, or behind all of them if fewer are left.
public struct RecordPlaces: Sendable {
    /// A place among the edges as they were.
    private struct Key: Sendable {
        /// Edges before it that are no data edges.
        var anchors: Int64
        /// Data edges between the last of those and the place.
        var data: Int64
    }

    /// How far a list of edges was read.
    private struct Position: Sendable {
        var edges: Int64 = 0
        var anchors: Int64 = 0
        var data: Int64 = 0

        mutating func pass(_ edge: Edge) {
            edges += 1
            if RecordPlaces.isData(edge) {
                data += 1
            } else {
                anchors += 1
                data = 0
            }
        }
    }

    private let before: [Int64]
    private var keys: [Key] = []
    private var old = Position()
    private var new = Position()
    /// The places among the edges as they are now, in the order of the records.
    public private(set) var places: [Int64] = []

    /// Places to find.
    ///
    /// - Parameter edgesBefore: the edges before each record, which never decrease.
    public init(edgesBefore: [Int64]) { before = edgesBefore }

    private static func isData(_ edge: Edge) -> Bool {
        edge.channel == .stx || edge.channel == .srx
    }

    /// Takes the next edges as they were. They come before the same edges as they are now.
    public mutating func passOld(_ edges: [Edge]) {
        for edge in edges {
            findKeys()
            old.pass(edge)
        }
    }

    private mutating func findKeys() {
        while keys.count < before.count, before[keys.count] <= old.edges {
            keys.append(Key(anchors: old.anchors, data: old.data))
        }
    }

    /// Takes the next edges as they are now.
    public mutating func passNew(_ edges: [Edge]) {
        for edge in edges {
            while places.count < keys.count, isReached(keys[places.count], before: edge) {
                places.append(new.edges)
            }
            new.pass(edge)
        }
    }

    private func isReached(_ key: Key, before edge: Edge) -> Bool {
        if key.anchors != new.anchors { return key.anchors < new.anchors }
        return key.data <= new.data || !RecordPlaces.isData(edge)
    }

    /// All edges have passed: what is left belongs behind them.
    public mutating func finish() {
        while places.count < before.count { places.append(new.edges) }
    }
}
