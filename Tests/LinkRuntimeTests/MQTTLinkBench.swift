import HostProtocol
import HostTesting
import LinkRuntime
import Synchronization
import Testing

/// A link over a host's session that a test drives.
struct MQTTLinkBench {
    let link: MQTTLink
    let engine: SessionEngine

    init(
        onStatus: MQTTLink.StatusHandler? = nil, onCrash: MQTTLink.CrashHandler? = nil,
        change: (inout HostConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = SessionEngine.configuration
        if onStatus != nil { configuration.statusHandler = .application }
        change(&configuration)
        var made: SessionEngine?
        link = MQTTLink(onStatus: onStatus, onCrash: onCrash) { output, ended in
            let engine = SessionEngine(configuration, output: output, ended: ended)
            made = engine
            return engine
        }
        engine = try #require(made)
        try link.start()
    }

    /// Waits until this many calls have arrived.
    func calls(_ count: Int) async -> Bool {
        let engine = engine
        return await eventually { engine.callCount >= count }
    }
}

/// Values in the order in which they came, from any thread.
final class Collected<Value: Sendable>: Sendable {
    private let kept = Mutex<[Value]>([])

    func add(_ value: Value) { kept.withLock { $0.append(value) } }
    var values: [Value] { kept.withLock { $0 } }
}
