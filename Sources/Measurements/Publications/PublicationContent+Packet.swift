import LinkProtocol
import MQTTProtocol

extension PublicationContent {
    /// What a packet brings; nil with a quality of service that the link does not have.
    init?(_ packet: MQTTPublish) {
        guard let qos = QualityOfService(rawValue: packet.qos.rawValue) else { return nil }
        self.init(topic: packet.topic, message: packet.message, qos: qos)
    }
}
