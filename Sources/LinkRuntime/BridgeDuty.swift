internal import BridgeProtocol
internal import LivePorts
internal import Signals
internal import Synchronization

/// A bridge's world: its broker, its network, its time server, its lamps.
///
/// Answers come from other threads through the mailbox, each with the number of the request that it
/// belongs to: what belongs to an earlier one is void when it is taken out, however late that is.
final class BridgeDuty: EndDuty, @unchecked Sendable {
    typealias Machine = BridgeMachine

    enum Mail: Sendable {
        case transport(Int, BrokerTransportEvent)
        case network(Int, NetworkChange)
        case internet(Int, Bool)
        case time(Int, Nanoseconds?)
        case memory(free: Int64, allocated: Int64)
    }

    private let ports: LiveBridge.Ports
    private let lamps: any WirePort
    private let note: @Sendable (String, Timestamp) -> Void
    /// Set once, before the thread starts.
    private var post: @Sendable (Mail) -> Bool = { _ in false }

    /// The number of the transport of which something found no room.
    private let overrun = Overrun()

    private final class Overrun: Sendable {
        let number = Atomic<Int>(0)
    }

    // Only the machine's thread touches what follows.
    private var transport: (any BrokerTransport)?
    private var transportNumber = 0
    private var networkNumber = 0
    private var queryNumber = 0
    private var now = Timestamp.zero

    init(
        ports: LiveBridge.Ports, lamps: any WirePort,
        note: @escaping @Sendable (String, Timestamp) -> Void
    ) {
        self.ports = ports
        self.lamps = lamps
        self.note = note
    }

    func connect(_ post: @escaping @Sendable (Mail) -> Bool) { self.post = post }

    func input(of mail: Mail) -> BridgeMachine.Input? {
        switch mail {
        case .transport(let number, let event):
            guard number == transportNumber, transport != nil else { return nil }
            if overrun.number.load(ordering: .relaxed) == number {
                // Bytes are missing: nothing that follows makes sense.
                close()
                note("the broker sent more than could be taken", now)
                return .transportClosed
            }
            return input(of: event)
        case .network(let number, let change):
            guard number == networkNumber else { return nil }
            switch change {
            case .associated: return .network(.associated)
            case .failed: return .network(.failed)
            case .lost: return .network(.lost)
            }
        case .internet(let number, let isReachable):
            return number == queryNumber ? .internet(isReachable: isReachable) : nil
        case .time(let number, let time): return number == queryNumber ? .serverTime(time) : nil
        case .memory(let free, let allocated):
            return .memory(free: free, allocated: allocated)
        }
    }

    private func input(of event: BrokerTransportEvent) -> BridgeMachine.Input {
        switch event {
        case .opened: return .transportOpened
        case .received(let bytes): return .transportReceived(bytes)
        case .closed(let reason):
            transport = nil
            if let reason { note(reason, now) }
            return .transportClosed
        }
    }

    func input(ofReset level: Level) -> BridgeMachine.Input? {
        level == .high ? .boot : .powerOff
    }

    func perform(
        _ output: BridgeMachine.Output, of machine: borrowing BridgeMachine, at now: Timestamp
    ) {
        self.now = now
        switch output {
        case .drive: break
        case .associate(let network): associate(with: network)
        case .dissociate:
            networkNumber += 1
            ports.network.dissociate()
        case .openTransport(let address): open(address)
        case .closeTransport: close()
        case .transportSend(let bytes): transport?.send(bytes)
        case .setReading(let isReading): transport?.setReading(isReading)
        case .queryInternet:
            let number = nextQuery()
            let server = String(decoding: machine.timeServer, as: UTF8.self)
            ports.time.queryInternet(onTheWayTo: server) { [post] in
                _ = post(.internet(number, $0))
            }
        case .queryTime(let server):
            let number = nextQuery()
            ports.time.queryTime(of: String(decoding: server, as: UTF8.self)) { [post] time in
                _ = post(.time(number, time.map { Nanoseconds($0) }))
            }
        case .queryMemory:
            let memory = MachineMemory()
            _ = post(.memory(free: memory.free, allocated: memory.allocated))
        case .lamp(let lamp, let level): light(lamp, level)
        case .imitated, .event: break
        }
    }

    func end() {
        close()
        networkNumber += 1
        queryNumber += 1
        ports.network.dissociate()
    }

    private func nextQuery() -> Int {
        queryNumber += 1
        return queryNumber
    }

    private func associate(with network: BridgeNetwork) {
        networkNumber += 1
        let number = networkNumber
        let choice: NetworkChoice =
            switch network {
            case .remembered: .remembered
            case .specified(let ssid, let password):
                .specified(
                    name: String(decoding: ssid, as: UTF8.self),
                    password: String(decoding: password, as: UTF8.self))
            }
        ports.network.associate(with: choice) { [post] in _ = post(.network(number, $0)) }
    }

    private func open(_ address: BrokerAddress) {
        close()
        transportNumber += 1
        let number = transportNumber
        transport = ports.broker.open(BrokerEndpoint(address)) { [post, overrun] event in
            if !post(.transport(number, event)) { overrun.number.store(number, ordering: .relaxed) }
        }
    }

    private func close() {
        transport?.close()
        transport = nil
    }

    /// A lamp that cannot be shown is no reason to end a link.
    private func light(_ lamp: BridgeLamp, _ level: Level) {
        do throws(WireFailure) {
            switch lamp {
            case .heartbeat: try lamps.show(.heartbeat, level)
            case .broker: try lamps.show(.broker, level)
            }
        } catch {
            return
        }
    }
}
