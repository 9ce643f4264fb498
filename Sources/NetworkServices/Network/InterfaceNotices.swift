// The kernel's notices are a reason to look, and nothing more: what is true is read anew each time. So
// it does not matter what they say, and a notice for which there was no room loses nothing.

internal import Glibc

/// Waits for a change of any interface or address, or for somebody to wake it.
final class InterfaceNotices: Sendable {
    private let notices: Int32
    private let bell: (ring: Int32, hear: Int32)

    // Of the kernel's headers <linux/netlink.h> and <linux/rtnetlink.h>, which Glibc does not bring.
    private static let route: Int32 = 0
    private static let groupsLinkAndAddresses: UInt32 = 0x1 | 0x10 | 0x100
    /// Notices in a row.
    private static let noticesMax = 64
    private static let noticeLengthMax = 8_192

    init() throws(NetworkFailure) {
        let kind = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let notices = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | kind, Self.route)
        guard notices >= 0 else {
            throw NetworkFailure(doing: "opening a socket for the kernel's notices", errno: errno)
        }
        // A sockaddr_nl: family, padding, port (the kernel chooses), groups.
        var address: (UInt16, UInt16, UInt32, UInt32) = (
            UInt16(AF_NETLINK), 0, 0, Self.groupsLinkAndAddresses
        )
        let isBound = withUnsafeBytes(of: &address) { raw in
            guard let start = raw.baseAddress else { return false }
            return bind(
                notices, start.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) == 0
        }
        guard isBound else {
            let failure = NetworkFailure(doing: "asking for the kernel's notices", errno: errno)
            close(notices)
            throw failure
        }
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | kind, 0, &ends) == 0 else {
            let failure = NetworkFailure(doing: "opening a pair of sockets", errno: errno)
            close(notices)
            throw failure
        }
        self.notices = notices
        bell = (ring: ends[0], hear: ends[1])
    }

    deinit {
        close(notices)
        close(bell.ring)
        close(bell.hear)
    }

    /// Ends a ``wait(milliseconds:)`` that is under way, or else the next one. From any thread.
    func wake() {
        var byte: UInt8 = 1
        // If there is no room it has been woken already.
        _ = send(bell.ring, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    /// Waits until something may have changed; it may return early for no reason.
    ///
    /// - Parameter milliseconds: at most so long; -1 for ever.
    func wait(milliseconds: Int32) {
        var descriptors = [
            pollfd(fd: notices, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.hear, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        empty(notices)
        empty(bell.hear)
    }

    private func empty(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: Self.noticeLengthMax)
        for _ in 0..<Self.noticesMax {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // ENOBUFS: notices were dropped, and the queue goes on.
            if count < 0, errno != ENOBUFS, errno != EINTR { return }
            if count == 0 { return }
        }
    }
}
