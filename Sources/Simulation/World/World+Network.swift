import BridgeProtocol
import MQTTProtocol
import Signals

// What the bridge's outputs cause in the network, and what comes back.

extension World {
    mutating func follow(_ output: BridgeMachine.Output) {
        switch output {
        case .associate: associate()
        case .dissociate: dissociate()
        case .openTransport: openTransport()
        case .closeTransport: closeTransport()
        case .transportSend(let bytes): send(bytes)
        case .setReading(let isReading): setReading(isReading)
        case .queryInternet:
            agenda.add(
                .internet(isReachable: network.isAssociated, power: power.life),
                at: now + .milliseconds(30))
        case .queryTime:
            agenda.add(
                .serverTime(isKnown: network.isAssociated, power: power.life),
                at: now + .milliseconds(40))
        case .queryMemory:
            // The reference's own figures, and a little that varies.
            let varying = Int64(network.random.below(512))
            agenda.add(.memory(free: 27_168 - varying, power: power.life), at: now)
        case .event(let event): ledger.take(event, at: now, if: scenario.keepsLedger)
        case .drive, .lamp, .imitated: break
        }
    }

    // MARK: Wi-Fi

    private mutating func associate() {
        network.search += 1
        network.isSearching = true
        network.isAssociated = false
        if network.isInRange { findNetwork() }
    }

    /// The bridge's search is going to succeed.
    mutating func findNetwork() {
        guard network.isSearching else { return }
        agenda.add(.associated(search: network.search), at: now + network.associationTime())
    }

    private mutating func dissociate() {
        network.search += 1
        network.isSearching = false
        network.isAssociated = false
        breakConnection(bridgeNotices: false, brokerNotices: false)
    }

    mutating func associated(search: Int) {
        guard search == network.search, network.isSearching, network.isInRange else { return }
        network.isSearching = false
        network.isAssociated = true
        tellBridge(.network(.associated))
    }

    mutating func beginOutage() {
        network.outagesUnderWay += 1
        network.isInRange = false
        guard network.isAssociated else { return }
        network.isAssociated = false
        agenda.add(.networkLost(search: network.search), at: now + .milliseconds(500))
        breakConnection(bridgeNotices: false, brokerNotices: false)
    }

    mutating func endOutage() {
        network.outagesUnderWay -= 1
        guard network.outagesUnderWay == 0 else { return }
        network.isInRange = true
        findNetwork()
    }

    // MARK: The connection to the broker

    private mutating func openTransport() {
        network.connectionsMade += 1
        network.connection = network.connectionsMade
        network.isOpen = false
        network.brokerKnows = false
        network.isReading = true
        network.heldBytes.removeAll()
        network.toBrokerFree = now
        network.toBridgeFree = now
        guard network.isAssociated else { return }
        let time = now + network.latency() + network.latency()
        if network.brokerIsUp {
            agenda.add(.transportOpened(connection: network.connection), at: time)
        } else {
            agenda.add(.transportClosed(connection: network.connection), at: time)
        }
    }

    mutating func transportOpened(_ connection: Int) {
        guard connection == network.connection, network.brokerIsUp else { return }
        network.isOpen = true
        network.brokerKnows = true
        tellBroker(.connectionOpened(connection))
        tellBridge(.transportOpened)
    }

    private mutating func closeTransport() {
        guard network.connection != 0 else { return }
        if network.brokerKnows {
            agenda.add(
                .clientGone(connection: network.connection),
                at: max(network.toBrokerFree, now + network.latency()))
        }
        network.connection = 0
        network.isOpen = false
    }

    /// The connection breaks; what is under way is lost.
    mutating func breakConnection(bridgeNotices: Bool, brokerNotices: Bool) {
        let connection = network.connection
        guard connection != 0 else { return }
        ledger.connectionBroke(at: now, if: scenario.keepsLedger)
        network.isOpen = false
        if brokerNotices, network.brokerKnows {
            agenda.add(.clientGone(connection: connection), at: now + network.latency())
        }
        network.connection = 0
        network.heldBytes.removeAll()
        if bridgeNotices { tellBridge(.transportClosed) }
    }

