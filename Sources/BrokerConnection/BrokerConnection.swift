#if Broker
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
#endif
