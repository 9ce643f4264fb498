#if Sigrok
internal import CSigrok

/// Looks for devices.
public enum SigrokScan {
    /// The devices of the drivers that look only where a look is cheap: the demo device, and logic
    /// analyzers on USB. Serial ports and the network are left alone, as a word to the wrong
    /// device there can do harm.
    public static func cheap() throws(SigrokError) -> [SigrokDevice] {
        try SigrokLibrary.withContext { context throws(SigrokError) in
            var found: [SigrokDevice] = []
            for driver in drivers(context) where isCheap(driver) {
                guard SigrokLibrary.start(driver, in: context) else { continue }
                found += scan(driver, options: nil, settings: [])
            }
            _ = SigrokLibrary.takeWords()
            return found
        }
    }

    /// The devices that one driver finds, by the options that say where to look.
    static func devices(_ name: SigrokDeviceName) throws(SigrokError) -> [SigrokDevice] {
        for option in name.options { try check(option, of: name.driver) }
        return try SigrokLibrary.withContext { context throws(SigrokError) in
            let all = drivers(context)
            guard let driver = all.first(where: { text($0.pointee.name) == name.driver })
            else {
                throw .noSuchDriver(name.driver, known: all.map { text($0.pointee.name) })
            }
            _ = SigrokLibrary.takeWords()
            guard SigrokLibrary.start(driver, in: context) else {
                throw .library(
                    doing: "starting the driver \(name.driver)",
                    problem: SigrokLibrary.takeWords())
            }
            let scanKeys = keys(sr_driver_scan_options_list(driver))
            var configs: [(UInt32, OpaquePointer)] = []
            var settings: [SigrokDeviceName.Option] = []
            defer { for config in configs { g_variant_unref(config.1) } }
            for option in name.options {
                guard let (key, type) = OptionValue.key(named: option.name) else {
                    throw .badOption(
                        driver: name.driver, option: option.name,
                        problem: "libsigrok has no such option")
                }
                guard scanKeys.contains(key) else {
                    settings.append(option)
                    continue
                }
                guard let value = OptionValue.make(option.value, type: type) else {
                    throw .badOption(
                        driver: name.driver, option: option.name,
                        problem: "`\(option.value)` is no value for it")
                }
                configs.append((key, value))
            }
            let list = UnsafeMutablePointer<sr_config>.allocate(capacity: configs.count + 1)
            defer { list.deallocate() }
            var options: UnsafeMutablePointer<GSList>?
            defer { g_slist_free(options) }
            for (place, config) in configs.enumerated() {
                (list + place).initialize(to: sr_config(key: config.0, data: config.1))
                options = g_slist_append(options, list + place)
            }
            return scan(driver, options: options, settings: settings)
        }
    }

    /// Refuses what the recorder itself decides, and numbers of channels that no device has: the
    /// demo device makes as many as one wants, until there is no memory.
    private static func check(
        _ option: SigrokDeviceName.Option, of driver: String
    ) throws(SigrokError) {
        func bad(_ problem: String) -> SigrokError {
            .badOption(driver: driver, option: option.name, problem: problem)
        }
        switch option.name {
        case "samplerate":
            throw bad("how often is sampled is told by --sample-rate, such as --sample-rate 1MHz")
        case "limit_samples", "limit_time", "limit_msec", "limit_frames", "continuous":
            throw bad("how long is recorded is told by --for, such as --for 10s")
        case "logic_channels", "analog_channels":
            guard let count = Int32(option.value), !(0...channelsMax).contains(count) else {
                return
            }
            throw bad("\(count) channels are not between 0 and \(channelsMax)")
        default: return
        }
    }

    /// So many bits of a sample are read.
    private static let channelsMax: Int32 = 64

    private static func scan(
        _ driver: UnsafeMutablePointer<sr_dev_driver>, options: UnsafeMutablePointer<GSList>?,
        settings: [SigrokDeviceName.Option]
    ) -> [SigrokDevice] {
        let list = sr_driver_scan(driver, options)
        defer { g_slist_free(list) }
        return elements(of: list).map {
            SigrokDevice(driver: driver, handle: OpaquePointer($0), settings: settings)
        }
    }

    private static func drivers(
        _ context: OpaquePointer
    ) -> [UnsafeMutablePointer<sr_dev_driver>] {
        guard let list = sr_driver_list(context) else { return [] }
        var drivers: [UnsafeMutablePointer<sr_dev_driver>] = []
        while let driver = list[drivers.count] { drivers.append(driver) }
        return drivers
    }

    private static func isCheap(_ driver: UnsafeMutablePointer<sr_dev_driver>) -> Bool {
        let functions = keys(sr_dev_options(driver, nil, nil))
        guard functions.contains(UInt32(SR_CONF_LOGIC_ANALYZER.rawValue)) else { return false }
        if functions.contains(UInt32(SR_CONF_DEMO_DEV.rawValue)) { return true }
        let ways = keys(sr_driver_scan_options_list(driver))
        return ways.contains(UInt32(SR_CONF_CONN.rawValue))
            && !ways.contains(UInt32(SR_CONF_SERIALCOMM.rawValue))
    }

    /// The numbers in an array of GLib, which is freed.
    static func keys(_ array: UnsafeMutablePointer<GArray>?) -> [UInt32] {
        guard let array else { return [] }
        defer { g_array_free(array, 1) }
        guard let data = array.pointee.data else { return [] }
        return (0..<Int(array.pointee.len)).map {
            UnsafeRawPointer(data).loadUnaligned(
                fromByteOffset: 4 * $0, as: UInt32.self)
        }
    }
}
#endif
