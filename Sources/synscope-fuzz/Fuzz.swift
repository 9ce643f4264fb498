// libFuzzer calls this with whatever it has made up; `SYNSCOPE_FUZZ_TARGET` names what to feed.
// Built by Scripts/fuzz only: libFuzzer brings its own `main`.

import FuzzTargets
import Glibc

private let target: FuzzTarget = {
    let name = getenv("SYNSCOPE_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        fatalError("SYNSCOPE_FUZZ_TARGET is `\(name)`; name one of \(names)")
    }
    return target
}()

/// Feeds the target with one input, and says that it may be kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
