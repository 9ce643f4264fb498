#if Broker
import NIOCore
import NIOTLS

/// The end of a channel at the socket: closes it at once, past what TLS would do before.
final class SocketEnd: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func close() { context?.close(promise: nil) }
}

/// The end of a channel at the transport: everything that comes goes there.
final class TransportEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let transport: NIOBrokerTransport

    init(_ transport: NIOBrokerTransport) { self.transport = transport }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        transport.received(unwrapInboundIn(data))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { transport.write() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { transport.handshakeCompleted() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { transport.caught(error) }

    func channelInactive(context: ChannelHandlerContext) { transport.closedByBroker() }
}
#endif
