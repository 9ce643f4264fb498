import Signals

/// The search for the narrow span of differences that holds most pairs.
struct LogAlignmentSearch {
    /// A span of differences with the number of entries that have a frame in it.
    struct Crowd: Equatable {
        var start: Int64
        var end: Int64
        var count: Int

        var width: Int64 { end - start }
    }

    /// How many entries of the log were looked at.
    let sampleCount: Int
    private var crowds: [Crowd] = []

    /// The fullest of the narrow crowds: chance is seldom narrow, and seldom full.
    var best: Crowd? {
        narrow.min { ($1.count, $0.width, $0.start) < ($0.count, $1.width, $1.start) }
    }

    /// The crowds that are about as narrow as the narrowest.
    private var narrow: [Crowd] {
        let least = crowds.reduce(Int64.max) { min($0, $1.width) }
        guard !crowds.isEmpty else { return [] }
        return crowds.filter { $0.width <= 2 * least + LogAlignment.slackMin.count }
    }

    init(log: [LogAlignment.Moment], wire: [LogAlignment.Moment]) {
        let limit = min(LogAlignment.sampleMax, max(16, LogAlignment.pairsMax / wire.count))
        let step = max(1, (log.count + limit - 1) / limit)
        let sample = stride(from: 0, to: log.count, by: step).map { log[$0] }
        sampleCount = sample.count
        var places = [[Int]](repeating: [], count: 256)
        for (place, frame) in wire.enumerated() { places[Int(frame.status)].append(place) }
        var pairs: [Pair] = []
        for (index, entry) in sample.enumerated() {
            for place in places[Int(entry.status)] {
                let difference = entry.time.difference(to: wire[place].time)
                pairs.append(Pair(difference: difference, entry: index, frame: place))
            }
        }
        pairs.sort { ($0.difference, $0.entry) < ($1.difference, $1.entry) }
        crowds = Self.crowds(in: pairs, window: Window(entries: sample.count, frames: wire.count))
    }

    /// An entry and a frame of the same status.
    private struct Pair {
        var difference: Int64
        var entry: Int
        var frame: Int
    }

    /// The full spans no wider than a delay can be, each made as narrow as it can be while it
    /// holds nine tenths of its entries.
    private static func crowds(in pairs: [Pair], window empty: Window) -> [Crowd] {
        var fullest = 0
        var wide = empty
        for pair in pairs.indices {
            wide.extend(to: pair, of: pairs, width: LogAlignment.delayMax.count)
            fullest = max(fullest, wide.count)
        }
        // The last tenth of a crowd can be stragglers.
        let enough = max(1, fullest - fullest / 10)
        var crowds: [Crowd] = []
        var window = empty
        wide = empty
        for pair in pairs.indices {
            window.extend(to: pair, of: pairs, width: LogAlignment.delayMax.count)
            wide.extend(to: pair, of: pairs, width: LogAlignment.delayMax.count)
            let count = wide.count
            while window.count >= enough {
                let crowd = Crowd(
                    start: pairs[window.first].difference, end: pairs[pair].difference,
                    count: count)
                if let last = crowds.last, crowd.start - last.start <= LogAlignment.delayMax.count {
                    // The same crowd; the narrower span of it is the better one.
                    if crowd.width < last.width { crowds[crowds.count - 1] = crowd }
                    crowds[crowds.count - 1].count = max(last.count, count)
                } else {
                    crowds.append(crowd)
                }
                window.dropFirst(of: pairs)
            }
        }
        return crowds
    }

    /// A narrow crowd elsewhere that is as full.
    func rival(of crowd: Crowd) -> Crowd? {
        narrow.first { other in
            other.count == crowd.count
                && abs(other.start - crowd.start) > LogAlignment.delayMax.count
        }
    }

    /// A run of pairs, and how many of them can be true at the same time.
    private struct Window {
        private(set) var first = 0
        private var entries: Occurrences
        private var frames: Occurrences

        /// How many entries have a frame of their own, at most.
        var count: Int { min(entries.distinct, frames.distinct) }

        init(entries: Int, frames: Int) {
            self.entries = Occurrences(entries)
            self.frames = Occurrences(frames)
        }

        mutating func extend(to last: Int, of pairs: [Pair], width: Int64) {
            entries.add(pairs[last].entry)
            frames.add(pairs[last].frame)
            while pairs[last].difference - pairs[first].difference > width { dropFirst(of: pairs) }
        }

        mutating func dropFirst(of pairs: [Pair]) {
            entries.remove(pairs[first].entry)
            frames.remove(pairs[first].frame)
            first += 1
        }
    }

    /// How often each of some numbers occurs, and how many of them do.
    private struct Occurrences {
        private(set) var distinct = 0
        private var counts: [Int32]

        init(_ count: Int) { counts = [Int32](repeating: 0, count: count) }

        mutating func add(_ number: Int) {
            if counts[number] == 0 { distinct += 1 }
            counts[number] += 1
        }

        mutating func remove(_ number: Int) {
            counts[number] -= 1
            if counts[number] == 0 { distinct -= 1 }
        }
    }
}
