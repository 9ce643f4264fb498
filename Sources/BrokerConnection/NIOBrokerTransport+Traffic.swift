#if Broker
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

// What an open transport does, and how it closes. All of this is on the transport's thread.

extension NIOBrokerTransport {
    /// send() has put something into the queue.
    func writeDue() {
        queue.withLock { $0.beginWrite() }
        write()
    }

    /// Writes what waits, if the channel has not enough already.
    func write() {
        guard stage == .open, let channel else { return }
        let bytes = channel.isWritable ? queue.withLock { $0.take() } : []
        guard !bytes.isEmpty else { return closeIfEmpty() }
        channel.writeAndFlush(channel.allocator.buffer(bytes: bytes)).whenComplete { result in
            switch result {
            case .success:
                self.queue.withLock { $0.remove(bytes.count) }
                self.write()
            case .failure(let error): self.writeError = error
            }
        }
    }

    func received(_ buffer: ByteBuffer) {
        guard stage == .open, !isClosing else { return }
        hasReceived = true
        var buffer = buffer
        while buffer.readableBytes > 0, stage == .open {
            let count = min(buffer.readableBytes, limits.chunkBytesMax)
            guard let bytes = buffer.readBytes(length: count) else { return }
            events.tell(received: bytes)
        }
    }

    /// Tells what was held back, and lets the channel read or not.
    func applyReading() {
        if events.wantsBytes { events.release() }
        guard stage == .open, !isClosing else { return }
        try? channel?.syncOptions?.setOption(.autoRead, value: events.wantsBytes)
    }

    func caught(_ error: any Error) {
        switch stage {
        case .handshaking:
            guard let tls else { return }
            fail(
                TransportFailure(
                    handshaking: error, tls: tls, certificate: tlsHandler?.peerCertificate))
        case .open:
            // A broker that ends without TLS's farewell has ended; the channel says so next.
            if case .uncleanShutdown? = error as? NIOSSLError { return }
            fail(TransportFailure(open: error))
        case .preparing, .connecting, .over: break
        }
    }

    func closedByBroker() {
        guard let writeError = writeError as? IOError else {
            return fail(.closedByBroker(hint: hasReceived || tls != nil ? nil : .sentNothing))
        }
        fail(TransportFailure(open: writeError))
    }

    func beginClosing() {
        guard stage != .over else { return }
        isClosing = true
        if stage != .open, queue.withLock({ $0.isEmpty }) { return fail(.closed) }
        closingTimer = thread.loop.scheduleTask(in: TimeAmount(limits.closeTime)) {
            self.fail(.closed)
        }
        write()
    }

    /// Once everything has left, says that nothing more comes, and reads until the broker closes too:
    /// closing with bytes unread would reset the connection, and could destroy what has just left.
    private func closeIfEmpty() {
        guard isClosing, !isHalfClosed, queue.withLock({ $0.isEmpty }) else { return }
        isHalfClosed = true
        try? channel?.syncOptions?.setOption(.autoRead, value: true)
        channel?.close(mode: .output, promise: nil)
    }
}
#endif
