public import Signals

extension LinkEvent {
    /// The types of events that are no messages, as ``typeName`` has them.
    public static let typeNames = [
        "reset", "sync", "watchdog", "running", "stop", "joined", "no-sync", "aligned",
        "gap",
    ]

    /// The type in files and on the command line; nil for what is only counted.
    public var typeName: String? {
        switch self {
        case .message(let message): message.typeName
        case .reset: "reset"
        case .synchronised: "sync"
        case .watchdog: "watchdog"
        case .running: "running"
        case .stopped: "stop"
        case .joined: "joined"
        case .notSynchronised: "no-sync"
        case .aligned: "aligned"
        case .gap: "gap"
        case .traffic: nil
        }
    }

    /// When it began; nil for what is only counted.
    public var start: Timestamp? {
        switch self {
        case .message(let message): message.frame.start
        case .reset(let reset): reset.start
        case .synchronised(let synchronisation): synchronisation.time
        case .watchdog(let watchdog): watchdog.start
        case .running(let running): running.time
        case .stopped(let stop): stop.time
        case .joined(let time): time
        case .notSynchronised(let time, _): time
        case .aligned(let time, _): time
        case .gap(let gap, _): gap.start
        case .traffic: nil
        }
    }

    /// When it ended, as far as the capture shows it; nil for what is only counted.
    public var end: Timestamp? {
        switch self {
        case .message(let message): message.frame.end
        case .reset(let reset): reset.end ?? reset.start
        case .watchdog(let watchdog): watchdog.end
        case .gap(let gap, _): gap.end
        case .synchronised, .running, .stopped, .joined, .notSynchronised, .aligned: start
        case .traffic: nil
        }
    }
}
