// The checksum of a chunk: over its payload and everything that is stored beside it, so that a
// swapped, repeated or half-written page is never taken for edges.

internal import CZlib
internal import Signals

extension ChunkHeader {
    /// The CRC-32 (zlib's) over the header's seven numbers, little-endian, and the payload.
    ///
    /// In Python: `zlib.crc32(struct.pack('<qqqqqqI', …) + payload)`.
    public func checksum(of payload: [UInt8]) -> UInt32 {
        var crc = crc32(0, nil, 0)
        let words: [Int64] = [
            sequence, start.nanoseconds, end.nanoseconds, Int64(edgeCount), edgesBefore,
            bytesBefore,
        ]
        crc = words.map(\.littleEndian).withUnsafeBytes { bytes in
            crc32_z(crc, bytes.baseAddress, bytes.count)
        }
        crc = withUnsafeBytes(of: firstLevels.bits.littleEndian) { bytes in
            crc32_z(crc, bytes.baseAddress, bytes.count)
        }
        // zlib takes a null pointer for "begin anew", and an empty array may have one.
        guard !payload.isEmpty else { return UInt32(truncatingIfNeeded: crc) }
        crc = payload.withUnsafeBytes { bytes in
            crc32_z(crc, bytes.baseAddress, bytes.count)
        }
        return UInt32(truncatingIfNeeded: crc)
    }
}
