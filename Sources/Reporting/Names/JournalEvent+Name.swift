public import Decoding
import MQTTProtocol

extension JournalEvent {
    /// The types of a journal's events, as ``typeName`` has them.
    public static let typeNames = ["app", "mqtt", "bridge", "fault", "arrival", "marker"]

    /// The type in files and on the command line; nil for what could not be read.
    public var typeName: String? {
        switch content {
        case .application: "app"
        case .packet, .notMQTT: "mqtt"
        case .bridge: "bridge"
        case .fault, .faultEnded: "fault"
        case .arrived: "arrival"
        case .marker: "marker"
        case .damaged: nil
        }
    }

    /// Who did it, in files; nil for what nobody did.
    var originName: String? {
        switch content {
        case .application: "application"
        case .packet(_, let sender, _), .notMQTT(_, let sender):
            sender == .client ? "bridge" : "broker"
        case .bridge: "bridge"
        case .arrived: "broker"
        case .fault, .faultEnded, .marker, .damaged: nil
        }
    }
}
