public import MQTTProtocol
public import Signals

extension SimulatedBroker {
    /// What the broker does with its clients, and how much it keeps. Counts are at least 1.
    public struct Configuration: Hashable, Sendable {
        /// Send what a subscriber has not acknowledged again after this time, as brokers of MQTT
        /// 3.1 did; nil, or not more than zero: only after a reconnection, as 3.1.1 wants it.
        public var retryInterval: Nanoseconds?
        /// The most messages that wait for one client. What is too much is dropped and counted.
        public var queuedMessagesMax = 1_000
        /// The most qos 1 messages on their way to one client; at most 16,384.
        public var inFlightMax = 20
        /// The most messages kept for later subscribers; further topics are not kept.
        public var retainedMessagesMax = 1_000
        /// The most filters of one client; further ones are refused.
        public var subscriptionsMax = 1_000
        /// The most clients, connected or remembered; further ones are refused.
        public var sessionsMax = 1_000
        /// The longest packet that is taken, in bytes.
        public var packetLengthMax = 1 << 20
        /// The answer to every CONNECT; nil: accepted if its user is.
        public var refuses: MQTTReturnCode?
        /// The only user that is accepted; nil: any, and none.
        public var user: [UInt8]?
        /// The password of that user; nil: any, and none.
        public var password: [UInt8]?

        /// A broker that accepts everybody.
        public init() {}

        /// The same within its limits.
        var limited: Configuration {
            var limited = self
            if let interval = retryInterval {
                limited.retryInterval =
                    interval > .zero ? min(interval, MQTTClientConfiguration.spanMax) : nil
            }
            limited.queuedMessagesMax = max(1, queuedMessagesMax)
            limited.inFlightMax = min(max(1, inFlightMax), 16_384)
            limited.retainedMessagesMax = max(1, retainedMessagesMax)
            limited.subscriptionsMax = max(1, subscriptionsMax)
            limited.sessionsMax = max(1, sessionsMax)
            return limited
        }
    }
}
