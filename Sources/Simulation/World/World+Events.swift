import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals

// What happens when its time has come.

extension World {
    mutating func perform(_ event: WorldEvent) {
        switch event {
        case .startHost: tellHost(.start)
        case .bootBridge(let life): boot(life)
        case .associated(let search): associated(search: search)
        case .networkLost(let search):
            if search == network.search { tellBridge(.network(.lost)) }
        case .transportOpened(let connection): transportOpened(connection)
        case .transportClosed(let connection): transportClosed(connection)
        case .bytesToBroker(let connection, let bytes, let isWhole):
            bytesToBroker(connection, bytes, isWhole: isWhole)
        case .clientGone(let connection): tellBroker(.connectionClosed(connection))
        case .bytesToBridge(let connection, let bytes): bytesToBridge(connection, bytes)
        case .internet(let isReachable, let life):
            if life == power.life { tellBridge(.internet(isReachable: isReachable)) }
        case .serverTime(let isKnown, let life):
            if life == power.life { tellBridge(.serverTime(isKnown ? time : nil)) }
        case .memory(let free, let life):
            if life == power.life { tellBridge(.memory(free: free, allocated: 10_688)) }
        case .application(let action): act(action)
        case .fault(let fault): begin(fault)
        case .faultEnds(let end): self.end(end)
        }
    }

    /// The time in the world, which begins in the autumn of 2026.
    private var time: Nanoseconds { .seconds(848_662_080) + (now - .zero) }

    // MARK: Power

    mutating func resetChanged(to level: Level) {
        if level == .low {
            cutPower()
        } else {
            var bootTime = scenario.preset.bootTime + power.spread(scenario.preset.bootTimeSpread)
            if let slow = power.slowBoot {
                bootTime = slow.time
                power.slowBoot = slow.boots > 1 ? (slow.time, slow.boots - 1) : nil
            }
            agenda.add(.bootBridge(power: power.life), at: now + bootTime)
        }
    }

    /// The bridge forgets everything, and its wires fall.
    mutating func cutPower() {
        power.life += 1
        power.isFrozen = false
        power.missedInputs.removeAll()
        bridgeWake = .never
        if power.isOn {
            ledger.bridgeStops(at: now)
            breakConnection(bridgeNotices: false, brokerNotices: network.showsKilledClient)
            tellBridge(.powerOff)
        }
        power.isOn = false
        network.search += 1
        network.isSearching = false
        network.isAssociated = false
    }

    private mutating func boot(_ life: Int) {
        guard life == power.life, levels[.reset] == .high else { return }
        power.isOn = true
        tellBridge(.boot)
    }

    // MARK: Faults

    private mutating func begin(_ fault: Fault) {
        let number = fault.kind.faultName.rawValue
        journal(.surroundings, Surroundings.fault(number: number, fault.length).record())
        switch fault.kind {
        case .freeze(let length):
            guard power.isOn, !power.isFrozen else { return }
            power.isFrozen = true
            power.freezes += 1
            agenda.add(.faultEnds(.freeze(generation: power.freezes)), at: now + length)
        case .crash: if power.isOn { cutPower() }
        case .slowBoot(let time, let boots):
            power.slowBoot = (time, boots)
            // Slowness shows only in a boot.
            if power.isOn { cutPower() }
        case .wifiOutage(let length):
            beginOutage()
            agenda.add(.faultEnds(.wifiOutage), at: now + length)
        case .brokerDown(let length):
            network.brokerDownsUnderWay += 1
            network.brokerIsUp = false
            killBroker(keepingSessions: true)
            agenda.add(.faultEnds(.brokerDown), at: now + length)
        case .brokerRestart(let keepsSessions): killBroker(keepingSessions: keepsSessions)
        case .connectionLoss: breakConnection(bridgeNotices: true, brokerNotices: true)
        case .delay(let length):
            network.toBrokerFree = max(network.toBrokerFree, now + length)
            network.toBridgeFree = max(network.toBridgeFree, now + length)
        case .repeatedBytes: network.repeatsNextBytes = true
        case .glitch(let channel, let length):
            guard glitch == nil else { return }
            glitch = channel
            ledger.glitched(channel, from: now, to: now + length)
            disturb(channel)
            agenda.add(.faultEnds(.glitch(channel)), at: now + length)
        case .missedEdge(let end):
            if end == .host { missesHostWake = true } else { missesBridgeWake = true }
        }
    }

    private mutating func end(_ end: FaultEnd) {
        switch end {
        case .freeze(let generation):
            guard power.isFrozen, generation == power.freezes else { return }
            power.isFrozen = false
            noteEnd(of: .freeze)
            let inputs = power.missedInputs
            power.missedInputs.removeAll()
            for input in inputs { tellBridge(input) }
            if let due = bridge.deadline, due <= now { tellBridge(.timer) } else { noticeThaw() }
            readHeldBytes()
        case .wifiOutage:
            noteEnd(of: .wifiOutage)
            endOutage()
        case .brokerDown:
            noteEnd(of: .brokerDown)
            network.brokerDownsUnderWay -= 1
            network.brokerIsUp = network.brokerDownsUnderWay == 0
        case .delay: break
        case .glitch(let channel): if glitch == channel { endGlitch() }
        }
    }

    private mutating func noteEnd(of name: FaultName) {
        journal(.surroundings, Surroundings.faultEnded(number: name.rawValue).record())
    }
}

extension Fault {
    /// How long the fault lasts by itself; zero for one that is over at once.
    var length: Nanoseconds {
        switch kind {
        case .freeze(let length), .wifiOutage(let length), .brokerDown(let length),
            .delay(let length), .glitch(_, let length), .slowBoot(let length, _):
            length
        case .crash, .brokerRestart, .connectionLoss, .repeatedBytes, .missedEdge: .zero
        }
    }
}
