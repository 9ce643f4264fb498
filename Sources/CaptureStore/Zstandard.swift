// libzstd behind two small types that own its contexts. Nothing else calls it.

internal import CZstd

/// Compresses planes; reused, because creating a context costs more than using it.
final class ZstandardCompressor {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createCCtx() else { fatalError("out of memory") }
        self.context = context
        // What a plane holds is independent numbers: there is nothing to match, only skewed
        // frequencies to code, and chance matches cost more than they gain (measured).
        let parameters: [(ZSTD_cParameter, Int32)] = [
            (ZSTD_c_compressionLevel, 1),
            (ZSTD_c_strategy, Int32(ZSTD_fast.rawValue)),
            (ZSTD_c_contentSizeFlag, 1),
            (ZSTD_c_checksumFlag, 0),
            (ZSTD_c_dictIDFlag, 0),
        ]
        for (parameter, value) in parameters {
            let result = ZSTD_CCtx_setParameter(context, parameter, value)
            precondition(ZSTD_isError(result) == 0, "libzstd refuses a parameter of its own")
        }
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends one frame with the compressed plane, if it is shorter; else nothing and false.
    func appendIfShorter(_ plane: UnsafeBufferPointer<UInt8>, to payload: inout [UInt8]) -> Bool {
        guard plane.count > 1, let source = plane.baseAddress else { return false }
        let before = payload.count
        let limit = plane.count - 1
        payload.append(contentsOf: repeatElement(0, count: limit))
        let result = payload.withUnsafeMutableBytes { bytes in
            // Too little room is an error, which here means "not shorter".
            ZSTD_compress2(
                context, bytes.baseAddress.map { $0 + before }, limit, source, plane.count)
        }
        let written = ZSTD_isError(result) == 0 ? result : 0
        payload.removeLast(limit - written)
        return written > 0
    }
}

/// Decompresses planes; reused, because creating a context costs more than using it.
final class ZstandardDecompressor {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createDCtx() else { fatalError("out of memory") }
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
