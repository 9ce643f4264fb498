import Decoding
import LinkProtocol
import LinkTesting
import Replay
import Signals
import Testing

/// What cannot be told is said to be untold, and never the same.
@Suite struct UntoldReplayTests {
    /// Two sessions, and the place of the first edge of the second.
    private static func twoSessions() -> (recording: EdgeBatch, second: Int) {
        let pair = conversation()
        // At the host's turn its stop could be one more bit, and at a low data wire is.
        while pair.recording.edges.last?.channel != .sckout {
            _ = pair.step(before: pair.now + .seconds(1))
        }
        let second = pair.recording.edges.count
        pair.start()
        _ = pair.run(until: { $0.host.isSynchronised })
        converse(on: pair)
        return (pair.recording, second)
    }

    @Test func anEmptyCaptureTellsNothing() {
        let replayed = replay(EdgeBatch(), end: .zero + .seconds(1))
        #expect(replayed.verdicts == [.couldNotTell, .couldNotTell])
    }

    @Test func aCaptureThatBeginsInMidLinkTellsOnlyOfTheNextSession() throws {
        let (recording, second) = Self.twoSessions()
        for dropped in [200, 201, 202, 203, 500] {
            let replayed = replay(recording.dropFirst(dropped))
            for end in LinkEnd.allCases {
                let result = replayed[end]
                #expect(result.verdict == .couldNotTell, "\(dropped): \(result.story)")
                let untold = try #require(result.untold.first)
                #expect(result.untold.count == 1)
                #expect(untold.end == recording.edges[second].time)
                #expect(result.sentFrames == (end == .host ? 3 : 4))
                let compared = recording.edges[second...].filter { edge in
                    edge.channel == end.clock || edge.channel == end.data
                        || (end == .host && edge.channel == .reset)
                }
                let pulled = result.conclusions["resetEdge"] ?? 0
                #expect(result.comparedEdges + Int64(pulled) == Int64(compared.count))
            }
        }
    }

    @Test func beyondAGapNothingIsToldUntilTheNextSession() throws {
        let (recording, second) = Self.twoSessions()
        for (place, lost) in [(100, 6), (300, 40), (401, 1), (650, 7)] {
            var head = recording.prefix(place)
            head.gap = nil
            var tail = recording.dropFirst(place + lost)
            tail.gap = Gap(
                start: recording.edges[place - 1].time, end: recording.edges[place + lost].time,
                reason: .overflow)
            let replayed = replay([head, tail])
            for end in LinkEnd.allCases {
                let result = replayed[end]
                #expect(result.verdict == .couldNotTell, "\(place): \(result.story)")
                let untold = try #require(result.untold.first)
                // From the begin of a frame that the gap cut, else from the gap.
                #expect(untold.start <= recording.edges[place + lost].time)
                #expect(untold.start >= recording.edges[max(0, place - 400)].time)
                #expect(untold.end == recording.edges[second].time)
                #expect(untold.reason == "gap (overflow)")
                #expect(result.comparedEdges > 500)
                #expect(result.sentFrames >= (end == .host ? 3 : 4))
                #expect(result.sessions == 2)
            }
        }
    }

    @Test(arguments: [1, 2, 5, 14, 41])
    func aGapAnywhereIsNeitherTheSameNorADifference(lost: Int) throws {
        let (recording, second) = Self.twoSessions()
        for place in stride(from: 45, to: second - lost - 20, by: 11) {
            let head = recording.prefix(place)
            var tail = recording.dropFirst(place + lost)
            tail.gap = Gap(
                start: recording.edges[place - 1].time, end: recording.edges[place + lost].time,
                reason: .sequence)
            let replayed = replay([head, tail])
            for end in LinkEnd.allCases where replayed[end].verdict != .couldNotTell {
                Issue.record("\(end), edge \(place): \(replayed[end].story)")
                return
            }
        }
    }

    @Test func aCaptureWithALostClockEdgeIsNotCalledTheSame() {
        let (recording, second) = Self.twoSessions()
        for place in stride(from: 60, to: second - 60, by: 37) {
            var edited = recording
            edited.edges.remove(at: place)
            let isClock = [.sckout, .sckin].contains(recording.edges[place].channel)
            let replayed = replay(edited)
            for end in LinkEnd.allCases where isClock {
                if replayed[end].verdict == .same { Issue.record("\(end), edge \(place)") }
            }
        }
    }

    @Test func aGapBehindTheLastEdgeReachesToTheEnd() throws {
        let recording = conversation().recording
        let last = try #require(recording.edges.last).time
        var tail = EdgeBatch()
        tail.levels = recording.dropFirst(recording.edges.count).levels
        tail.gap = Gap(start: last, end: last + .seconds(1), reason: .damaged)
        let replayed = replay([recording, tail], end: last + .seconds(2))
        for end in LinkEnd.allCases {
            #expect(replayed[end].verdict == .couldNotTell, "\(end)")
            #expect(replayed[end].divergence == nil)
        }
    }

    @Test func noEdgesTrapAReplay() {
        for seed in UInt64(1)...40 {
            var random = Seeded(seed)
            let recording = conversation().recording
            var edited = recording
            for _ in 0..<(1 + random.below(12)) {
                let place = random.below(edited.edges.count)
                switch random.below(4) {
                case 0: edited.edges.remove(at: place)
                case 1: edited.edges[place].level = edited.edges[place].level.toggled
                case 2:
                    edited.edges[place].channel = Channel(masking: UInt8(random.below(6)))
                default:
                    let channel = Channel(masking: UInt8(random.below(5)))
                    let edge = Edge(
                        time: edited.edges[place].time, channel: channel,
                        level: Level(bit: UInt8(random.below(2))))
                    edited.edges.insert(edge, at: place)
                }
            }
            let replayed = replay(edited)
            for end in LinkEnd.allCases {
                if let divergence = replayed[end].divergence {
                    #expect(divergence.foundBits.count <= 64)
                    #expect(divergence.expectedBits.count <= 64)
                }
            }
        }
    }
}
