public import BridgeProtocol
public import HostProtocol
public import LinkProtocol
import Signals

/// The configurations of the machines that a capture was made by.
public enum RecordedConfiguration {
    /// The host's configuration; what is masked in it is taken from the wire.
    ///
    /// - Parameters:
    ///   - text: the text that the capture keeps.
    ///   - schedule: the frames of the same capture.
    public static func host(
        _ text: String, schedule: LinkSchedule
    ) throws(ConfigurationFault) -> HostConfiguration {
        var configuration = try HostConfiguration(text: Array(text.utf8))
        for frame in schedule.frames(of: .host) where !frame.isCutOff {
            guard case .message(.initialise(let fields)) = HostMessage.parse(frame.text) else {
                continue
            }
            configuration.initialisation.password = fields.password
            configuration.initialisation.userPassword = fields.userPassword
            configuration.initialisation.tlsParameters = fields.tlsParameters
            break
        }
        return configuration
    }

    /// The bridge's configuration.
    public static func bridge(_ text: String) throws(ConfigurationFault) -> BridgeConfiguration {
        try BridgeConfiguration(text: Array(text.utf8))
    }
}