    mutating func transportClosed(_ connection: Int) {
        guard connection == network.connection else { return }
        network.connection = 0
        network.isOpen = false
        tellBridge(.transportClosed)
    }

    private mutating func send(_ bytes: [UInt8]) {
        guard network.isOpen else { return }
        var start = 0
        // TCP keeps the order of bytes, not their packets.
        if bytes.count > 1, network.random.once(in: 8) {
            start = network.random.number(in: 1...(bytes.count - 1))
            sendPiece(Array(bytes[..<start]), isWhole: false)
        }
        sendPiece(Array(bytes[start...]), isWhole: start == 0)
    }

    private mutating func sendPiece(_ bytes: [UInt8], isWhole: Bool) {
        network.toBrokerFree = max(network.toBrokerFree, now + network.latency())
        agenda.add(
            .bytesToBroker(connection: network.connection, bytes, isWhole: isWhole),
            at: network.toBrokerFree)
    }

    mutating func bytesToBroker(_ connection: Int, _ bytes: [UInt8], isWhole: Bool) {
        // What a client sent before it closed still arrives; what was cut off does not.
        guard network.brokerIsUp, connection == network.connection || network.connection == 0
        else { return }
        tellBroker(.received(connection, bytes))
        // Half a packet twice would be another packet: no network does that.
        if network.repeatsNextBytes, isWhole, connection == network.connection {
            network.repeatsNextBytes = false
            tellBroker(.received(connection, bytes))
            breakConnection(bridgeNotices: true, brokerNotices: true)
        }
    }

    private mutating func setReading(_ isReading: Bool) {
        network.isReading = isReading
        readHeldBytes()
    }

    /// What waits in the socket is read piece by piece, as long as the bridge reads.
    mutating func readHeldBytes() {
        guard network.isReading else { return }
        for bytes in network.heldBytes {
            agenda.add(.bytesToBridge(connection: network.connection, bytes), at: now)
        }
        network.heldBytes.removeAll()
    }

    mutating func bytesToBridge(_ connection: Int, _ bytes: [UInt8]) {
        guard connection == network.connection, network.isOpen else { return }
        // A bridge that stands still reads nothing: what arrives waits in its socket.
        if network.isReading, network.heldBytes.isEmpty, !power.isFrozen {
            tellBridge(.transportReceived(bytes))
        } else {
            network.heldBytes.append(bytes)
        }
    }

    // MARK: The broker

    mutating func tellBroker(_ input: SimulatedBroker.Input) {
        network.broker.handle(input, at: now)
        while let output = network.broker.nextOutput() {
            switch output {
            case .send(let connection, let bytes):
                guard connection == network.connection else { continue }
                network.toBridgeFree = max(network.toBridgeFree, now + network.latency())
                agenda.add(
                    .bytesToBridge(connection: connection, bytes), at: network.toBridgeFree)
            case .close(let connection):
                agenda.add(
                    .transportClosed(connection: connection),
                    at: max(network.toBridgeFree, now + network.latency()))
            case .arrived(let arrival):
                journal(
                    .surroundings,
                    Surroundings.arrived(
                        topic: arrival.topic, message: arrival.message,
                        qos: arrival.qos.rawValue, isDuplicate: arrival.isDuplicate
                    ).record())
                ledger.take(arrival, at: now, if: scenario.keepsLedger)
            case .acknowledged: break
            }
        }
        brokerDeadline = network.broker.deadline ?? .never
    }

    mutating func killBroker(keepingSessions: Bool) {
        network.broker.restart(keepingSessions: keepingSessions)
        if !keepingSessions { ledger.brokerForgets(at: now) }
        network.brokerKnows = false
        breakConnection(bridgeNotices: true, brokerNotices: false)
        brokerDeadline = network.broker.deadline ?? .never
    }
}
