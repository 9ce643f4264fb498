#if Sigrok
    internal import CSigrok

    extension SigrokDeviceHandle {
        /// Sets an option by its name in libsigrok.
        func set(_ option: SigrokDeviceName.Option, driver: String) throws(SigrokError) {
            func refusal(_ problem: String) -> SigrokError {
                .badOption(driver: driver, option: "\(option.name)=\(option.value)", problem: problem)
            }
            guard let info = sr_key_info_name_get(Int32(SR_KEY_CONFIG.rawValue), option.name) else {
                throw refusal("libsigrok knows no option of this name")
            }
            let key = info.pointee.key
            guard let value = Self.value(option.value, type: info.pointee.datatype) else {
                throw refusal("the value is of another kind than the option wants")
            }
            var result = set(key, value)
            if result != 0 {
                result = setInGroups(key, option.value, type: info.pointee.datatype) ?? result
            }
            guard result == 0 else { throw refusal(SigrokLibrary.problem(result)) }
        }

        /// Some options belong to a group of channels, such as the demonstration's pattern.
        private func setInGroups(_ key: UInt32, _ text: String, type: Int32) -> Int32? {
            var result: Int32?
            for element in elements(of: sr_dev_inst_channel_groups_get(pointer)) {
                let group = element.assumingMemoryBound(to: sr_channel_group.self)
                guard let value = Self.value(text, type: type) else { return nil }
                g_variant_ref_sink(value)
                defer { g_variant_unref(value) }
                if sr_config_set(pointer, group, key, value) == 0 { result = 0 }
            }
            return result
        }

        /// Asks for samples without an end, from devices that can be asked.
        func setContinuous() throws(SigrokError) {
            // Devices that always go on know no such setting, and refuse it.
            _ = set(SR_CONF_CONTINUOUS.rawValue, g_variant_new_boolean(1))
            _ = SigrokLibrary.takeLastWord()
        }

        private static func value(_ text: String, type: Int32) -> OpaquePointer? {
            switch UInt32(bitPattern: type) {
            case SR_T_UINT64.rawValue:
                var number: UInt64 = 0
                guard sr_parse_sizestring(text, &number) == 0 else { return nil }
                return g_variant_new_uint64(guint64(number))
            case SR_T_STRING.rawValue: return g_variant_new_string(text)
            case SR_T_BOOL.rawValue:
                guard ["true", "false", "yes", "no", "on", "off", "1", "0"].contains(text) else {
                    return nil
                }
                return g_variant_new_boolean(sr_parse_boolstring(text))
            case SR_T_FLOAT.rawValue: return Double(text).map { g_variant_new_double($0) }
            case SR_T_INT32.rawValue: return Int32(text).map { g_variant_new_int32($0) }
            default: return nil
            }
        }
    }
#endif
