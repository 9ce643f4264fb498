import Glibc

/// Waits until one of some lines has moved.
///
/// By `pselect`, as the time must be finer than the milliseconds of `poll`, and Glibc shows Swift
/// nothing else that is.
struct LevelWait {
    private let descriptors: [Int32]

    /// The most lines of both ends, so that all descriptors are below what `pselect` can take.
    static var countMax: Int { 256 }
    /// The longest wait: a signal that came just before is acted on then. Below a second.
    private static var waitMax: Int64 { 100_000_000 }
    private static var descriptorLimit: Int32 { 1024 }

    init(for lines: [SimulatedLine]) {
        descriptors = lines.map(\.valueDescriptor)
        precondition(descriptors.allSatisfy { (0..<Self.descriptorLimit).contains($0) })
    }

    /// The places of the lines that have moved since they were read; none when a signal
    /// or the moment came, or nothing for a while.
    func moved(until moment: Int64?, clock: MonotonicClock) throws(LabError) -> [Int] {
        let span = max(0, min(Self.waitMax, (moment ?? .max) - clock.now()))
        var time = timespec(tv_sec: 0, tv_nsec: Int(span))
        // What poll calls POLLPRI is an exceptional condition here.
        var set = fd_set()
        for descriptor in descriptors {
            withBits(of: &set) { $0[Int(descriptor) / 64] |= 1 << UInt64(descriptor % 64) }
        }
        let limit = (descriptors.max() ?? -1) + 1
        let count = pselect(limit, nil, nil, &set, &time, nil)
        if count < 0, errno == EINTR { return [] }
        guard count >= 0 else { throw .system(doing: "cannot wait for lines", errno: errno) }
        return descriptors.indices.filter { index in
            let descriptor = descriptors[index]
            return withBits(of: &set) {
                $0[Int(descriptor) / 64] & 1 << UInt64(descriptor % 64) != 0
            }
        }
    }

    private func withBits<Result>(
        of set: inout fd_set, _ body: (UnsafeMutableBufferPointer<UInt64>) -> Result
    ) -> Result {
        withUnsafeMutableBytes(of: &set) { body($0.bindMemory(to: UInt64.self)) }
    }
}
