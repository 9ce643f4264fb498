#if Broker
import Foundation
import LivePorts

/// What a transport has told.
final class TransportLog: @unchecked Sendable {
    private let condition = NSCondition()
    private var bytes: [UInt8] = []
    private var chunks: [Int] = []
    private var opened = 0
    private var closings: [String?] = []
    private var isOrdered = true

    func hear(_ event: BrokerTransportEvent) {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        if !closings.isEmpty { isOrdered = false }
        switch event {
        case .opened:
            opened += 1
            if !chunks.isEmpty { isOrdered = false }
        case .received(let more):
            if opened == 0 { isOrdered = false }
            chunks.append(more.count)
            bytes += more
        case .closed(let reason): closings.append(reason)
        }
    }

    private func wait(_ seconds: Double, _ isSo: () -> Bool) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: seconds)
        while !isSo() {
            guard condition.wait(until: end) else { return isSo() }
        }
        return true
    }

    private func read<Value>(_ value: () -> Value) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return value()
    }

    var isOpen: Bool { read { opened > 0 && closings.isEmpty } }
    /// opened once at most and first, closed once at most and last.
    var isInOrder: Bool { read { isOrdered && opened <= 1 && closings.count <= 1 } }
    var received: [UInt8] { read { bytes } }
    var count: Int { read { bytes.count } }
    var chunkSizes: [Int] { read { chunks } }
    var isSilent: Bool { read { opened == 0 && chunks.isEmpty && closings.isEmpty } }
    var isClosed: Bool { read { !closings.isEmpty } }

    func waitOpened(within seconds: Double = 20) -> Bool {
        wait(seconds) { opened > 0 || !closings.isEmpty } && read { opened > 0 }
    }

    func waitReceived(_ count: Int, within seconds: Double = 60) -> Bool {
        wait(seconds) { bytes.count >= count || !closings.isEmpty } && read { bytes.count >= count }
    }

    /// Why it was closed; nil if it was not.
    func waitClosed(within seconds: Double = 20) -> String? {
        guard wait(seconds, { !closings.isEmpty }) else { return nil }
        return read { closings[0] ?? "in good order" }
    }
}
#endif
