extension MQTTPacket {
    /// The packet's bytes.
    public func encoded() throws(MQTTUnsendable) -> [UInt8] { [] }
}
