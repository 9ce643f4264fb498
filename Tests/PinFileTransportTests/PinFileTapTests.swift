import Glibc
import LivePorts
import Signals
import Testing

@testable import PinFileTransport

/// A tap beside somebody who drives. One at a time: a tap takes a processor.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PinFileTapTests {
    /// What is read until there are so many edges, or a gap, or nothing more for a while.
    private static func read(
        _ tap: inout PinFileTap, edges count: Int
    ) throws -> (edges: [Edge], gaps: [Gap]) {
        var (edges, gaps): ([Edge], [Gap]) = ([], [])
        var batch = EdgeBatch()
        var patience = 100
        while edges.count < count, gaps.isEmpty, patience > 0 {
            let levels = edges.isEmpty && gaps.isEmpty ? tap.initialLevels : batch.levels
            #expect(try tap.read(into: &batch))
            if batch.gap == nil, edges.isEmpty { #expect(batch.levels == levels) }
            if let gap = batch.gap { gaps.append(gap) }
            if batch.edges.isEmpty { patience -= 1 }
            edges += batch.edges
        }
        return (edges, gaps)
    }

    @Test func edgesComeAsTheyWereDriven() throws {
        // A processor that is taken away for two toggles makes a gap, which is no fault of the tap's.
        for attempt in 1... {
            let file = try WireFile()
            let page = try PinPage(opening: file.path)
            var tap = try PinFileTap(opening: file.path)
            #expect(tap.initialLevels == .rest && tap.path == file.path)
            let driven: [PinSignal] = (0..<40).map { $0.isMultiple(of: 2) ? .sckout : .sckin }
            for signal in driven {
                usleep(5_000)
                page[signal] = page[signal].toggled
            }
            let (edges, gaps) = try Self.read(&tap, edges: driven.count)
            if !gaps.isEmpty, attempt < 5 { continue }
            #expect(gaps.isEmpty)
            #expect(edges.map(\.channel) == driven.compactMap(\.channel))
            #expect(edges.map(\.level) == (0..<40).map { $0 % 4 < 2 ? .high : .low })
            #expect(zip(edges, edges.dropFirst()).allSatisfy { $1.time >= $0.time })
            let last = try #require(edges.last?.time)
            #expect(last.nanoseconds > 150_000_000 && tap.end >= last)
            #expect(tap.interruptions == 0 && tap.overflowEdges == 0)
            break
        }
    }

    @Test func whatIsKnownGoesOnWhileNothingHappens() throws {
        var tap = try PinFileTap(PinPage())
        var batch = EdgeBatch()
        var ends = [tap.end]
        for _ in 0..<200 where ends.count < 4 {
            _ = try tap.read(into: &batch)
            #expect(batch.edges.isEmpty && batch.gap == nil)
            if tap.end != ends.last { ends.append(tap.end) }
        }
        #expect(ends.count == 4 && ends == ends.sorted())
    }

    @Test func lampsAreNoEdges() throws {
        let page = try PinPage()
        var tap = try PinFileTap(page)
        for signal in PinSignal.allCases where signal.channel == nil { page[signal] = .high }
        usleep(20_000)
        page[.reset] = .low
        let (edges, _) = try Self.read(&tap, edges: 1)
        #expect(edges.map(\.channel) == [.reset])
    }

    @Test func aLinkTooFastForThisMachineHasGapsAndNoNonsense() throws {
        let page = try PinPage()
        var tap = try PinFileTap(page)
        let rounds = 20_000
        for _ in 0..<rounds {
            page[.sckout] = page[.sckout].toggled
            page[.sckin] = page[.sckin].toggled
        }
        usleep(20_000)
        page[.stx] = .high
        var (edges, gaps): ([Edge], Int) = ([], 0)
        var levels = tap.initialLevels
        var batch = EdgeBatch()
        var patience = 100
        while levels[.stx] == .low, patience > 0 {
            #expect(try tap.read(into: &batch))
            if batch.edges.isEmpty, batch.gap == nil { patience -= 1 }
            if batch.gap != nil { gaps += 1 } else { #expect(batch.levels == levels) }
            levels = batch.levels
            for edge in batch.edges {
                #expect(levels[edge.channel] != edge.level)
                levels[edge.channel] = edge.level
            }
            edges += batch.edges
        }
        #expect(levels[.stx] == .high)
        #expect(edges.count <= 2 * rounds + 1)
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $1.time >= $0.time })
        // They are counted a moment later than they are told.
        for _ in 0..<100 where tap.interruptions < gaps { usleep(100_000) }
        #expect(tap.interruptions >= gaps)
    }

    /// Toggles between two looks that leave every level as it was: only the counts tell.
    @Test func whatNoLevelShowsIsAGap() throws {
        let page = try PinPage()
        let host = try PinFilePort(.host, on: page)
        let bridge = try PinFilePort(.bridge, on: page)
        var tap = try PinFileTap(page)
        let (bursts, rounds) = (50, 10)
        for _ in 0..<bursts {
            usleep(1_000)
            for _ in 0..<rounds {
                try host.drive(.sckout, page[.sckout].toggled)
                try bridge.drive(.sckin, page[.sckin].toggled)
            }
        }
        page[.stx] = .high
        var told: [(edges: Int, hasGap: Bool)] = [(0, false)]
        var batch = EdgeBatch()
        var last = Timestamp.zero
        var isOver = false
        for _ in 0..<1_000 where !isOver {
            #expect(try tap.read(into: &batch))
            func begin(at time: Timestamp) {
                if time > last + .microseconds(500), told.last ?? (0, false) != (0, false) {
                    told.append((0, false))
                }
                last = time
            }
            if let gap = batch.gap {
                begin(at: gap.end)
                told[told.count - 1].hasGap = true
            }
            for edge in batch.edges where edge.channel != .stx {
                begin(at: edge.time)
                told[told.count - 1].edges += 1
            }
            isOver = batch.levels[.stx] == .high || batch.edges.contains { $0.channel == .stx }
        }
        #expect(isOver)
        #expect(told.contains { $0.hasGap })
        #expect(told.allSatisfy { $0.hasGap || $0.edges == 2 * rounds })
        // Some may have been taken for one, where this thread was interrupted for so long.
        #expect(told.count > bursts / 2)
    }
}
