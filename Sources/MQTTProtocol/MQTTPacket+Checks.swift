// The law of this file: a packet that passes here is one that a strict peer takes.

extension MQTTPacket {
    /// Refuses what a peer would have to refuse.
    func checkSendable() throws(MQTTUnsendable) {
        switch self {
        case .connect(let connect): try connect.checkSendable()
        case .connectAcknowledgement(let sessionPresent, let code):
            if sessionPresent, code != .accepted { throw .sessionPresentInRefusal }
        case .publish(let publish): try publish.checkSendable()
        case .publishAcknowledgement(let identifier), .publishReceived(let identifier),
            .publishRelease(let identifier), .publishComplete(let identifier),
            .unsubscribeAcknowledgement(let identifier):
            try Self.check(identifier: identifier)
        case .subscribe(let identifier, let subscriptions):
            try Self.check(identifier: identifier)
            if subscriptions.isEmpty { throw .emptyPayload }
            for subscription in subscriptions { try Self.check(filter: subscription.filter) }
        case .subscribeAcknowledgement(let identifier, let codes):
            try Self.check(identifier: identifier)
            if codes.isEmpty { throw .emptyPayload }
            for code in codes where code > 2 && code != Self.subscriptionRefused {
                throw .returnCode(code)
            }
        case .unsubscribe(let identifier, let filters):
            try Self.check(identifier: identifier)
            if filters.isEmpty { throw .emptyPayload }
            for filter in filters { try Self.check(filter: filter) }
        case .pingRequest, .pingResponse, .disconnect: break
        }
    }

    static func check(text: [UInt8]) throws(MQTTUnsendable) {
        if text.count > MQTTText.lengthMax { throw .textTooLong(length: text.count) }
        switch MQTTText.firstFlaw(in: text[...]) {
        case nil: break
        case .notUTF8(let index), .null(let index): throw .notText(offset: index)
        }
    }

    static func check(topic: [UInt8]) throws(MQTTUnsendable) {
        try check(text: topic)
        if TopicFilter.topicFlaw(in: topic[...]) != nil { throw .topic }
    }

    static func check(filter: [UInt8]) throws(MQTTUnsendable) {
        try check(text: filter)
        if TopicFilter.filterFlaw(in: filter[...]) != nil { throw .filter }
    }

    private static func check(identifier: UInt16) throws(MQTTUnsendable) {
        if identifier == 0 { throw .packetIdentifier(0) }
    }
}

extension MQTTPublish {
    func checkSendable() throws(MQTTUnsendable) {
        try MQTTPacket.check(topic: topic)
        if (packetIdentifier == 0) != (qos == .atMostOnce) {
            throw .packetIdentifier(packetIdentifier)
        }
        if isDuplicate, qos == .atMostOnce { throw .duplicateOfQualityZero }
    }
}

extension MQTTConnect {
    func checkSendable() throws(MQTTUnsendable) {
        try MQTTPacket.check(text: clientIdentifier)
        if clientIdentifier.isEmpty, !cleanSession { throw .identity }
        if let will {
            try MQTTPacket.check(topic: will.topic)
            if will.message.count > MQTTText.lengthMax {
                throw .textTooLong(length: will.message.count)
            }
        }
        if let user { try MQTTPacket.check(text: user) }
        if let password {
            if user == nil { throw .identity }
            if password.count > MQTTText.lengthMax { throw .textTooLong(length: password.count) }
        }
    }
}
