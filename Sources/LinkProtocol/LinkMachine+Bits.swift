import Signals

// The exchange of bits. Ref: Documentation/Protocol.md, Bits.

extension LinkMachine {
    /// Whether the peer has toggled since the own clock last did.
    private var mayProceed: Bool { (peerClock == phase) == (end == .host) }

    mutating func proceedIfPeerHasToggled(at now: Timestamp) {
        switch state {
        case .stopped, .resetting, .settling, .pausing: return
        case .synchronising, .running: break
        }
        guard mayProceed else { return }
        peerHasAnswered = true
        if isSynchronised {
            if restsBeforeCharacter {
                state = .pausing(until: now + idlePause)
                return
            }
            state = .running(lastToggle: now)
        } else {
            state = .synchronising(lastToggle: now)
        }
        exchangeBit()
        if receiver.isSynchronised, !isSynchronised {
            // The bit just driven still belongs to the pattern.
            transmitter.beginCharacters()
            state = .running(lastToggle: now)
            settling = configuration.settling
            outputs.append(.synchronised)
        } else if end == .host, !isSynchronised,
            bitCount > LinkConfiguration.synchronisationBitsMax
        {
            fail(because: .notSynchronised)
        }
    }

    /// The bridge owes nothing during a rest: the watchdog counts from the toggle that ends it. So a
    /// link with rests and one without are in the same state after the same edges.
    mutating func endPause(at now: Timestamp) {
        state = .running(lastToggle: now)
        exchangeBit()
    }

    /// A rest is short beside the watchdog's time, however short that is.
    private var idlePause: Nanoseconds {
        min(
            configuration.idlePause, LinkConfiguration.idlePauseMax,
            Nanoseconds(configuration.watchdogTimeout.count / 4))
    }

    /// Only the initiator rests, only between characters, and only when neither end is in a frame.
    private var restsBeforeCharacter: Bool {
        end == .host && transmitter.isAtCharacterStart && transmitter.isIdle && receiver.isIdle
            && peerData == .low && idlePause > .zero
    }

    /// Samples the peer's bit, drives the next own bit, and toggles the own clock.
    mutating func exchangeBit() {
        // The peer's toggle says that it has sampled the bit before: a frame whose closing zero
        // was complete then has left the wire.
        let delivered = transmitter.framesSent
        let reception = receiver.receive(peerData.rawValue)
        driveBit(transmitter.nextBit(), clock: phase.toggled)
        if reception == .frame {
            outputs.append(
                .received(frame: receiver.frame, droppedCharacters: receiver.droppedCharacters))
        }
        while framesAcknowledged < delivered, !tags.isEmpty {
            framesAcknowledged += 1
            outputs.append(.sent(tag: tags.removeFirst()))
        }
    }

    /// Data first, then the clock that announces it; a level that is already there is no edge.
    mutating func driveBit(_ bit: UInt8, clock: Level) {
        let data = Level(bit: bit)
        if data != ownData {
            ownData = data
            outputs.append(Drive(end.data, data))
        }
        if clock != phase {
            phase = clock
            outputs.append(Drive(end.clock, clock))
        }
    }
}
