internal import Synchronization

/// A bounded queue of looks from one thread to another, which never wait for each other.
final class LookRing: @unchecked Sendable {
    private let looks: UnsafeMutablePointer<PinLook>
    /// Looks put in so far, by the one thread.
    private let head = Atomic<UInt64>(0)
    /// Looks taken out so far, by the other thread.
    private let tail = Atomic<UInt64>(0)

    /// The most looks that wait: 16 MB of them, 50 ms of the fastest link.
    static let countMax = 1 << 19

    /// All memory is touched here: a first touch takes longer than a link's round trip.
    init() {
        looks = .allocate(capacity: Self.countMax)
        looks.initialize(
            repeating: PinLook(time: 0, blindness: 0, bits: 0), count: Self.countMax)
    }

    deinit { looks.deallocate() }

    /// Puts a look in; false if there is no room.
    func push(_ look: PinLook) -> Bool {
        let count = head.load(ordering: .relaxed)
        guard count &- tail.load(ordering: .acquiring) < UInt64(Self.countMax) else { return false }
        looks[Int(count % UInt64(Self.countMax))] = look
        head.store(count &+ 1, ordering: .releasing)
        return true
    }

    /// Takes the oldest look out.
    func pop() -> PinLook? {
        let count = tail.load(ordering: .relaxed)
        guard count != head.load(ordering: .acquiring) else { return nil }
        let look = looks[Int(count % UInt64(Self.countMax))]
        tail.store(count &+ 1, ordering: .releasing)
        return look
    }
}
