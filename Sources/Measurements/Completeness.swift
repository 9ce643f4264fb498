public import Signals

/// How sure it is that a stretch of a capture shows every edge there was.
///
/// Never stated as more than it is: what an observer has read off the wires can be consistent and
/// still miss a burst of whole rounds.
public enum Completeness: UInt8, Hashable, Sendable, CaseIterable, Comparable {
    /// The rules of the link hold: clocks alternate, data moves only in its window, characters make
    /// sense. A burst of whole rounds could still be missing.
    case consistent = 0
    /// Our own end drove the edges.
    case driven = 1

    /// The class's name in files and reports.
    public var name: String {
        switch self {
        case .consistent: "consistent"
        case .driven: "driven"
        }
    }

    /// What the class means, for readers who meet it for the first time.
    public var explanation: String {
        switch self {
        case .consistent:
            "no rule of the link is broken; a burst of whole rounds could still be missing"
        case .driven: "the recorder drove these wires itself"
        }
    }

    /// Orders the classes by how much they claim.
    public static func < (left: Completeness, right: Completeness) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What is known of the time stamps of a capture.
public struct StampFacts: Hashable, Sendable {
    /// A stamp is late by less than this; nil when the capture does not say.
    public var resolution: Nanoseconds?
    /// How far the clock may run fast or slow, in parts per billion; nil when nobody calibrated it.
    public var accuracyPartsPerBillion: Int64?
    /// What the capture says of the clock's accuracy, in words; nil when it says nothing.
    public var accuracy: String?

    /// What is known; by default nothing.
    public init(
        resolution: Nanoseconds? = nil, accuracyPartsPerBillion: Int64? = nil,
        accuracy: String? = nil
    ) {
        self.resolution = resolution
        self.accuracy = accuracy
        self.accuracyPartsPerBillion = accuracyPartsPerBillion
    }

    /// A span between two stamps is off by less than this, either way, before the clock's own
    /// error: one resolution, since each stamp is late by less than one.
    public var spanUncertainty: Nanoseconds? { resolution }
}

/// The capture as a whole.
public struct CaptureFacts: Equatable, Sendable {
    /// A gap, and the session in which it lies.
    public struct GapPlace: Hashable, Sendable {
        /// The gap.
        public var gap: Gap
        /// The session; 0 before the first reset of the capture.
        public var session: Int
    }

    /// Gaps that are listed with their places.
    static let gapsListedMax = 64

    /// Edges of the five wires.
    public var edgeCount: Int64
    /// The begin of the capture.
    public var start: Timestamp
    /// The end of the capture.
    public var end: Timestamp
    /// The time stamps.
    public var stamps: StampFacts
    /// What holds outside the gaps.
    public var completeness: Completeness
    /// Where edges are known to be missing.
    public var gaps: BoundedList<GapPlace>
    /// The time that gaps cover; where several overlap it counts once.
    public var timeInGaps: Nanoseconds

    /// From begin to end.
    public var duration: Nanoseconds { end - start }
    /// No gap is known.
    public var isWithoutGaps: Bool { gaps.count == 0 }
}
