// Time as the core knows it: integers that somebody else read off a clock. Nothing in this module,
// or in any module that stands on it, asks what time it is.

/// A span of time in whole nanoseconds; negative spans are allowed.
public struct Nanoseconds: Hashable, Comparable, Sendable {
    /// The span, in nanoseconds.
    public var count: Int64

    /// A span of `count` nanoseconds.
    @inlinable public init(_ count: Int64) { self.count = count }

    /// The empty span.
    public static var zero: Nanoseconds { Nanoseconds(0) }

    /// A span of whole microseconds. Precondition: it fits 64 bits of nanoseconds (292 years).
    @inlinable public static func microseconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(count * 1_000)
    }

    /// A span of whole milliseconds. Precondition: it fits 64 bits of nanoseconds (292 years).
    @inlinable public static func milliseconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(count * 1_000_000)
    }

    /// A span of whole seconds. Precondition: it fits 64 bits of nanoseconds (292 years).
    @inlinable public static func seconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(count * 1_000_000_000)
    }

    /// Orders spans by length.
    @inlinable public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.count < right.count
    }

    /// The sum of two spans.
    @inlinable public static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count + right.count)
    }

    /// The difference of two spans.
    @inlinable public static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count - right.count)
    }
}

/// A moment, in whole nanoseconds since the start of the capture (or of the machine's world).
///
/// Whatever brings moments in from outside (a file, an instrument) keeps them within
/// ``earliest`` ... ``latest``, so that the difference of any two can be taken without overflow.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since the start of the capture.
    public var nanoseconds: Int64

    /// The moment `nanoseconds` after the start of the capture.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The start of the capture.
    public static var zero: Timestamp { Timestamp(nanoseconds: 0) }

    /// The first moment that may enter from outside: 73 years before the start.
    public static var earliest: Timestamp { Timestamp(nanoseconds: -(1 << 61)) }

    /// The last moment that may enter from outside: 73 years after the start.
    public static var latest: Timestamp { Timestamp(nanoseconds: 1 << 61) }

    /// Orders moments in time.
    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The span from `right` to `left`.
    @inlinable public static func - (left: Timestamp, right: Timestamp) -> Nanoseconds {
        Nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    /// The moment that lies `right` after `left`.
    @inlinable public static func + (left: Timestamp, right: Nanoseconds) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds + right.count)
    }

    /// The moment that lies `right` before `left`.
    @inlinable public static func - (left: Timestamp, right: Nanoseconds) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds - right.count)
    }
}
