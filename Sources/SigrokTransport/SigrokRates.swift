#if Sigrok
internal import CSigrok

/// How often a device can sample.
public enum SigrokRates: Hashable, Sendable {
    /// At one of these rates, in Hz, in ascending order.
    case list([UInt64])
    /// At any rate between two, in steps from the first, all in Hz.
    case steps(from: UInt64, to: UInt64, step: UInt64)
    /// The device does not say.
    case unknown

    /// Whether it can sample at a rate; one that does not say may.
    public func contains(_ rate: UInt64) -> Bool {
        switch self {
        case .list(let rates): rates.contains(rate)
        case .steps(let low, let high, let step):
            rate >= low && rate <= high && (step == 0 || (rate - low).isMultiple(of: step))
        case .unknown: true
        }
    }

    /// The highest one, in Hz; nil if it is not known.
    public var highest: UInt64? {
        switch self {
        case .list(let rates): rates.last
        case .steps(_, let high, _): high
        case .unknown: nil
        }
    }

    /// A rate as people write it, and as the options read it: `24 MHz`.
    public static func text(_ rate: UInt64) -> String {
        for (unit, size) in [("GHz", 1_000_000_000), ("MHz", 1_000_000), ("kHz", 1_000)]
            as [(String, UInt64)]
        where rate >= size {
            let rest = String(rate % size)
            let zeros = String(repeating: "0", count: String(size).count - 1 - rest.count)
            var digits = Substring(zeros + rest)
            while digits.last == "0" { digits.removeLast() }
            return "\(rate / size)\(digits.isEmpty ? "" : ".\(digits)") \(unit)"
        }
        return "\(rate) Hz"
    }

    /// From what a driver lists: an array of rates, or a lowest, a highest and a step.
    init(_ listed: OpaquePointer?) {
        self = .unknown
        guard let listed else { return }
        if let rates = Self.numbers(in: listed, named: "samplerates"), !rates.isEmpty {
            self = .list(rates.sorted())
        } else if let steps = Self.numbers(in: listed, named: "samplerate-steps"),
            steps.count == 3
        {
            self = .steps(from: steps[0], to: steps[1], step: steps[2])
        }
    }

    private static func numbers(in listed: OpaquePointer, named name: String) -> [UInt64]? {
        guard let array = g_variant_lookup_value(listed, name, nil) else { return nil }
        defer { g_variant_unref(array) }
        return (0..<g_variant_n_children(array)).compactMap { index in
            guard let number = g_variant_get_child_value(array, index) else { return nil }
            defer { g_variant_unref(number) }
            return UInt64(g_variant_get_uint64(number))
        }
    }
}

extension SigrokRates: CustomStringConvertible {
    /// All of them, for a message.
    public var description: String {
        switch self {
        case .list(let rates): rates.map(Self.text).joined(separator: ", ")
        case .steps(let low, let high, let step):
            "\(Self.text(low)) to \(Self.text(high)) in steps of \(Self.text(step))"
        case .unknown: "rates that it does not tell"
        }
    }
}
#endif
