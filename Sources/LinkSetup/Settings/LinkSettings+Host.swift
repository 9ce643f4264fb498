public import HostProtocol
import LinkProtocol
import Signals

extension LinkSettings {
    /// The configuration of a host.
    ///
    /// - Throws: a ``SettingsFault`` that names the key which is missing, or holds what the link cannot
    ///   carry or the host not use.
    public func hostConfiguration() throws(SettingsFault) -> HostConfiguration {
        let texts = try checkedTexts()
        try checkTimes()
        var configuration = HostConfiguration(
            ssid: texts.ssid, password: texts.password, broker: texts.broker)
        var fields = configuration.initialisation
        fields.user = Array(network.user.utf8)
        fields.userPassword = Array(network.userPassword.text.utf8)
        fields.tlsParameters = Array(network.tlsParameters.text.utf8)
        fields.usesDefaultNetwork = network.usesDefaultNetwork
        fields.port = network.port
        fields.usesTLS = network.usesTLS
        fields.isFast = network.isFast
        fields.keepaliveSeconds = network.keepaliveSeconds
        fields.isDebugging = network.isDebugging
        fields.cleanSession = network.cleanSession
        fields.republicationsMax = network.republicationsMax
        fields.responseTimeSeconds = network.responseTimeSeconds
        fields.pingIntervalSeconds = network.pingIntervalSeconds
        fields.timeserver = Array(network.timeserver.utf8)
        configuration.initialisation = fields
        configuration.will = try checkedWill()
        configuration.statusHandler = network.statusHandler
        configuration.refusalDelay = network.refusalDelay
        configuration.link.characterSize = try hardware.characterSize()
        configuration.link.watchdogTimeout = hardware.timeout
        configuration.link.resetPulse = hardware.resetPulse
        configuration.link.settling = hardware.settling
        configuration.link.settlingMax = max(hardware.settling, hardware.settlingMax)
        configuration.link.idlePause = hardware.idlePause
        return configuration
    }

    // What came from a file was checked there, where the line is known; what came from Swift was not.

    private func checkedTexts() throws(SettingsFault) -> (
        ssid: [UInt8], password: [UInt8], broker: [UInt8]
    ) {
        guard let ssid = network.ssid, let password = network.password?.text,
            let broker = network.broker
        else { throw absence }
        try check("ssid", ssid)
        try check("password", password)
        try check("broker", broker)
        if broker.isEmpty { throw fault("broker", "must be a name or an address, and is empty") }
        try check("mqtt_user", network.user)
        try check("mqtt_pw", network.userPassword.text)
        try check("timeserver", network.timeserver)
        do throws(SettingComplaint) {
            try TLSLiteral.check(network.tlsParameters.text)
        } catch {
            throw fault("ssl_params", error.reason)
        }
        return (Array(ssid.utf8), Array(password.utf8), Array(broker.utf8))
    }

    /// What has no default, all of it in one complaint.
    private var absence: SettingsFault {
        let missing = [
            ("ssid", network.ssid == nil), ("password", network.password == nil),
            ("broker", network.broker == nil),
        ].filter(\.1).map(\.0)
        let variables = missing.compactMap { SettingKey.named($0)?.variable }
            .joined(separator: ", ")
        if missing.count == 1 {
            return fault(
                missing[0],
                "must be given: in a file of settings, or by \(variables) in the environment")
        }
        return SettingsFault(
            .settings,
            missing.map { "`\($0)`" }.joined(separator: ", ")
                + " must be given: in a file of settings, or in the environment, as " + variables)
    }

    private func check(_ name: String, _ text: String) throws(SettingsFault) {
        do throws(SettingComplaint) {
            try LinkText.check(text)
        } catch {
            throw fault(name, error.reason)
        }
    }

    private func checkedWill() throws(SettingsFault) -> Publication? {
        guard let will = network.will else { return nil }
        let topic = will.topic
        try check("will.topic", topic)
        if topic.isEmpty { throw fault("will.topic", "must be given when there is a will") }
        if topic.contains(where: { "+#".contains($0) }) {
            throw fault("will.topic", "must not hold the wildcards + and #")
        }
        try check("will.message", will.message)
        return Publication(
            topic: Array(topic.utf8), message: Array(will.message.utf8),
            retain: Retain(will.isRetained), qos: will.qos)
    }

    private func checkTimes() throws(SettingsFault) {
        for time in SettingRange.all where !time.range.contains(self[keyPath: time.place]) {
            throw fault(
                time.name,
                "must be \(SettingTime.words(for: time.range)), not "
                    + SettingTime.text(self[keyPath: time.place]))
        }
    }

    private func fault(_ key: String, _ reason: String) -> SettingsFault {
        SettingsFault(.settings, key: key, reason)
    }
}
