import MQTTProtocol

/// A transport as its owner sees it: what is sent on it must be MQTT, CONNECT first.
struct TransportCheck {
    /// It was asked for and is not closed.
    private(set) var isThere = false
    /// It was opened.
    private(set) var isOpen = false
    /// It is gone, which its owner may not have heard when it closes it.
    private var isLost = false
    private var reader = MQTTPacketReader(packetLengthMax: 1 << 20, sender: .client)
    private var hasConnect = false
    /// What the broker has to say to what was sent, oldest first.
    private var answers: [MQTTPacket] = []

    /// It was asked for: now it is open. False if it was not asked for, or is open already.
    mutating func accept() -> Bool {
        guard isThere, !isOpen else { return false }
        isOpen = true
        return true
    }

    mutating func open() {
        precondition(!isThere, "a transport is open")
        self = TransportCheck()
        isThere = true
    }

    mutating func close() {
        precondition(isThere || isLost, "closes no transport")
        forget()
        isLost = false
    }

    /// The other end, or the network, has closed it.
    mutating func forget() {
        isThere = false
        isOpen = false
        isLost = true
    }

    mutating func send(_ bytes: [UInt8]) {
        precondition(isOpen, "sends on no transport")
        reader.append(bytes)
        do throws(MQTTFault) {
            while let reading = try reader.next() {
                guard case .packet(let packet) = reading else { continue }
                precondition(hasConnect != (packet.type == .connect), "CONNECT is not the first")
                hasConnect = true
                answer(packet)
            }
        } catch {
            preconditionFailure("what is sent is not MQTT: \(error)")
        }
        precondition(reader.byteCount == 0, "half a packet is sent")
    }

    private mutating func answer(_ packet: MQTTPacket) {
        switch packet {
        case .connect: answers.append(.connectAcknowledgement(sessionPresent: false, .accepted))
        case .publish(let publish) where publish.qos == .atLeastOnce:
            answers.append(.publishAcknowledgement(publish.packetIdentifier))
        case .subscribe(let identifier, let wanted):
            answers.append(
                .subscribeAcknowledgement(
                    packetIdentifier: identifier, wanted.map { $0.qos.rawValue }))
        case .unsubscribe(let identifier, _):
            answers.append(.unsubscribeAcknowledgement(identifier))
        case .pingRequest: answers.append(.pingResponse)
        default: break
        }
    }

    mutating func nextAnswer() -> [UInt8]? {
        answers.isEmpty ? nil : try? answers.removeFirst().encoded()
    }
}
