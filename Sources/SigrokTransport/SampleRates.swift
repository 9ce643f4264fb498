#if Sigrok
    internal import CSigrok

    /// How often a device can sample, in Hz.
    enum SampleRates: Hashable {
        case list([UInt64])
        case range(from: UInt64, to: UInt64, step: UInt64)
        /// The device does not say.
        case unknown

        init(of device: OpaquePointer) {
            self = .unknown
            var value: OpaquePointer?
            guard
                sr_config_list(
                    sr_dev_inst_driver_get(device), device, nil, SR_CONF_SAMPLERATE.rawValue, &value)
                    == 0, let value
            else { return }
            defer { g_variant_unref(value) }
            let numbers = g_variant_type_new("at")
            defer { g_variant_type_free(numbers) }
            for (key, isList) in [("samplerates", true), ("samplerate-steps", false)] {
                guard let found = g_variant_lookup_value(value, key, numbers) else { continue }
                defer { g_variant_unref(found) }
                let rates = (0..<g_variant_n_children(found)).map { index in
                    let child = g_variant_get_child_value(found, index)
                    defer { g_variant_unref(child) }
                    return g_variant_get_uint64(child)
                }
                if isList {
                    self = .list(rates.map(UInt64.init))
                } else if rates.count == 3 {
                    self = .range(
                        from: UInt64(rates[0]), to: UInt64(rates[1]), step: UInt64(rates[2]))
                }
                return
            }
        }

        func contains(_ rate: UInt64) -> Bool {
            switch self {
            case .list(let rates): rates.contains(rate)
            case .range(let from, let to, let step):
                rate >= from && rate <= to && (step < 2 || (rate - from).isMultiple(of: step))
            case .unknown: rate > 0
            }
        }

        /// In words, such as `20 kHz, 25 kHz … 24 MHz`.
        var text: String {
            switch self {
            case .list(let rates): rates.map(Self.text).joined(separator: ", ")
            case .range(let from, let to, _): "\(Self.text(from)) to \(Self.text(to))"
            case .unknown: "rates that it does not tell"
            }
        }

        static func text(_ rate: UInt64) -> String {
            for (unit, size) in [("GHz", UInt64(1_000_000_000)), ("MHz", 1_000_000), ("kHz", 1_000)]
            where rate >= size && rate.isMultiple(of: size / 1_000) {
                let thousandths = rate / (size / 1_000)
                var digits = String(thousandths % 1_000 + 1_000).dropFirst()
                while digits.last == "0" { digits.removeLast() }
                return "\(thousandths / 1_000)\(digits.isEmpty ? "" : ".\(digits)") \(unit)"
            }
            return "\(rate) Hz"
        }
    }
#endif
