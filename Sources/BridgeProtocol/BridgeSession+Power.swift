import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: where time enters. Whatever is due at a moment happens in one order, and
// nothing survives a reset but what the network and the broker remember.

extension BridgeSession {
    mutating func boot(at now: Timestamp) {
        powerOff()
        phase = .synchronising
        bootedAt = now
        if configuration.waits.heartbeat > .zero {
            heartbeatAt = now + configuration.waits.heartbeat
        }
    }

    /// The owner's side of a reset: the transport dies with the firmware, and the lamps go out.
    mutating func powerOff() {
        if isTransportOpen { outputs.append(.closeTransport) }
        if heartbeat == .high { outputs.append(.lamp(.heartbeat, .low)) }
        light(.high)
        phase = .off
        uplink = .online
        fields = nil
        will = nil
        network = .remembered
        client = MQTTClient(configuration: MQTTClientConfiguration(clientIdentifier: []))
        clientInputs.removeAll()
        isTransportOpen = false
        commands.removeAll()
        work = .idle
        command = []
        subscriptions.removeAll()
        outbox.removeAll()
        isReading = true
        messageTaskIsDead = false
        heartbeatAt = nil
        heartbeat = .low
    }

    mutating func synchronise() {
        guard case .synchronising = phase else { return }
        phase = .awaitingInit
        note(.synchronised)
    }

    /// Sets the broker's lamp.
    mutating func light(_ level: Level) {
        if brokerLamp == level { return }
        brokerLamp = level
        outputs.append(.lamp(.broker, level))
    }

    /// Does everything that is due.
    mutating func fireDeadlines(at now: Timestamp) {
        guard now.nanoseconds >= wakeAt else { return }
        fireStartDeadline(at: now)
        fireUplinkDeadline(at: now)
        if let deadline = client.deadline, deadline <= now { tell(.timer, at: now) }
        fireWorkDeadline(at: now)
        submitFrames(at: now)
        if let toggle = heartbeatAt, toggle <= now {
            heartbeat = heartbeat.toggled
            outputs.append(.lamp(.heartbeat, heartbeat))
            // One that comes late is made up for, unless it is later than a whole toggle.
            let next = toggle + configuration.waits.heartbeat
            heartbeatAt = next > now ? next : now + configuration.waits.heartbeat
        }
    }

    mutating func updateDeadline() {
        var wake = Int64.max
        func consider(_ time: Timestamp?) {
            if let time, time.nanoseconds < wake { wake = time.nanoseconds }
        }
        guard isPowered else {
            wakeAt = wake
            return
        }
        switch phase {
        case .searching(let until), .settling(let until): consider(until)
        case .off, .synchronising, .awaitingInit, .awaitingAnswer, .connecting, .running, .stuck:
            break
        }
        consider(uplink.deadline)
        consider(client.deadline)
        consider(work.deadline)
        consider(outbox.deadline)
        consider(heartbeatAt)
        wakeAt = wake
    }
}
