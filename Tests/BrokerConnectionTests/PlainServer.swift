#if Broker
import Foundation

/// A socket that listens on the loopback interface, and does nothing by itself.
final class PlainServer: Sendable {
    private let descriptor: CInt
    let port: UInt16

    /// - Parameters:
    ///   - backlog: connections that the kernel accepts by itself.
    ///   - receiveBuffer: the bytes that the kernel keeps for each.
    init(backlog: CInt = 16, receiveBuffer: CInt? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ProgramFailure(description: "socket: \(errno)") }
        if var size = receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let file = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, length) == 0 && getsockname(file, address, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isBound, listen(descriptor, backlog) == 0 else {
            throw ProgramFailure(description: "bind: \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// A port on which nobody listens now.
    static func freePort() throws -> UInt16 { try PlainServer().port }

    /// Whether somebody listens on a port.
    static func accepts(_ port: UInt16) -> Bool {
        let file = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        return connect(file, to: port) == 0
    }

    /// Connects until the kernel accepts no more by itself; the sockets keep it so.
    func fill() -> [Peer] {
        var peers: [Peer] = []
        for _ in 0..<8 {
            let file = socket(
                AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            _ = Self.connect(file, to: port)
            peers.append(Peer(file))
        }
        return peers
    }

    /// Waits for a connection.
    func accept(within seconds: Double = 20) throws -> Peer {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&item, 1, CInt(seconds * 1000)) == 1 else {
            throw ProgramFailure(description: "nobody connects")
        }
        let file = Foundation.accept(descriptor, nil, nil)
        guard file >= 0 else { throw ProgramFailure(description: "accept: \(errno)") }
        return Peer(file)
    }

    private static func connect(_ file: CInt, to port: UInt16) -> CInt {
        var address = loopback(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return address
    }

    /// The server's end of a connection.
    final class Peer: @unchecked Sendable {
        private var descriptor: CInt

        fileprivate init(_ descriptor: CInt) { self.descriptor = descriptor }

        deinit { end() }

        func end() {
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }

        /// Ends it so that the other end gets an error.
        func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout.size(ofValue: linger)))
            end()
        }

        /// Sends as much as the other end takes, until it takes nothing for so long.
        func send(_ bytes: [UInt8], patience seconds: Double = 20) -> Int {
            var sent = 0
            while sent < bytes.count {
                var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&item, 1, CInt(seconds * 1000)) == 1 else { break }
                let count = bytes[sent...].withUnsafeBytes {
                    Foundation.send(
                        descriptor, $0.baseAddress, $0.count,
                        CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
                }
                guard count > 0 else { break }
                sent += count
            }
            return sent
        }

        /// What comes next; empty at the end, nil if nothing comes or the connection is broken.
        func receive(within seconds: Double = 20) -> [UInt8]? {
            var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&item, 1, CInt(seconds * 1000)) == 1 else { return nil }
            var block = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &block, block.count, 0)
            return count < 0 ? nil : Array(block[..<count])
        }

        /// Everything to the end; nil if it does not end in good order.
        func receiveAll() -> [UInt8]? {
            var all: [UInt8] = []
            while let bytes = receive() {
                if bytes.isEmpty { return all }
                all += bytes
            }
            return nil
        }
    }
}
#endif
