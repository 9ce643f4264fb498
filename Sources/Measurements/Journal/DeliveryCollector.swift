import Decoding
import LinkProtocol
import MQTTProtocol
import Signals

/// Messages of the broker, from their packets to their frames.
struct DeliveryCollector {
    /// So many messages wait for their frame; the oldest is forgotten.
    static let waitingMax = 1_024

    private struct Waiting {
        var topic: [UInt8]
        var message: [UInt8]
        var time: Timestamp
    }

    private var waiting: [Waiting] = []
    private var toFirstBit = DistributionCollector()

    mutating func take(_ event: JournalEvent) {
        switch event.content {
        case .packet(.packet(.publish(let publish)), from: .server, _):
            let isKnown = waiting.contains {
                $0.topic == publish.topic && $0.message == publish.message
            }
            // One that comes again waits since it came first.
            if publish.isDuplicate, isKnown { return }
            if waiting.count == Self.waitingMax { waiting.removeFirst() }
            waiting.append(
                Waiting(topic: publish.topic, message: publish.message, time: event.time))
        case .bridge(.booted), .bridge(.poweredOff): waiting.removeAll()
        default: break
        }
    }

    mutating func take(_ event: LinkEvent) {
        guard case .message(let message) = event else { return }
        switch message.content {
        case .bridge(.publication(let topic, let content, _)),
            .bridge(.escapedPublication(let topic, let content, _)):
            let place = waiting.firstIndex { $0.topic == topic && $0.message == content }
            guard let place else { return }
            toFirstBit.add(message.frame.start - waiting.remove(at: place).time)
        default: break
        }
    }

    func latency(valueUncertainty: Nanoseconds?) -> Distribution {
        toFirstBit.distribution(valueUncertainty: valueUncertainty)
    }
}
