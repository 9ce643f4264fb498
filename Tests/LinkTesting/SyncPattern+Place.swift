package import LinkProtocol
package import Signals

extension SyncPattern {
    /// The number of an end's own bit at which its first character begins, counting from the first
    /// bit of its pattern. The initiator has driven one more zero by the time it is synchronised.
    package static func firstCharacterBit(of end: LinkEnd) -> Int {
        end == .host ? bitCount + 1 : bitCount
    }
}
