import Decoding
import LinkProtocol
import Signals

/// Counts what both ends send.
struct TrafficCollector {
    private struct Kind {
        var count: Int64 = 0
        var characters: Int64 = 0
        var duration = DistributionCollector()
    }

    private struct Direction {
        var traffic = DirectionTraffic()
        var duration = DistributionCollector()
        var kinds = [Kind](repeating: Kind(), count: DecodedMessage.typeNames.count)
    }

    private var host = Direction()
    private var bridge = Direction()
    private var busy = TimeUnion()
    private var series = RateSeries()

    mutating func add(_ interval: TrafficInterval) {
        host.traffic.bits += interval.hostBits
        bridge.traffic.bits += interval.bridgeBits
        series.add(interval)
    }

    mutating func add(_ message: DecodedMessage) {
        busy.add(from: message.frame.start, to: message.frame.end)
        if message.frame.from == .host {
            Self.add(message, to: &host)
        } else {
            Self.add(message, to: &bridge)
        }
    }

    private static func add(_ message: DecodedMessage, to direction: inout Direction) {
        let frame = message.frame
        let characters = Int64(frame.text.count) + Int64(frame.droppedCharacters)
        let duration = max(.zero, frame.end - frame.start)
        direction.traffic.characters += characters
        // Frames of one direction do not overlap, so no capture in order can make these overflow.
        direction.traffic.sendingTime.count &+= duration.count
        guard frame.condition == .whole else {
            direction.traffic.fragments += 1
            return
        }
        direction.traffic.frames += 1
        direction.traffic.wholeFrameCharacters += characters + 1
        direction.traffic.wholeFrameTime.count &+= duration.count
        direction.duration.add(duration)
        guard let kind = DecodedMessage.typeNames.firstIndex(of: message.typeName) else { return }
        direction.kinds[kind].count += 1
        direction.kinds[kind].characters += characters
        direction.kinds[kind].duration.add(duration)
    }

    func traffic(duration: Nanoseconds, valueUncertainty: Nanoseconds?) -> Traffic {
        Traffic(
            host: Self.traffic(of: host, valueUncertainty),
            bridge: Self.traffic(of: bridge, valueUncertainty),
            busyTime: busy.total, duration: duration, series: series)
    }

    private static func traffic(
        of direction: Direction, _ valueUncertainty: Nanoseconds?
    ) -> DirectionTraffic {
        var traffic = direction.traffic
        traffic.frameDuration = direction.duration.distribution(valueUncertainty: valueUncertainty)
        for (name, kind) in zip(DecodedMessage.typeNames, direction.kinds) where kind.count > 0 {
            traffic.kinds.append(
                FrameKind(
                    name: name, count: kind.count, characters: kind.characters,
                    duration: kind.duration.distribution(valueUncertainty: valueUncertainty)))
        }
        return traffic
    }
}
