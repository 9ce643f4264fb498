// The law of this file: a secret leaves the machine for its owner, and never for a journal.

/// Overwrites secrets in what is recorded, byte for byte, so that lengths stay.
///
/// The first of two overlapping secrets is overwritten; that is the longest, whatever their order.
struct RecordMask {
    /// Longest first: a secret can be a part of another.
    private let secrets: [[UInt8]]

    /// Shorter secrets are looked for in what is known to hold them, and not in everything that is
    /// sent: a password of one letter would overwrite that letter everywhere.
    private static var anywhereLengthMin: Int { 4 }

    init(_ secrets: [[UInt8]]) {
        self.secrets = secrets.sorted { $0.count > $1.count }
    }

    private static var star: UInt8 { UInt8(ascii: "*") }

    /// As many stars as a secret has bytes.
    func whole(_ secret: [UInt8]) -> [UInt8] {
        [UInt8](repeating: RecordMask.star, count: secret.count)
    }

    /// Bytes for the broker: in a CONNECT every secret is overwritten, elsewhere the longer ones.
    func sent(_ bytes: [UInt8]) -> [UInt8] {
        let isConnect = bytes.first.map { $0 >> 4 == 1 } ?? false
        var masked = bytes
        for secret in secrets
        where !secret.isEmpty && (isConnect || secret.count >= RecordMask.anywhereLengthMin) {
            overwrite(secret, in: &masked)
        }
        return masked
    }

    /// Text that the host gave: the longer secrets are overwritten, should it repeat one.
    func text(_ bytes: [UInt8]) -> [UInt8] {
        var masked = bytes
        for secret in secrets where secret.count >= RecordMask.anywhereLengthMin {
            overwrite(secret, in: &masked)
        }
        return masked
    }

    private func overwrite(_ secret: [UInt8], in bytes: inout [UInt8]) {
        var place = 0
        while place + secret.count <= bytes.count {
            if bytes[place..<(place + secret.count)] == secret[...] {
                for index in place..<(place + secret.count) { bytes[index] = RecordMask.star }
                place += secret.count
            } else {
                place += 1
            }
        }
    }
}
