/// A broker's answer to CONNECT.
///
/// The raw values are those of MQTT, and stand in captures. Ref: MQTT 3.1.1 §3.2.2.3.
public enum MQTTReturnCode: UInt8, Hashable, Sendable, CaseIterable {
    case accepted = 0
    case unacceptableProtocol = 1
    case identifierRejected = 2
    case serverUnavailable = 3
    case badUserOrPassword = 4
    case notAuthorised = 5

    /// The answer in words.
    public var name: StaticString {
        switch self {
        case .accepted: "accepted"
        case .unacceptableProtocol: "unacceptable protocol version"
        case .identifierRejected: "client identifier rejected"
        case .serverUnavailable: "server unavailable"
        case .badUserOrPassword: "bad user name or password"
        case .notAuthorised: "not authorised"
        }
    }
}
