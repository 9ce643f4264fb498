// The law of this file: what is written here, the packet reader reads as the same packet.

extension MQTTPacket {
    /// The packet's bytes, or why MQTT cannot carry it.
    public func encoded() throws(MQTTUnsendable) -> [UInt8] {
        try checkSendable()
        let length = remainingLength
        guard length <= PacketLength.valueMax else { throw .packetTooLong(length: length) }
        var writer = PacketWriter(type: type, flags: flags, remainingLength: length)
        switch self {
        case .connect(let connect): writer.append(connect)
        case .connectAcknowledgement(let sessionPresent, let code):
            writer.append(sessionPresent ? 1 : 0)
            writer.append(code.rawValue)
        case .publish(let publish):
            writer.append(text: publish.topic)
            if publish.qos != .atMostOnce { writer.append(number: publish.packetIdentifier) }
            writer.append(contentsOf: publish.message)
        case .publishAcknowledgement(let identifier), .publishReceived(let identifier),
            .publishRelease(let identifier), .publishComplete(let identifier),
            .unsubscribeAcknowledgement(let identifier):
            writer.append(number: identifier)
        case .subscribe(let identifier, let subscriptions):
            writer.append(number: identifier)
            for subscription in subscriptions {
                writer.append(text: subscription.filter)
                writer.append(subscription.qos.rawValue)
            }
        case .subscribeAcknowledgement(let identifier, let codes):
            writer.append(number: identifier)
            writer.append(contentsOf: codes)
        case .unsubscribe(let identifier, let filters):
            writer.append(number: identifier)
            for filter in filters { writer.append(text: filter) }
        case .pingRequest, .pingResponse, .disconnect: break
        }
        return writer.bytes
    }

    /// The bytes behind the fixed header.
    private var remainingLength: Int {
        switch self {
        case .connect(let connect): connect.remainingLength
        case .connectAcknowledgement: 2
        case .publish(let publish): publish.remainingLength
        case .publishAcknowledgement, .publishReceived, .publishRelease, .publishComplete,
            .unsubscribeAcknowledgement:
            2
        case .subscribe(_, let subscriptions):
            subscriptions.reduce(2) { length, subscription in
                length + 3 + subscription.filter.count
            }
        case .subscribeAcknowledgement(_, let codes): 2 + codes.count
        case .unsubscribe(_, let filters):
            filters.reduce(2) { length, filter in length + 2 + filter.count }
        case .pingRequest, .pingResponse, .disconnect: 0
        }
    }

    private var flags: UInt8 {
        guard case .publish(let publish) = self else { return type.fixedFlags }
        return (publish.isDuplicate ? 0b1000 : 0) | publish.qos.rawValue << 1
            | (publish.isRetained ? 1 : 0)
    }
}

extension MQTTPublish {
    /// The bytes behind the fixed header.
    var remainingLength: Int {
        2 + topic.count + (qos == .atMostOnce ? 0 : 2) + message.count
    }

    /// The bytes of the whole packet.
    var packetLength: Int { 1 + PacketLength.byteCount(of: remainingLength) + remainingLength }
}

extension MQTTConnect {
    /// The bytes behind the fixed header.
    var remainingLength: Int {
        var length = 10 + 2 + clientIdentifier.count
        if let will { length += 4 + will.topic.count + will.message.count }
        if let user { length += 2 + user.count }
        if let password { length += 2 + password.count }
        return length
    }
}

/// Appends fields to a packet whose length is known, in one allocation.
private struct PacketWriter {
    private(set) var bytes: [UInt8] = []

    init(type: MQTTPacketType, flags: UInt8, remainingLength: Int) {
        bytes.reserveCapacity(1 + PacketLength.byteCountMax + remainingLength)
        bytes.append(type.rawValue << 4 | flags)
        PacketLength.append(remainingLength, to: &bytes)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(contentsOf field: [UInt8]) { bytes.append(contentsOf: field) }

    mutating func append(number: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number))
    }

    /// The length was checked before.
    mutating func append(text: [UInt8]) {
        append(number: UInt16(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: text)
    }

    mutating func append(_ connect: MQTTConnect) {
        append(text: ConnectFields.protocolName)
        append(ConnectFields.protocolLevel)
        append(ConnectFields.flags(of: connect))
        append(number: connect.keepAliveSeconds)
        append(text: connect.clientIdentifier)
        if let will = connect.will {
            append(text: will.topic)
            append(text: will.message)
        }
        if let user = connect.user { append(text: user) }
        if let password = connect.password { append(text: password) }
    }
}
