import LinkProtocol

/// Seeded messages and bytes: the same seed gives the same ones everywhere.
struct MessageGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 1) % bound }

    mutating func flag() -> Bool { below(2) == 1 }

    /// Text that a field can carry.
    mutating func text(from least: Int = 0) -> [UInt8] {
        (0..<(least + below(12))).map { _ in UInt8(1 + below(126)) }
    }

    /// Printable characters other than space that are no command of a host.
    mutating func word() -> [UInt8] { [UInt8(ascii: "?")] + text().map { 0x21 + $0 % 94 } }

    mutating func publication() -> Publication {
        Publication(
            topic: text(from: 1), message: text(), retain: Retain.allCases[below(5)],
            qos: QualityOfService.allCases[below(2)])
    }

    mutating func initialise() -> InitialiseFields {
        var fields = InitialiseFields(ssid: text(), password: text(), broker: text())
        fields.user = text()
        fields.userPassword = text()
        fields.tlsParameters = text()
        fields.usesDefaultNetwork = flag()
        fields.port = UInt16(below(65_536))
        fields.usesTLS = flag()
        fields.isFast = flag()
        fields.keepaliveSeconds = UInt16(below(65_536))
        fields.isDebugging = flag()
        fields.cleanSession = flag()
        fields.republicationsMax = UInt32(truncatingIfNeeded: next())
        fields.responseTimeSeconds = UInt32(below(100))
        fields.pingIntervalSeconds = UInt32(below(100))
        fields.timeserver = text()
        fields.extensions = (0..<below(4)).map { _ in text() }
        if flag() { fields.resumes = true }
        return fields
    }

    mutating func hostMessage() -> HostMessage {
        switch below(7) {
        case 0: .will(publication())
        case 1: .initialise(initialise())
        case 2: .publish(publication())
        case 3: .subscribe(topic: text(from: 1), qos: QualityOfService.allCases[below(2)])
        case 4: .timeRequest
        case 5: .memoryRequest
        default: .other(word() + (flag() ? [127] + text() : []))
        }
    }

    mutating func bridgeMessage() -> BridgeMessage {
        switch below(5) {
        case 0: .status([Status.brokerOK, .specifiedNetwork, .running, .wifiDown][below(4)])
        case 1: .unknown(text: text(), offending: text() + [127] + text())
        case 2: .publication(topic: text(from: 1), message: text(), isRetained: flag())
        case 3: .time(secondsSince2000: Int64(below(1 << 40)))
        default: .memory(free: Int64(below(1 << 20)), allocated: Int64(below(1 << 56)))
        }
    }

    /// Tokens of JSON in an order that is right now and then.
    mutating func json() -> [UInt8] {
        let tokens = [
            "{", "}", "[", "]", ":", ",", "\"", "\"pw\":", "\"a\":", "\"init\",", "\"x\"", "\"{}\"",
            "-1.5e3", "12345", "true", "nul", "\\", "\\u00", "\\u0041", " ", "\u{7f}", "\u{1}",
        ]
        let text = (0..<below(30)).map { _ in tokens[below(tokens.count)] }.joined()
        return Array((["{", "[", " {\"key\":", ""][below(4)] + text).utf8)
    }

    /// Bytes that look like a frame now and then.
    mutating func wreck() -> [UInt8] {
        let alphabet = [UInt8]("winptsmu01269TrueFals{}".utf8) + [127, 127, 127, 127, 127, 127]
        switch below(5) {
        case 0: return (0..<below(40)).map { _ in UInt8(below(256)) }
        case 3: return json()
        case 1: return (0..<below(40)).map { _ in alphabet[below(alphabet.count)] }
        case 2:
            let opening = ["init", "p", "t\u{7f}6", "u", "s", "w", "m", "i", "t"][below(9)]
            return Array(opening.utf8) + [127]
                + (0..<below(90)).map { _ in alphabet[below(alphabet.count)] }
        default:
            var frame = (try? hostMessage().writeAsSpelled()) ?? []
            if frame.isEmpty { return frame }
            for _ in 0..<(1 + below(3)) { frame[below(frame.count)] = UInt8(below(256)) }
            return Array(frame[..<(1 + below(frame.count))])
        }
    }
}
