import Foundation
import FuzzTargets
import Testing

/// Logs with bytes changed, left out and doubled, the same ones in every run.
@Suite struct MutatedLogTests {
    @Test func nothingTraps() throws {
        let text = #"""
            [{"t":1.25e0,"ev":"call","op":"publish","topic":"a","msg":"\u00e9\ud83d\ude00","qos":1,"id":-1},
            {"time_ns":2000,"ev":"ret","id":-1,"x":{"token":[1,"init",null]}},
            {"t":3,"ev":"status","n":4,"m":"init\u007fnet\u007fhunter2"}]
            """#
        let seed = Array(text.utf8)
        var noise: UInt64 = 1
        func next(_ limit: Int) -> Int {
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(noise >> 33) % limit
        }
        let favourites = Array("{}[]\",:\\u0-1eE.\u{7f}* \n".utf8) + [0xff, 0]
        for _ in 0..<4_000 {
            var bytes = seed
            for _ in 0...next(3) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = favourites[next(favourites.count)]
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + next(9)))
                default: bytes.insert(contentsOf: bytes[place...].prefix(next(40)), at: place)
                }
            }
            FuzzTarget.log.run(bytes)
        }
    }
}
