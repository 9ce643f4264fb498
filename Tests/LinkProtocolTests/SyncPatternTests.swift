import LinkProtocol
import Signals
import Testing

@Suite struct SyncPatternTests {
    @Test func thePatternIs0x9dLeastSignificantBitFirstAndThenZeros() {
        #expect((0..<12).map { SyncPattern.bit($0) } == [1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
        #expect(SyncPattern.bit(Int.max) == 0)
    }

    @Test func theRegisterReadsThePatternAfterItsEightBitsWhateverItHeld() {
        for start in UInt8.min...UInt8.max {
            var register = start
            for bit in 0..<8 { register = SyncPattern.shift(SyncPattern.bit(bit), into: register) }
            #expect(register == SyncPattern.value)
        }
    }
}
