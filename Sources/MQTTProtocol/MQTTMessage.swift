/// A message that a subscription brought.
public struct MQTTMessage: Hashable, Sendable {
    /// Its topic, UTF-8 without wildcards.
    public var topic: [UInt8]
    /// Its content, any bytes.
    public var message: [UInt8]
    /// How surely it was delivered: qos 0 or 1.
    public var qos: MQTTQualityOfService
    /// Whether the broker had kept it from before the subscription.
    public var isRetained: Bool
    /// Whether it may have been delivered before.
    public var isDuplicate: Bool

    /// A message.
    public init(
        topic: [UInt8], message: [UInt8], qos: MQTTQualityOfService = .atMostOnce,
        isRetained: Bool = false, isDuplicate: Bool = false
    ) {
        self.topic = topic
        self.message = message
        self.qos = qos
        self.isRetained = isRetained
        self.isDuplicate = isDuplicate
    }
}
