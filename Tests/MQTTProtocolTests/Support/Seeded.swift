import MQTTProtocol

/// Numbers that look random and are the same for the same seed, everywhere (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

extension Seeded {
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func flag() -> Bool { Bool.random(using: &self) }

    mutating func identifier() -> UInt16 { UInt16.random(in: 1...UInt16.max, using: &self) }

    mutating func quality() -> MQTTQualityOfService { MQTTQualityOfService.allCases[below(3)] }

    mutating func message() -> [UInt8] {
        let count = below(8) == 0 ? below(700) : below(12)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    mutating func text() -> [UInt8] {
        let alphabet: [String] = ["a", "b", "/", "$", " ", "é", "世", "🦉", "\u{7f}", "\u{feff}"]
        return (0..<below(9)).flatMap { _ in bytes(alphabet[below(alphabet.count)]) }
    }

    mutating func topic() -> [UInt8] { bytes("t") + text() }

    mutating func filter() -> [UInt8] {
        let filters = ["#", "+", "/", "a/+/b", "a/#", "+/+", "/+"]
        return flag() ? bytes(filters[below(filters.count)]) : topic()
    }

    mutating func packet() -> MQTTPacket {
        switch below(14) {
        case 0: .connect(connect())
        case 1: connectAcknowledgement()
        case 2, 3: .publish(publish())
        case 4: .publishAcknowledgement(identifier())
        case 5: .publishReceived(identifier())
        case 6: .publishRelease(identifier())
        case 7: .publishComplete(identifier())
        case 8:
            .subscribe(
                packetIdentifier: identifier(),
                (0...below(4)).map { _ in MQTTSubscription(filter: filter(), qos: quality()) })
        case 9:
            .subscribeAcknowledgement(
                packetIdentifier: identifier(),
                (0...below(4)).map { _ in [0, 1, 2, 0x80][below(4)] })
        case 10:
            .unsubscribe(
                packetIdentifier: identifier(), (0...below(4)).map { _ in filter() })
        case 11: .unsubscribeAcknowledgement(identifier())
        case 12: flag() ? .pingRequest : .pingResponse
        default: .disconnect
        }
    }

    private mutating func connectAcknowledgement() -> MQTTPacket {
        let code = MQTTReturnCode.allCases[below(6)]
        return .connectAcknowledgement(sessionPresent: code == .accepted && flag(), code)
    }

    private mutating func connect() -> MQTTConnect {
        let user = flag() ? text() : nil
        return MQTTConnect(
            clientIdentifier: topic(), cleanSession: flag(), keepAliveSeconds: identifier(),
            will: flag()
                ? MQTTWill(
                    topic: topic(), message: message(), isRetained: flag(), qos: quality()) : nil,
            user: user, password: user != nil && flag() ? message() : nil)
    }

    private mutating func publish() -> MQTTPublish {
        let qos = quality()
        return MQTTPublish(
            topic: topic(), message: message(), qos: qos, isRetained: flag(),
            isDuplicate: qos != .atMostOnce && flag(),
            packetIdentifier: qos == .atMostOnce ? 0 : identifier())
    }
}
