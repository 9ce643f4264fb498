import Signals
import Testing

@Suite struct LevelTests {
    @Test func aLevelTurnsToTheOther() {
        #expect(Level.low.toggled == .high)
        #expect(Level.high.toggled == .low)
    }

    @Test func aLevelIsTheLeastSignificantBit() {
        #expect(
            [0, 1, 2, 3, 254, 255].map { Level(bit: $0) } == [
                .low, .high, .low, .high, .low, .high,
            ])
    }

    @Test func atRestOnlyResetIsHigh() {
        for index in 0..<Channel.countMax {
            let channel = Channel(masking: UInt8(index))
            #expect(LevelSet.rest[channel] == (channel == .reset ? .high : .low))
        }
    }

    @Test func oneChannelChangesAndTheOthersDoNot() {
        for start in [UInt32(0), .max, 0xa5a5_5a5a] {
            for index in 0..<Channel.countMax {
                let channel = Channel(masking: UInt8(index))
                for level in [Level.low, .high] {
                    var levels = LevelSet(bits: start)
                    levels[channel] = level
                    #expect(levels[channel] == level)
                    #expect((levels.bits ^ start) & ~(1 << UInt32(index)) == 0)
                }
                var levels = LevelSet(bits: start)
                levels.toggle(channel)
                #expect(levels.bits ^ start == 1 << UInt32(index))
            }
        }
    }
}
