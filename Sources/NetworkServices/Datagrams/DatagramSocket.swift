internal import Glibc

/// A UDP socket that speaks with one address: the kernel drops what others send, and reports that
/// nobody listens there.
final class DatagramSocket {
    /// The other end.
    let peer: SocketAddress
    let descriptor: Int32

    /// A system call that failed.
    struct Failure: Error, Hashable {
        var doing: String
        var errno: Int32
    }

    /// The longest answer that is read; the rest of a longer one is cut.
    static let answerLengthMax = 1_500

    init(to peer: SocketAddress) throws(Failure) {
        self.peer = peer
        descriptor = socket(
            peer.family,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
                | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(doing: "opening a socket", errno: errno) }
        let result = peer.withPointer { connect(descriptor, $0, $1) }
        guard result == 0 else { throw Failure(doing: "reaching it", errno: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func send(_ bytes: [UInt8]) throws(Failure) {
        let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw Failure(doing: "asking it", errno: errno) }
    }

    /// The next datagram; nil if there is none.
    func receive() throws(Failure) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.answerLengthMax)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return nil }
            throw Failure(doing: "waiting for its answer", errno: errno)
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

extension DatagramSocket.Failure: CustomStringConvertible {
    var description: String { "\(doing): \(String(cString: strerror(errno)))" }
}
