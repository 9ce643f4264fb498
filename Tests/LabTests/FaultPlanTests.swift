import Testing

@testable import synscope_lab

@Suite struct FaultPlanTests {

    private func numbers(_ verdict: FaultPlan.Verdict, _ plan: FaultPlan, of count: Int) -> [Int] {
        var plan = plan
        return (1...count).compactMap { plan.next() == verdict ? $0 : nil }
    }

    @Test func aPlanWithoutFaultsLetsAllPass() {
        #expect(numbers(.pass, FaultPlan(), of: 50) == Array(1...50))
    }

    @Test func everyNthEdgeIsLost() {
        #expect(numbers(.lose, FaultPlan(losses: .every(7)), of: 30) == [7, 14, 21, 28])
        #expect(numbers(.lose, FaultPlan(losses: .every(1)), of: 3) == [1, 2, 3])
    }

    @Test func theGivenNumbersAreLost() throws {
        let ranges = try #require(FaultPlan.numbers("1,12,15-17,18"))
        let plan = FaultPlan(losses: .numbers(ranges))
        #expect(numbers(.lose, plan, of: 100) == [1, 12, 15, 16, 17, 18])
    }

    @Test(arguments: ["", "0", "-1", "5,5", "9,3", "7-5", "3-", "a", "1,,2", "1-2-3", " 1"])
    func numbersThatAreNotAscendingAreRefused(_ text: String) {
        #expect(FaultPlan.numbers(text) == nil)
    }

    @Test(arguments: [5, 20, 200])
    func runsHaveOneToThreeNeighboursAndStayApart(about: Int) {
        let count = about * 2_000
        let lost = numbers(.lose, FaultPlan(losses: .runs(about: about, seed: 3)), of: count)
        var runs: [Int] = []
        for (index, number) in lost.enumerated() {
            if index > 0, lost[index - 1] == number - 1 {
                runs[runs.count - 1] += 1
            } else {
                runs.append(1)
            }
        }
        #expect(Set(runs) == [1, 2, 3])
        #expect((1_800...2_200).contains(runs.count), "\(runs.count) runs")
    }

    @Test func aSeedDecidesAlone() {
        func lost(_ seed: UInt64) -> [Int] {
            numbers(.lose, FaultPlan(losses: .runs(about: 50, seed: seed)), of: 5_000)
        }
        #expect(lost(1) == lost(1))
        #expect(lost(1) != lost(2))
    }

    @Test func aPulseFollowsEveryNthEdgeThatIsNotLost() {
        let plan = FaultPlan(losses: .every(6), glitchEvery: 3)
        #expect(numbers(.glitch, plan, of: 15) == [3, 9, 15])
        #expect(numbers(.lose, plan, of: 15) == [6, 12])
    }
}
