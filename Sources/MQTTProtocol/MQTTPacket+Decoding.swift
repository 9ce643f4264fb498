// The law of this file: any bytes give a packet or a fault, and a packet only where a strict peer
// could have sent them.

extension MQTTPacket {
    /// Reads a whole packet whose fixed header is checked; `flags` is the lower half of its first
    /// byte.
    init(reading body: inout PacketBody, flags: UInt8) throws(MQTTFault) {
        switch body.type {
        case .connect: self = .connect(try MQTTConnect(reading: &body))
        case .connectAcknowledgement: self = try Self.connectAcknowledgement(reading: &body)
        case .publish: self = .publish(try MQTTPublish(reading: &body, flags: flags))
        case .publishAcknowledgement:
            self = .publishAcknowledgement(try body.packetIdentifier())
        case .publishReceived: self = .publishReceived(try body.packetIdentifier())
        case .publishRelease: self = .publishRelease(try body.packetIdentifier())
        case .publishComplete: self = .publishComplete(try body.packetIdentifier())
        case .subscribe: self = try Self.subscribe(reading: &body)
        case .subscribeAcknowledgement: self = try Self.subscribeAcknowledgement(reading: &body)
        case .unsubscribe: self = try Self.unsubscribe(reading: &body)
        case .unsubscribeAcknowledgement:
            self = .unsubscribeAcknowledgement(try body.packetIdentifier())
        case .pingRequest: self = .pingRequest
        case .pingResponse: self = .pingResponse
        case .disconnect: self = .disconnect
        }
        try body.finish()
    }

    private static func connectAcknowledgement(
        reading body: inout PacketBody
    ) throws(MQTTFault) -> MQTTPacket {
        let flags = try body.byte()
        let offset = body.offset
        let value = try body.byte()
        guard let code = MQTTReturnCode(rawValue: value) else {
            throw .returnCode(body.type, offset: offset, actual: value)
        }
        if flags > 1 || (flags == 1 && code != .accepted) {
            throw .acknowledgeFlags(actual: flags)
        }
        return .connectAcknowledgement(sessionPresent: flags == 1, code)
    }

    private static func subscribe(
        reading body: inout PacketBody
    ) throws(MQTTFault) -> MQTTPacket {
        let identifier = try body.packetIdentifier()
        if body.isAtEnd { throw .emptyPayload(body.type) }
        var subscriptions: [MQTTSubscription] = []
        while !body.isAtEnd {
            let filter = try body.filter()
            let offset = body.offset
            let value = try body.byte()
            guard let qos = MQTTQualityOfService(rawValue: value) else {
                throw .qualityOfService(body.type, offset: offset, actual: value)
            }
            subscriptions.append(MQTTSubscription(filter: filter, qos: qos))
        }
        return .subscribe(packetIdentifier: identifier, subscriptions)
    }

    private static func subscribeAcknowledgement(
        reading body: inout PacketBody
    ) throws(MQTTFault) -> MQTTPacket {
        let identifier = try body.packetIdentifier()
        if body.isAtEnd { throw .emptyPayload(body.type) }
        let offset = body.offset
        let codes = body.rest()
        for (index, code) in codes.enumerated() where code > 2 && code != subscriptionRefused {
            throw .returnCode(body.type, offset: offset + index, actual: code)
        }
        return .subscribeAcknowledgement(packetIdentifier: identifier, codes)
    }

    private static func unsubscribe(
        reading body: inout PacketBody
    ) throws(MQTTFault) -> MQTTPacket {
        let identifier = try body.packetIdentifier()
        if body.isAtEnd { throw .emptyPayload(body.type) }
        var filters: [[UInt8]] = []
        while !body.isAtEnd { filters.append(try body.filter()) }
        return .unsubscribe(packetIdentifier: identifier, filters)
    }
}

extension MQTTPublish {
    /// The qos that the flags of a PUBLISH say.
    static func qualityOfService(flags: UInt8) throws(MQTTFault) -> MQTTQualityOfService {
        guard let qos = MQTTQualityOfService(rawValue: flags >> 1 & 3) else {
            throw .qualityOfService(
                .publish, offset: 0, actual: MQTTPacketType.publish.rawValue << 4 | flags)
        }
        if qos == .atMostOnce, flags & 0b1000 != 0 { throw .duplicateOfQualityZero }
        return qos
    }

    init(reading body: inout PacketBody, flags: UInt8) throws(MQTTFault) {
        qos = try Self.qualityOfService(flags: flags)
        isRetained = flags & 1 != 0
        isDuplicate = flags & 0b1000 != 0
        topic = try body.topic()
        packetIdentifier = qos == .atMostOnce ? 0 : try body.packetIdentifier()
        message = body.rest()
    }
}

extension MQTTConnect {
    init(reading body: inout PacketBody) throws(MQTTFault) {
        let nameOffset = body.offset
        guard try body.field().elementsEqual(ConnectFields.protocolName) else {
            throw .protocolName(offset: nameOffset)
        }
        let level = try body.byte()
        if level != ConnectFields.protocolLevel { throw .protocolLevel(actual: level) }
        let flagsOffset = body.offset
        let flags = try body.byte()
        guard ConnectFields.areConsistent(flags) else { throw .connectFlags(actual: flags) }
        let willQuality = flags >> ConnectFields.willQualityShift & 3
        guard let willQuality = MQTTQualityOfService(rawValue: willQuality) else {
            throw .qualityOfService(body.type, offset: flagsOffset, actual: flags)
        }
        cleanSession = flags & ConnectFields.cleanSessionFlag != 0
        keepAliveSeconds = try body.number()
        clientIdentifier = Array(try body.text())
        will = nil
        user = nil
        password = nil
        if flags & ConnectFields.willFlag != 0 {
            will = MQTTWill(
                topic: try body.topic(), message: Array(try body.field()),
                isRetained: flags & ConnectFields.willRetainFlag != 0, qos: willQuality)
        }
        if flags & ConnectFields.userFlag != 0 { user = Array(try body.text()) }
        if flags & ConnectFields.passwordFlag != 0 { password = Array(try body.field()) }
    }
}
