/// What a machine is about to do, oldest first.
///
/// Nearly all of that is to drive a wire, once or twice for every bit: such a thing is a byte in this
/// value, so that it costs neither memory nor the moving of what other things hold. Like a
/// ``WorkList`` it is as long as what one input causes.
public struct OutputQueue<Other: Sendable>: Sendable {
    /// The oldest drives, the first in the lowest byte.
    @usableFromInline var near: UInt64 = 0
    @usableFromInline var nearCount = 0
    /// Those that do not fit there.
    @usableFromInline var far = WorkList<UInt8>()
    /// Everything else, and how many drives come before each.
    @usableFromInline var others = WorkList<Other>()
    @usableFromInline var places = WorkList<UInt32>()
    /// The drives that were added and taken, in all; only their difference counts.
    @usableFromInline var added: UInt32 = 0
    @usableFromInline var taken: UInt32 = 0

    /// Nothing is to be done.
    @inlinable public init() {}

    /// Whether nothing is to be done.
    @inlinable public var isEmpty: Bool { added == taken && others.isEmpty }

    /// Adds a wire to drive at the end.
    @inlinable public mutating func append(_ drive: Drive) {
        added &+= 1
        if nearCount < OutputQueue.nearMax, far.isEmpty {
            near |= UInt64(drive.packed) << UInt64(8 * nearCount)
            nearCount += 1
        } else {
            far.append(drive.packed)
        }
    }

    /// Adds something else at the end.
    @inlinable public mutating func append(_ other: Other) {
        others.append(other)
        places.append(added)
    }

    /// Takes the oldest thing if it is to drive a wire.
    @inlinable public mutating func popDrive() -> Drive? {
        guard added != taken, places.first != taken else { return nil }
        taken &+= 1
        guard nearCount > 0 else { return far.popFirst().map { Drive(packed: $0) } }
        let drive = Drive(packed: UInt8(truncatingIfNeeded: near))
        near >>= 8
        nearCount -= 1
        return drive
    }

    /// Takes the oldest thing if it is something else.
    @inlinable public mutating func popOther() -> Other? {
        guard places.first == taken else { return nil }
        _ = places.popFirst()
        return others.popFirst()
    }

    /// Takes the oldest thing; `asOther` makes something else of a wire to drive.
    @inlinable public mutating func popFirst(
        drive asOther: (Channel, Level) -> Other
    ) -> Other? {
        if let drive = popDrive() { return asOther(drive.channel, drive.level) }
        return popOther()
    }

    /// The drives that ``near`` holds.
    @inlinable static var nearMax: Int { 8 }
}
