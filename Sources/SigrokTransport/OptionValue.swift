#if Sigrok
internal import CSigrok

/// Values of options, from text to what libsigrok wants.
enum OptionValue {
    /// An option by its name: its number and the type of its values.
    static func key(named name: String) -> (key: UInt32, type: Int32)? {
        sr_key_info_name_get(Int32(SR_KEY_CONFIG.rawValue), name).map {
            ($0.pointee.key, $0.pointee.datatype)
        }
    }

    /// The value of an option, to be released by `g_variant_unref`; nil if the text has no sense.
    static func make(_ text: String, type: Int32) -> OpaquePointer? {
        variant(text, type: UInt32(bitPattern: type)).map { g_variant_ref_sink($0) }
    }

    private static func variant(_ text: String, type: UInt32) -> OpaquePointer? {
        switch type {
        case SR_T_UINT64.rawValue:
            var number: UInt64 = 0
            return sr_parse_sizestring(text, &number) == 0
                ? g_variant_new_uint64(guint64(number)) : nil
        case SR_T_STRING.rawValue: return g_variant_new_string(text)
        case SR_T_BOOL.rawValue:
            let isKnown = ["true", "false", "on", "off", "yes", "no", "0", "1"]
                .contains(text.lowercased())
            return isKnown ? g_variant_new_boolean(sr_parse_boolstring(text)) : nil
        case SR_T_FLOAT.rawValue:
            return Double(text).map { g_variant_new_double($0) }
        case SR_T_INT32.rawValue:
            return Int32(text).map { g_variant_new_int32($0) }
        case SR_T_DOUBLE_RANGE.rawValue:
            let bounds = text.split(separator: "-").compactMap { Double($0) }
            guard bounds.count == 2 else { return nil }
            return pair(g_variant_new_double(bounds[0]), g_variant_new_double(bounds[1]))
        case SR_T_RATIONAL_VOLT.rawValue:
            var (numerator, denominator): (UInt64, UInt64) = (0, 0)
            guard sr_parse_voltage(text, &numerator, &denominator) == 0 else { return nil }
            return pair(
                g_variant_new_uint64(guint64(numerator)), g_variant_new_uint64(guint64(denominator))
            )
        default: return nil
        }
    }

    private static func pair(_ left: OpaquePointer?, _ right: OpaquePointer?) -> OpaquePointer? {
        var children = [left, right]
        return g_variant_new_tuple(&children, 2)
    }
}
#endif
