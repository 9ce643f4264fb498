public import Signals

/// What is found out about a recording while it goes on.
public struct RecordingFacts: Hashable, Sendable {
    /// What the edges hold of secrets; nil while nobody can know.
    public var secrets: CaptureMetadata.Secrets?
    /// The step of the time stamps; nil when nothing new is known.
    public var resolution: Nanoseconds?

    /// Nothing yet.
    public init(secrets: CaptureMetadata.Secrets? = nil, resolution: Nanoseconds? = nil) {
        self.secrets = secrets
        self.resolution = resolution
    }

    /// Adds what was found out later: what was found once stays found.
    public mutating func learn(_ later: RecordingFacts) {
        if let found = later.secrets, found.weight > secrets?.weight ?? -1 { secrets = found }
        resolution = later.resolution ?? resolution
    }

    /// That something was not found says nothing any more.
    mutating func forgetAbsence() {
        if secrets != .present { secrets = nil }
    }
}

extension CaptureMetadata.Secrets {
    /// What is found later outweighs what was found earlier if it is more.
    fileprivate var weight: Int {
        switch self {
        case .unknown: 0
        case .notSeen: 1
        case .none: 2
        case .scrubbed: 3
        case .present: 4
        }
    }
}
