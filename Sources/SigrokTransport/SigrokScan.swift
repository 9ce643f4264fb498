#if Sigrok
    internal import CSigrok

    /// A device that was found.
    public struct SigrokDeviceInfo: Hashable, Sendable {
        /// The name of its driver, such as `fx2lafw`.
        public var driver: String
        /// Where it is connected, such as `1.5`; empty when that makes no sense.
        public var connection: String
        /// Maker, model and version.
        public var title: String
        /// Its logic channels.
        public var channels: [String]
        /// How often it can sample, in words.
        public var rates: String
    }

    /// What a user calls a device: `fx2lafw`, `fx2lafw:conn=1.5`, `demo:pattern=walking-one`.
    public struct SigrokDeviceName: Hashable, Sendable {
        /// The driver.
        public var driver: String
        /// Options by their names in libsigrok, in the order in which they were given.
        public var options: [Option]

        /// An option and its value.
        public struct Option: Hashable, Sendable {
            /// Its name.
            public var name: String
            /// Its value, as text.
            public var value: String
        }

        /// Takes apart `driver:option=value:…`.
        public init(_ text: String) throws(SigrokError) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            driver = String(parts.first ?? "")
            options = []
            for part in parts.dropFirst() {
                guard let equals = part.firstIndex(of: "="), equals > part.startIndex else {
                    throw .badOption(
                        driver: driver, option: String(part), problem: "is no `name=value`")
                }
                options.append(
                    Option(
                        name: String(part[..<equals]),
                        value: String(part[part.index(after: equals)...])))
            }
        }
    }

    extension SigrokLibrary {
        /// Finds the devices of a driver.
        ///
        /// - Returns: devices that can be used while this object is.
        func scan(_ name: SigrokDeviceName) throws(SigrokError) -> [SigrokDeviceHandle] {
            guard let driver = driver(named: name.driver) else {
                throw .noSuchDriver(name.driver)
            }
            let result = sr_driver_init(context, driver)
            guard result == 0 else {
                throw .library(
                    doing: "starting driver \(name.driver)", problem: Self.problem(result))
            }
            var options: UnsafeMutablePointer<GSList>?
            var kept: [UnsafeMutablePointer<sr_config>] = []
            defer {
                g_slist_free(options)
                for option in kept {
                    g_variant_unref(option.pointee.data)
                    option.deallocate()
                }
            }
            for option in name.options where Self.scanOptions.contains(option.name) {
                guard let info = sr_key_info_name_get(Int32(SR_KEY_CONFIG.rawValue), option.name)
                else { continue }
                let config = UnsafeMutablePointer<sr_config>.allocate(capacity: 1)
                config.initialize(
                    to: sr_config(
                        key: info.pointee.key,
                        data: g_variant_ref_sink(g_variant_new_string(option.value))))
                kept.append(config)
                options = g_slist_append(options, config)
            }
            let found = sr_driver_scan(driver, options)
            defer { g_slist_free(found) }
            return elements(of: found).map { SigrokDeviceHandle(OpaquePointer($0), library: self) }
        }

        /// Options that say where to look, rather than what to set.
        static let scanOptions = ["conn", "serialcomm", "modbusaddr", "force_detect"]

        /// What the drivers find that can be asked cheaply: the built-in demonstration, and USB.
        public static func devices() throws(SigrokError) -> [SigrokDeviceInfo] {
            let library = try SigrokLibrary()
            var found: [SigrokDeviceInfo] = []
            for name in scannedDrivers {
                guard let devices = try? library.scan(SigrokDeviceName(name)) else { continue }
                for device in devices {
                    let channels = device.logicChannels.map(\.name)
                    guard !channels.isEmpty else { continue }
                    let isOpen = (try? device.open()) != nil
                    found.append(
                        SigrokDeviceInfo(
                            driver: name, connection: device.connection, title: device.title,
                            channels: channels,
                            rates: isOpen
                                ? SampleRates(of: device.pointer).text : "it cannot be opened"))
                    device.close()
                }
            }
            return found
        }

        /// The drivers of logic analyzers on USB, and the demonstration.
        public static let scannedDrivers = [
            "fx2lafw", "saleae-logic16", "saleae-logic-pro", "dreamsourcelab-dslogic",
            "asix-sigma", "kingst-la2016", "zeroplus-logic-cube", "hantek-4032l", "lecroy-logicstudio",
            "sysclk-lwla", "demo",
        ]

        private func driver(named name: String) -> UnsafeMutablePointer<sr_dev_driver>? {
            guard var next = sr_driver_list(context) else { return nil }
            while let driver = next.pointee {
                if String(cString: driver.pointee.name) == name { return driver }
                next += 1
            }
            return nil
        }
    }
#endif
