/// The fixed fields of a CONNECT.
///
/// Ref: MQTT 3.1.1 §3.1.2.
enum ConnectFields {
    static var protocolName: [UInt8] { [0x4d, 0x51, 0x54, 0x54] }  // MQTT
    static var protocolLevel: UInt8 { 4 }

    static var reservedFlag: UInt8 { 0x01 }
    static var cleanSessionFlag: UInt8 { 0x02 }
    static var willFlag: UInt8 { 0x04 }
    static var willQualityShift: UInt8 { 3 }
    static var willRetainFlag: UInt8 { 0x20 }
    static var passwordFlag: UInt8 { 0x40 }
    static var userFlag: UInt8 { 0x80 }

    static func flags(of connect: MQTTConnect) -> UInt8 {
        var flags: UInt8 = connect.cleanSession ? cleanSessionFlag : 0
        if let will = connect.will {
            flags |= willFlag | will.qos.rawValue << willQualityShift
            if will.isRetained { flags |= willRetainFlag }
        }
        if connect.user != nil { flags |= userFlag }
        if connect.password != nil { flags |= passwordFlag }
        return flags
    }

    /// Whether flags from outside agree with each other, apart from the will's qos.
    static func areConsistent(_ flags: UInt8) -> Bool {
        if flags & reservedFlag != 0 { return false }
        if flags & willFlag == 0, flags & (willRetainFlag | 3 << willQualityShift) != 0 {
            return false
        }
        return flags & userFlag != 0 || flags & passwordFlag == 0
    }
}
