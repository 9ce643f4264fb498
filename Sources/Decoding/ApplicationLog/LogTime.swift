import Signals

/// The time of an entry of a log: a decimal number that becomes nanoseconds without a detour through
/// binary fractions.
enum LogTime {
    /// Why an entry has no usable time.
    struct Fault: Error {
        var reason: ApplicationLogFault.Reason
    }

    private static let seconds = "t"
    private static let nanoseconds = "time_ns"

    /// The members that are the time, and nothing else.
    static let names = [nanoseconds, seconds]

    /// The time that an entry's members state; `time_ns` is the better of two.
    static func time(of members: [JSONNode.Member]) throws(Fault) -> Timestamp {
        for name in names {
            guard let member = members.first(where: { $0.name == name }) else { continue }
            guard case .number(let spelling) = member.value else {
                let found = String(decoding: member.value.bytes, as: UTF8.self)
                throw Fault(reason: .timeIsNoNumber(member: name, spelling: found))
            }
            guard let count = scaled(spelling, digits: name == seconds ? 9 : 0) else {
                throw Fault(reason: .timeOutOfRange(member: name, spelling: spelling))
            }
            return Timestamp(nanoseconds: count)
        }
        throw Fault(reason: .noTime)
    }

    /// A number of JSON times a power of ten, rounded half away from zero; nil when it is beyond
    /// ``Timestamp/latest``.
    static func scaled(_ spelling: String, digits scale: Int) -> Int64? {
        var mantissa: [UInt8] = []
        var pointPlace = 0
        var exponent = 0
        var isNegative = false
        var isExponent = false
        var isExponentNegative = false
        var isFraction = false
        for byte in spelling.utf8 {
            switch byte {
            case UInt8(ascii: "-") where isExponent: isExponentNegative = true
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte - UInt8(ascii: "0")
                if isExponent {
                    // Far beyond every time; further digits change nothing.
                    if exponent < exponentMax { exponent = exponent * 10 + Int(digit) }
                } else {
                    if !mantissa.isEmpty || digit > 0 { mantissa.append(digit) }
                    if isFraction { pointPlace -= 1 }
                }
            default: break
            }
        }
        if mantissa.isEmpty { return 0 }
        // So many digits of the mantissa stand before the point of the result.
        let whole =
            mantissa.count + pointPlace + (isExponentNegative ? -exponent : exponent) + scale
        guard whole <= 19 else { return nil }
        guard whole >= 0 else { return 0 }
        var value: UInt64 = 0
        for place in 0..<whole {
            value = value * 10 + UInt64(place < mantissa.count ? mantissa[place] : 0)
        }
        if whole < mantissa.count, mantissa[whole] >= 5 { value += 1 }
        guard value <= UInt64(Timestamp.latest.nanoseconds) else { return nil }
        return isNegative ? -Int64(value) : Int64(value)
    }

    private static let exponentMax = 1_000_000
}
