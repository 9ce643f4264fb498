import Signals
import Testing

@testable import synscope_lab

@Suite struct PlayScheduleTests {
    /// When edges are played, in microseconds, if each is played in time.
    private func played(
        _ edges: [(line: Int, microseconds: Int64)], origin: Int64 = 0, speed: Double = 1
    ) -> [Int64] {
        var schedule = PlaySchedule(
            lineCount: 2, origin: Timestamp(nanoseconds: origin * 1_000), speed: speed,
            rateMax: 1_000)
        return edges.map { edge in
            let time = Timestamp(nanoseconds: edge.microseconds * 1_000)
            let due = schedule.due(line: edge.line, time: time)
            schedule.played(line: edge.line, at: due)
            return due / 1_000
        }
    }

    @Test func whatIsSlowEnoughKeepsItsTimes() {
        #expect(played([(0, 0), (0, 1_000), (1, 1_001), (0, 5_000)]) == [0, 1_000, 1_001, 5_000])
    }

    @Test func timeCountsFromTheOrigin() {
        #expect(played([(0, 700), (1, 900)], origin: 500) == [200, 400])
    }

    @Test func whatIsTooFastWaitsAndSoDoesAllBehindIt() {
        let edges: [(Int, Int64)] = [(0, 0), (0, 400), (1, 410), (1, 3_000)]
        #expect(played(edges) == [0, 1_000, 1_010, 3_600])
    }

    @Test func linesDoNotWaitForEachOther() {
        #expect(played([(0, 0), (1, 1), (0, 1_000), (1, 1_001)]) == [0, 1, 1_000, 1_001])
    }

    @Test func speedDividesTimes() {
        #expect(played([(0, 0), (0, 4_000), (0, 5_000)], speed: 2) == [0, 2_000, 3_000])
        #expect(played([(0, 0), (0, 4_000)], speed: 0.5) == [0, 8_000])
    }

    @Test func anEdgeThatCameLateKeepsTheNextOneAway() {
        var schedule = PlaySchedule(lineCount: 1, origin: .zero, rateMax: 1_000)
        _ = schedule.due(line: 0, time: .zero)
        schedule.played(line: 0, at: 700_000)
        #expect(schedule.due(line: 0, time: Timestamp(nanoseconds: 1_000_000)) == 1_700_000)
        #expect(schedule.stretchNanoseconds == 700_000)
    }
}
