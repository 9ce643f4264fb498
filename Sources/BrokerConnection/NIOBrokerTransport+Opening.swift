#if Broker
import Glibc
import LivePorts
import NIOCore
import NIOPosix
import NIOSSL

// How a transport comes to be open. All of this is on the transport's thread, but for the reading of
// files and the look-up of the name.

extension NIOBrokerTransport {
    /// TCP probes a silent broker after so many seconds, so often, and gives up after so many probes.
    /// MQTT's own probes come first; these are for transports on which it waits.
    private static let probes: [(option: CInt, value: SocketOptionValue)] = [
        (TCP_KEEPIDLE, 60), (TCP_KEEPINTVL, 15), (TCP_KEEPCNT, 4),
    ]

    func prepare() {
        guard stage == .preparing else { return }
        limit(to: limits.connectTime)
        thread.prepare {
            // Whoever waited behind look-ups that hang may be over by now.
            guard self.isWanted else { return }
            let plan = Result { () throws(TransportFailure) in
                try ConnectionPlan(for: self.endpoint, limits: self.limits)
            }
            guard self.isWanted else { return }
            self.thread.execute { self.connect(plan) }
        }
    }

    private func connect(_ plan: Result<ConnectionPlan, TransportFailure>) {
        guard stage == .preparing else { return }
        let found: ConnectionPlan
        switch plan {
        case .success(let plan): found = plan
        case .failure(let failure): return fail(failure)
        }
        stage = .connecting
        tls = found.tls
        var bootstrap = ClientBootstrap(group: thread.loop)
            .resolver(KnownAddresses(found.addresses, on: thread.loop))
            // The transport has its own limit; this one ends the attempts that it leaves behind.
            .connectTimeout(TimeAmount(limits.connectTime))
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 1024, initial: 4096, maximum: limits.chunkBytesMax)
            )
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.socketOption(.so_rcvbuf), value: .init(limits.unreadBytesMax))
        for probe in Self.probes {
            bootstrap = bootstrap.channelOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: probe.option)), value: probe.value)
        }
        bootstrap.connect(host: endpoint.host, port: Int(endpoint.port)).whenComplete { result in
            switch result {
            case .success(let channel): self.connected(channel)
            case .failure(let error): self.fail(TransportFailure(connecting: error))
            }
        }
    }

    private func connected(_ channel: any Channel) {
        guard stage == .connecting else {
            channel.close(promise: nil)
            return
        }
        self.channel = channel
        let socketEnd = SocketEnd()
        self.socketEnd = socketEnd
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(socketEnd)
            try pipeline.addHandler(TransportEnd(self))
            if let tls {
                stage = .handshaking
                limit(to: limits.handshakeTime)
                let handler = try tls.makeHandler()
                tlsHandler = handler
                try pipeline.addHandler(handler, position: .after(socketEnd))
            }
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            fail(
                tls.map { TransportFailure(handshaking: error, tls: $0, certificate: nil) }
                    ?? TransportFailure(connecting: error))
            return
        }
        if tls == nil { opened() }
    }

    /// TLS is agreed on, and the certificate is good; what is left is that it is the right one.
    func handshakeCompleted() {
        guard stage == .handshaking, let tls else { return }
        if let failure = tls.objection(to: tlsHandler?.peerCertificate) {
            fail(failure)
        } else {
            opened()
        }
    }

    private func opened() {
        stage = .open
        openingTimer?.cancel()
        openingTimer = nil
        events.tellOpened()
        applyReading()
        write()
    }

    /// Begins the time of a stage.
    private func limit(to time: Duration) {
        openingTimer?.cancel()
        openingTimer = thread.loop.scheduleTask(in: TimeAmount(time)) {
            self.fail(.timedOut(self.stage, time))
        }
    }
}
#endif
