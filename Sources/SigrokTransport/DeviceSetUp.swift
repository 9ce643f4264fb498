#if Sigrok
internal import CSigrok

/// Opens a device and sets it up for a tap.
struct DeviceSetUp {
    let device: SigrokDevice
    private let driver: UnsafeMutablePointer<sr_dev_driver>

    /// Opens the device. To be called by `SigrokLibrary.withContext` only, as all here.
    init(opening device: SigrokDevice) throws(SigrokError) {
        self.device = device
        guard !device.channels.isEmpty else { throw .noLogicChannels(device: device.words) }
        guard let driver = sr_dev_inst_driver_get(device.handle) else {
            throw .library(doing: "opening \(device.words)", problem: "it has no driver")
        }
        self.driver = driver
        _ = SigrokLibrary.takeWords()
        let result = sr_dev_open(device.handle)
        guard result == 0 else {
            let words = SigrokLibrary.takeWords()
            let signs = ["access", "permission", "denied"]
            if signs.contains(where: { words.lowercased().contains($0) }) {
                throw .noPermission(device: device.words, hint: words)
            }
            throw .library(
                doing: "opening \(device.words)",
                problem: words.isEmpty ? String(cString: sr_strerror(result)) : words)
        }
    }

    /// Closes it.
    func close() { sr_dev_close(device.handle) }

    /// Whether it can go on for ever.
    var isContinuous: Bool {
        sr_dev_has_option(device.handle, Int32(bitPattern: SR_CONF_CONTINUOUS.rawValue)) != 0
    }

    /// Sets the rate; throws with the rates that there are.
    func set(sampleRate: UInt64) throws(SigrokError) {
        let rates = SigrokDevice.rates(driver, device.handle)
        let unsupported = SigrokError.unsupportedRate(
            sampleRate, device: device.words, supported: rates.description)
        guard rates.contains(sampleRate) else { throw unsupported }
        guard set(SR_CONF_SAMPLERATE, g_variant_new_uint64(UInt(sampleRate))) == 0,
            number(SR_CONF_SAMPLERATE) ?? sampleRate == sampleRate
        else { throw unsupported }
    }

    /// Switches off what is not wanted: above all analog channels.
    ///
    /// Logic channels below the highest one stay, as some drivers give the first bits of a sample
    /// only, by the number of channels that are on.
    func enableChannels(upTo bit: Int) throws(SigrokError) {
        for channel in SigrokDevice.allChannels(of: device.handle) {
            let isLogic = channel.pointee.type == Int32(SR_CHANNEL_LOGIC.rawValue)
            let isWanted = isLogic && Int(channel.pointee.index) <= bit
            let result = sr_dev_channel_enable(channel, isWanted ? 1 : 0)
            // Some drivers cannot switch channels off, which does no harm.
            guard result != 0, isWanted else { continue }
            throw .library(
                doing: "switching on channel \(text(channel.pointee.name)) of \(device.words)",
                problem: SigrokLibrary.problem(result))
        }
    }

    /// Limits the samples, if the device knows limits.
    func set(samplesMax: UInt64) {
        guard has(SR_CONF_LIMIT_SAMPLES) else { return }
        _ = set(SR_CONF_LIMIT_SAMPLES, g_variant_new_uint64(UInt(samplesMax)))
    }

    /// Applies what was given beside the driver, to the device or to its channels.
    func apply(_ settings: [SigrokDeviceName.Option]) throws(SigrokError) {
        for setting in settings { try apply(setting) }
    }

    private func apply(_ setting: SigrokDeviceName.Option) throws(SigrokError) {
        func bad(_ problem: String) -> SigrokError {
            .badOption(driver: device.driver, option: setting.name, problem: problem)
        }
        guard let (key, type) = OptionValue.key(named: setting.name) else {
            throw bad("libsigrok has no such option")
        }
        // The device itself, and then its groups of channels.
        let logicGroups = elements(of: sr_dev_inst_channel_groups_get(device.handle)).map {
            $0.assumingMemoryBound(to: sr_channel_group.self)
        }.filter { group in
            elements(of: group.pointee.channels).contains {
                $0.assumingMemoryBound(to: sr_channel.self).pointee.type
                    == Int32(SR_CHANNEL_LOGIC.rawValue)
            }
        }
        let places: [UnsafeMutablePointer<sr_channel_group>?] = [nil] + logicGroups
        let able = places.filter {
            UInt32(
                bitPattern: sr_dev_config_capabilities_list(
                    device.handle, $0, Int32(bitPattern: key)))
                & UInt32(truncatingIfNeeded: SR_CONF_SET.rawValue) != 0
        }
        guard !able.isEmpty else { throw bad("this device has no such setting") }
        for place in able {
            guard let value = OptionValue.make(setting.value, type: type) else {
                throw bad("`\(setting.value)` is no value for it")
            }
            defer { g_variant_unref(value) }
            guard sr_config_set(device.handle, place, key, value) == 0 else {
                let known = names(of: key, in: place)
                _ = SigrokLibrary.takeWords()
                throw bad(
                    "the device does not take `\(setting.value)`"
                        + (known.isEmpty ? "" : "; it knows \(known.joined(separator: ", "))"))
            }
        }
    }

    /// The values of a setting that are words.
    private func names(
        of key: UInt32, in group: UnsafeMutablePointer<sr_channel_group>?
    ) -> [String] {
        var listed: OpaquePointer?
        guard sr_config_list(driver, device.handle, group, key, &listed) == 0, let listed else {
            return []
        }
        defer { g_variant_unref(listed) }
        guard String(cString: g_variant_get_type_string(listed)) == "as" else { return [] }
        return (0..<g_variant_n_children(listed)).compactMap { index in
            guard let child = g_variant_get_child_value(listed, index) else { return nil }
            defer { g_variant_unref(child) }
            return text(g_variant_get_string(child, nil))
        }
    }

    private func has(_ key: sr_configkey) -> Bool {
        sr_dev_has_option(device.handle, Int32(bitPattern: key.rawValue)) != 0
    }

    private func set(_ key: sr_configkey, _ value: OpaquePointer?) -> Int32 {
        sr_config_set(device.handle, nil, UInt32(key.rawValue), value)
    }

    private func number(_ key: sr_configkey) -> UInt64? {
        var value: OpaquePointer?
        guard sr_config_get(driver, device.handle, nil, UInt32(key.rawValue), &value) == 0,
            let value
        else { return nil }
        defer { g_variant_unref(value) }
        return UInt64(g_variant_get_uint64(value))
    }
}
#endif
