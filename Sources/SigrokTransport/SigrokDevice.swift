#if Sigrok
internal import CSigrok

/// A device that a driver of libsigrok has found.
public struct SigrokDevice: @unchecked Sendable {
    /// The driver's name.
    public let driver: String
    /// Where it is connected, such as `1.5`; nil when that has no name.
    public let connection: String?
    /// Maker, model and version, as far as it says.
    public let title: String
    /// Its logic channels, in the order of their places.
    public let channels: [SigrokChannel]
    /// How often it can sample, as far as it says before it is opened.
    public let rates: SigrokRates
    /// How a user can name it.
    public var name: String { connection.map { "\(driver):conn=\($0)" } ?? driver }
    let handle: OpaquePointer
    /// What was given beside the driver, and is no way to find the device.
    let settings: [SigrokDeviceName.Option]

    /// What `name` means, in words: `Demo device (demo)`.
    public var words: String { "\(title) (\(name))" }

    /// The device that a user names.
    public init(_ name: SigrokDeviceName) throws(SigrokError) {
        let found = try SigrokScan.devices(name)
        guard let first = found.first else {
            throw .noDevice(driver: name.driver, hint: SigrokLibrary.takeWords())
        }
        guard found.count == 1 else {
            throw .severalDevices(driver: name.driver, found: found.map(\.words))
        }
        self = first
    }

    /// To be called by `SigrokLibrary.withContext` only.
    init(
        driver: UnsafeMutablePointer<sr_dev_driver>, handle: OpaquePointer,
        settings: [SigrokDeviceName.Option]
    ) {
        self.driver = text(driver.pointee.name)
        self.handle = handle
        self.settings = settings
        let connection = text(sr_dev_inst_connid_get(handle))
        self.connection = connection.isEmpty ? nil : connection
        let parts = [
            sr_dev_inst_vendor_get(handle), sr_dev_inst_model_get(handle),
            sr_dev_inst_version_get(handle), sr_dev_inst_sernum_get(handle),
        ].map(text).filter { !$0.isEmpty }
        title = parts.isEmpty ? text(driver.pointee.longname) : parts.joined(separator: " ")
        channels = Self.logicChannels(of: handle).map {
            SigrokChannel(name: text($0.pointee.name), index: Int($0.pointee.index))
        }.sorted { $0.index < $1.index }
        rates = Self.rates(driver, handle)
    }

    static func logicChannels(of handle: OpaquePointer) -> [UnsafeMutablePointer<sr_channel>] {
        allChannels(of: handle).filter {
            $0.pointee.type == Int32(SR_CHANNEL_LOGIC.rawValue)
        }
    }

    static func allChannels(of handle: OpaquePointer) -> [UnsafeMutablePointer<sr_channel>] {
        elements(of: sr_dev_inst_channels_get(handle)).map {
            $0.assumingMemoryBound(to: sr_channel.self)
        }
    }

    static func rates(
        _ driver: UnsafePointer<sr_dev_driver>?, _ handle: OpaquePointer
    ) -> SigrokRates {
        var listed: OpaquePointer?
        let key = UInt32(SR_CONF_SAMPLERATE.rawValue)
        guard sr_config_list(driver, handle, nil, key, &listed) == 0, let listed else {
            return .unknown
        }
        defer { g_variant_unref(listed) }
        return SigrokRates(listed)
    }
}
#endif
