import LinkProtocol
import MQTTProtocol
import Signals

/// Where the connection to the broker stands while the bridge runs.
///
///     online -> announced -> pausing -> associating -> stabilising -> connecting -> online
///                              ^             |              |             |
///                              |_____________|______________|_____________|
///
/// Whatever fails on the way begins anew with dropping Wi-Fi, again and again for ever.
enum Uplink: Sendable {
    /// The broker is connected.
    case online
    /// WIFI_DOWN was said.
    case announced(until: Timestamp)
    /// Wi-Fi was dropped.
    case pausing(until: Timestamp)
    /// The network is being looked for.
    case associating(until: Timestamp)
    /// The network is there, and shall stay there for a while.
    case stabilising(until: Timestamp)
    /// The client connects.
    case connecting

    var deadline: Timestamp? {
        switch self {
        case .online, .connecting: nil
        case .announced(let until), .pausing(let until), .associating(let until),
            .stabilising(let until):
            until
        }
    }
}

extension BridgeSession {
    mutating func take(_ event: NetworkEvent, at now: Timestamp) {
        guard isRunning else { return takeStartNetwork(event, at: now) }
        switch (uplink, event) {
        case (.associating, .associated):
            uplink = .stabilising(until: now + configuration.waits.stability)
            fireUplinkDeadline(at: now)
        case (.associating, _), (.stabilising, .failed), (.stabilising, .lost):
            dropNetwork(at: now)
        case (.online, .failed), (.online, .lost), (.connecting, .failed), (.connecting, .lost):
            dropTransport(at: now)
        default: break
        }
    }

    mutating func fireUplinkDeadline(at now: Timestamp) {
        guard let until = uplink.deadline, now >= until else { return }
        switch uplink {
        case .online, .connecting: break
        case .announced: dropNetwork(at: now)
        case .pausing:
            uplink = .associating(until: now + configuration.waits.networkSearch)
            outputs.append(.associate(network))
        case .associating: dropNetwork(at: now)
        case .stabilising:
            uplink = .connecting
            tell(.connect, at: now)
        }
    }

    /// The client is without a connection.
    mutating func connectionFailed(at now: Timestamp) {
        light(.high)
        switch phase {
        case .connecting: failToConnect(at: now)
        case .running:
            if case .online = uplink {
                say(.status(.wifiDown), at: now)
                uplink = .announced(until: now + configuration.waits.afterWiFiStatus)
            } else {
                dropNetwork(at: now)
            }
        case .off, .synchronising, .awaitingInit, .searching, .awaitingAnswer, .settling, .stuck:
            break
        }
    }

    /// The client is connected.
    mutating func connectionStands(at now: Timestamp) {
        light(.low)
        messageTaskIsDead = false
        switch phase {
        case .connecting: beginRunning(at: now)
        case .running:
            uplink = .online
            say(.status(.wifiUp), at: now)
        case .off, .synchronising, .awaitingInit, .searching, .awaitingAnswer, .settling, .stuck:
            break
        }
    }

    private mutating func dropNetwork(at now: Timestamp) {
        outputs.append(.dissociate)
        let pause = max(configuration.waits.reconnectPause, BridgeSession.reconnectPauseMin)
        uplink = .pausing(until: now + pause)
    }

    /// The shortest pause that is made. Without any, a network that fails at once would be asked for
    /// for ever at one moment.
    private static var reconnectPauseMin: Nanoseconds { .milliseconds(1) }

    /// Wi-Fi took the transport with it.
    mutating func dropTransport(at now: Timestamp) {
        closeTransport()
        tell(.transportClosed, at: now)
    }
}
