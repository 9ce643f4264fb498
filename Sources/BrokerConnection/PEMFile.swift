#if Broker
import Glibc
import NIOSSL

/// A file of certificates or of a key, as it was read.
struct PEMFile: Sendable {
    /// A larger file holds something else; all authorities of a system have a quarter of it.
    private static let bytesMax = 1 << 20

    let path: String
    private let bytes: [UInt8]

    /// Reads a file, which must be one: nothing here waits for a pipe.
    init(_ path: String) throws(TransportFailure) {
        self.path = path
        let file = path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            throw .unreadableFile(path, errno: path.utf8.contains(0) ? ENOENT : errno)
        }
        defer { _ = Glibc.close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw .unreadableFile(path, errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .noFile(path) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadableFile(path, errno: errno) }
            guard count > 0 else { break }
            bytes += block[..<count]
            guard bytes.count <= Self.bytesMax else { throw .malformedFile(path, .tooLarge) }
        }
        self.bytes = bytes
    }

    /// Its certificates, in order; there is one at least.
    func certificates() throws(TransportFailure) -> [NIOSSLCertificate] {
        guard !bytes.isEmpty, let found = try? NIOSSLCertificate.fromPEMBytes(bytes), !found.isEmpty
        else { throw .malformedFile(path, .noCertificate) }
        return found
    }

    /// Its private key.
    func privateKey() throws(TransportFailure) -> NIOSSLPrivateKey {
        guard !bytes.isEmpty else { throw .malformedFile(path, .noKey) }
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        } catch {
            // "-----BEGIN ENCRYPTED PRIVATE KEY-----", or "Proc-Type: 4,ENCRYPTED".
            let isEncrypted = bytes.firstRange(of: Array("ENCRYPTED".utf8)) != nil
            throw .malformedFile(path, isEncrypted ? .encryptedKey : .noKey)
        }
    }
}
#endif
