/// How surely a message reaches those that it is for.
///
/// The raw values are those of MQTT, and stand in captures. Ref: MQTT 3.1.1 §4.3.
public enum MQTTQualityOfService: UInt8, Hashable, Sendable, CaseIterable, Comparable {
    /// Sent once and forgotten.
    case atMostOnce = 0
    /// Sent until it is acknowledged.
    case atLeastOnce = 1
    /// Four packets, never twice. The client of this module closes a connection that brings one.
    case exactlyOnce = 2

    /// Orders by how sure the delivery is.
    @inlinable public static func < (
        left: MQTTQualityOfService, right: MQTTQualityOfService
    ) -> Bool {
        left.rawValue < right.rawValue
    }
}
