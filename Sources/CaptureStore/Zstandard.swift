// libzstd behind two small types that own its contexts. Nothing else calls it.

internal import CZstd

/// Compresses planes; reused, because creating a context costs more than using it.
final class ZstandardCompressor {
    private let context: OpaquePointer

    /// What there is to find in a plane.
    enum Redundancy {
        /// Only that some bytes are more frequent than others, as in the spans of real wires:
        /// chance matches would cost 5 % of plane 2 and more than half the speed (measured).
        case frequencies
        /// Also repetitions, as in idle traffic and in simulations.
        case repetitions
    }

    init(_ redundancy: Redundancy) throws(CaptureError) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory(doing: "packing edges") }
        self.context = context
        var parameters: [(ZSTD_cParameter, Int32)] = [
            (ZSTD_c_compressionLevel, 1),
            (ZSTD_c_contentSizeFlag, 1),
            (ZSTD_c_checksumFlag, 0),
            (ZSTD_c_dictIDFlag, 0),
        ]
        if case .frequencies = redundancy {
            // With the fast strategy this length is the step of the search for matches: so long
            // that it finds none. zstd then no longer compresses literals unless it is told to.
            parameters += [
                (ZSTD_c_strategy, Int32(ZSTD_fast.rawValue)),
                (ZSTD_c_targetLength, 1 << 17),
                (ZSTD_c_literalCompressionMode, 1),
            ]
        }
        for (parameter, value) in parameters {
            let result = ZSTD_CCtx_setParameter(context, parameter, value)
            precondition(ZSTD_isError(result) == 0, "libzstd refuses a parameter of its own")
        }
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Replaces the content of `frame` by the compressed plane if that takes fewer than `limit`
    /// bytes; else leaves it empty and returns false.
    func compress(
        _ plane: UnsafeBufferPointer<UInt8>, below limit: Int, into frame: inout [UInt8]
    ) -> Bool {
        guard limit > 1, let source = plane.baseAddress else { return false }
        if frame.count < limit {
            frame.append(contentsOf: repeatElement(0, count: limit - frame.count))
        }
        let result = frame.withUnsafeMutableBytes { bytes in
            // Too little room is an error, which here means "not shorter".
            ZSTD_compress2(context, bytes.baseAddress, limit - 1, source, plane.count)
        }
        guard ZSTD_isError(result) == 0 else { return false }
        frame.removeLast(frame.count - result)
        return true
    }
}

/// The parameter's name in newer headers; its number is the same in all versions since 1.4.
private var ZSTD_c_literalCompressionMode: ZSTD_cParameter { ZSTD_c_experimentalParam5 }

/// Decompresses planes; reused, because creating a context costs more than using it.
final class ZstandardDecompressor {
    private let context: OpaquePointer

    init() throws(CaptureError) {
        guard let context = ZSTD_createDCtx() else { throw .outOfMemory(doing: "unpacking edges") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Fills the plane with the content of one frame; false unless it fits exactly.
    func decompress(
        _ frame: UnsafeRawBufferPointer, into plane: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let result = ZSTD_decompressDCtx(
            context, plane.baseAddress, plane.count, frame.baseAddress, frame.count)
        return ZSTD_isError(result) == 0 && result == plane.count
    }
}
