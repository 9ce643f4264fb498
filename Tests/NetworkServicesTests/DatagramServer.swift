import Glibc
import Synchronization

/// A server for datagrams on loopback, with a thread of its own, that answers as a test wants.
final class DatagramServer: Sendable {
    /// Where it listens.
    let port: UInt16
    private let shared: Shared

    private final class Shared: Sendable {
        let descriptor: Int32
        let isEnded = Atomic<Bool>(false)
        let requestCount = Atomic<Int>(0)
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    struct Failure: Error {
        var doing: String
        var errno: Int32
    }

    /// Begins to listen on 127.0.0.1 or ::1.
    ///
    /// - Parameter answer: gives the datagrams that go back, on the server's thread.
    init(version6: Bool = false, answer: @escaping @Sendable ([UInt8]) -> [[UInt8]]) throws {
        let family = version6 ? AF_INET6 : AF_INET
        let descriptor = socket(
            family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(doing: "socket", errno: errno) }
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(family)
        withUnsafeMutableBytes(of: &storage) { bytes in
            if version6 {
                bytes[23] = 1
            } else {
                bytes.copyBytes(from: [2, 0, 0, 0, 127, 0, 0, 1])
            }
        }
        var length = socklen_t(
            version6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(doing: "bind", errno: errno) }
        port = withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
        var patience = timeval(tv_sec: 0, tv_usec: 50_000)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let shared = Shared(descriptor)
        self.shared = shared
        startThread { Self.serve(shared, answer) }
    }

    deinit { shared.isEnded.store(true, ordering: .relaxed) }

    /// So many datagrams have come.
    var requestCount: Int { shared.requestCount.load(ordering: .relaxed) }

    private static func serve(_ shared: Shared, _ answer: @Sendable ([UInt8]) -> [[UInt8]]) {
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while !shared.isEnded.load(ordering: .relaxed) {
            var client = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &client) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { client in
                    let count = recvfrom(
                        shared.descriptor, &buffer, buffer.count, 0, client, &length)
                    guard count >= 0 else { return }
                    shared.requestCount.add(1, ordering: .relaxed)
                    for reply in answer(Array(buffer[0..<count])) {
                        _ = sendto(shared.descriptor, reply, reply.count, 0, client, length)
                    }
                }
            }
        }
    }
}

/// Runs `body` on a thread that nobody waits for.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, work.toOpaque())
    pthread_detach(thread)
}
