import Signals
import Testing

@testable import Simulation

/// What is due first comes first; at one moment, what was put down first.
@Suite struct AgendaTests {
    private func number(_ event: WorldEvent?) -> Int? {
        if case .bootBridge(let number)? = event { number } else { nil }
    }

    @Test func eventsComeInOrderOfTimeThenOfBeingPutDown() {
        var random = SeededRandom(seed: 7)
        var agenda = Agenda()
        var expected: [(time: Int, number: Int)] = []
        for number in 0..<2_000 {
            let time = random.below(50)
            agenda.add(.bootBridge(power: number), at: .zero + .seconds(Int64(time)))
            expected.append((time, number))
        }
        #expect(agenda.count == 2_000)
        expected.sort { ($0.time, $0.number) < ($1.time, $1.number) }
        for (time, number) in expected {
            #expect(agenda.nextTime == .zero + .seconds(Int64(time)))
            #expect(self.number(agenda.popFirst()) == number)
        }
        #expect(number(agenda.popFirst()) == nil)
        #expect(agenda.nextTime == .never)
    }

    @Test func whatIsPutDownMeanwhileTakesItsPlace() {
        var agenda = Agenda()
        agenda.add(.bootBridge(power: 1), at: .zero + .seconds(1))
        agenda.add(.bootBridge(power: 3), at: .zero + .seconds(3))
        #expect(number(agenda.popFirst()) == 1)
        agenda.add(.bootBridge(power: 2), at: .zero + .seconds(2))
        agenda.add(.bootBridge(power: 4), at: .zero + .seconds(3))
        #expect(number(agenda.popFirst()) == 2)
        #expect(number(agenda.popFirst()) == 3)
        #expect(number(agenda.popFirst()) == 4)
    }
}
