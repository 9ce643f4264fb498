#if Sigrok
    internal import CSigrok

    /// A device of libsigrok, or a file that behaves as one.
    final class SigrokDeviceHandle {
        let pointer: OpaquePointer
        private let library: SigrokLibrary
        private var isOpen = false

        init(_ pointer: OpaquePointer, library: SigrokLibrary) {
            self.pointer = pointer
            self.library = library
        }

        /// Maker, model and version, as far as they are known.
        var title: String {
            let parts = [
                sr_dev_inst_vendor_get(pointer), sr_dev_inst_model_get(pointer),
                sr_dev_inst_version_get(pointer),
            ]
            let known = parts.compactMap { $0.map { String(cString: $0) } }.filter { !$0.isEmpty }
            return known.isEmpty ? "the device" : known.joined(separator: " ")
        }

        /// Where it is connected, such as `1.5`; empty when that makes no sense.
        var connection: String {
            sr_dev_inst_connid_get(pointer).map { String(cString: $0) } ?? ""
        }

        /// A logic channel and its bit in a sample.
        struct Channel {
            var name: String
            var bit: Int
            fileprivate var pointer: UnsafeMutablePointer<sr_channel>
        }

        /// The logic channels, in the order of their bits.
        var logicChannels: [Channel] {
            elements(of: sr_dev_inst_channels_get(pointer)).compactMap { element in
                let channel = element.assumingMemoryBound(to: sr_channel.self)
                guard channel.pointee.type == Int32(SR_CHANNEL_LOGIC.rawValue) else { return nil }
                let name = channel.pointee.name.map { String(cString: $0) } ?? ""
                return Channel(name: name, bit: Int(channel.pointee.index), pointer: channel)
            }
        }

        func open() throws(SigrokError) {
            _ = SigrokLibrary.takeLastWord()
            let result = sr_dev_open(pointer)
            guard result == 0 else {
                let problem = SigrokLibrary.problem(result)
                if problem.contains("LIBUSB_ERROR_ACCESS") || problem.contains("ermission") {
                    throw .noPermission(device: title, hint: problem)
                }
                throw .library(doing: "opening \(title)", problem: problem)
            }
            isOpen = true
        }

        func close() {
            if isOpen { sr_dev_close(pointer) }
            isOpen = false
        }

        /// Leaves on only what sees levels: analog channels would cost time for nothing.
        func disableOtherChannels() {
            for element in elements(of: sr_dev_inst_channels_get(pointer)) {
                let channel = element.assumingMemoryBound(to: sr_channel.self)
                if channel.pointee.type != Int32(SR_CHANNEL_LOGIC.rawValue) {
                    sr_dev_channel_enable(channel, 0)
                }
            }
        }

        /// The samples a second that it is set to; nil when it does not say.
        var rate: UInt64? {
            guard let value = configuration(SR_CONF_SAMPLERATE.rawValue) else { return nil }
            defer { g_variant_unref(value) }
            let rate = UInt64(g_variant_get_uint64(value))
            return rate > 0 ? rate : nil
        }

        /// A setting; nil when it has none. Belongs to the caller.
        func configuration(_ key: UInt32) -> OpaquePointer? {
            var value: OpaquePointer?
            guard sr_config_get(sr_dev_inst_driver_get(pointer), pointer, nil, key, &value) == 0
            else { return nil }
            return value
        }

        /// Sets something; takes the value.
        func set(_ key: UInt32, _ value: OpaquePointer) -> Int32 {
            g_variant_ref_sink(value)
            defer { g_variant_unref(value) }
            return sr_config_set(pointer, nil, key, value)
        }

        /// Sets the samples a second.
        func set(rate: UInt64) throws(SigrokError) {
            // Some drivers take any number and sample at another.
            let rates = SampleRates(of: pointer)
            guard rates.contains(rate),
                set(SR_CONF_SAMPLERATE.rawValue, g_variant_new_uint64(guint64(rate))) == 0,
                self.rate ?? rate == rate
            else { throw .unsupportedRate(rate, device: title, supported: rates.text) }
        }
    }
#endif
