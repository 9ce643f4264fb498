import MQTTProtocol
import Signals
import Testing

/// Any inputs in any order, and any bytes.
@Suite struct ClientRobustnessTests {
    /// What holds whatever comes: publications are not forgotten, every connection that began ends,
    /// and nothing is sent without a transport.
    @Test(arguments: 0..<40)
    func anyInputsAreTaken(seed: UInt64) {
        var random = Seeded(seed: seed)
        let stand = ClientStand {
            $0.cleanSession = random.flag()
            $0.resumes = random.flag()
            $0.responseTime = .milliseconds(500)
            $0.keepAliveSeconds = 4
            $0.publicationsMax = 8
            $0.subscriptionsMax = 4
            $0.packetLengthMax = 256
            if random.flag() {
                $0.pacing = MQTTClientConfiguration.Pacing(
                    acknowledgementPoll: .milliseconds(100), writeDelay: .milliseconds(5))
            }
        }
        var world = World()
        for step in 0..<2_000 {
            world.check(stand.pass(.milliseconds(Int64(random.below(200)))).map(\.output))
            world.check(random.step(step, on: stand, given: &world))
            #expect(world.accepted == world.finished + stand.client.unfinishedPublications)
            #expect(stand.client.isIdle == (stand.client.deadline == nil))
        }
        world.check(stand.give(.disconnect))
        #expect(world.connections == world.losses)
        #expect(world.connections > 0)
    }

    @Test func theSameInputsGiveTheSameOutputs() {
        func run() -> [ClientStand.Event] {
            var random = Seeded(seed: 5)
            let stand = ClientStand { $0.cleanSession = false }
            var world = World()
            var events: [ClientStand.Event] = []
            for step in 0..<500 {
                events += stand.pass(.milliseconds(Int64(random.below(300))))
                events += random.step(step, on: stand, given: &world).map {
                    ClientStand.Event(time: stand.now, output: $0)
                }
            }
            return events
        }
        #expect(run() == run())
    }
}

/// What the outside of a client knows.
private struct World {
    var isOpen = false
    var accepted = 0
    var finished = 0
    var connections = 0
    var losses = 0
    private var isConnected = false

    mutating func check(_ outputs: [MQTTClient.Output]) {
        for output in outputs {
            switch output {
            case .openTransport: isOpen = true
            case .closeTransport: isOpen = false
            case .send: #expect(isOpen)
            case .connected:
                connections += 1
                isConnected = true
            case .lost:
                losses += isConnected ? 1 : 0
                isConnected = false
            case .published: finished += 1
            case .dropped(.publication): finished += 1
            case .message, .subscribed, .unsubscribed: #expect(isConnected)
            case .refused: #expect(!isConnected)
            case .setReading, .repeated, .dropped: break
            }
        }
    }
}

extension Seeded {
    fileprivate mutating func step(
        _ step: Int, on stand: ClientStand, given world: inout World
    ) -> [MQTTClient.Output] {
        switch below(20) {
        case 0: return stand.give(.connect)
        case 1, 2: return stand.give(.transportOpened)
        case 3, 4, 5:
            return stand.packet(
                .connectAcknowledgement(
                    sessionPresent: false, below(9) == 0 ? .notAuthorised : .accepted))
        case 6:
            if below(5) == 0 {
                world.isOpen = false
                return stand.give(.transportClosed)
            }
            return stand.give(.setReading(flag()))
        case 7, 8:
            world.accepted += 1
            return stand.give(
                .publish(
                    topic: topic(), message: message(), isRetained: flag(), qos: quality(),
                    tag: step))
        case 9: return stand.give(.subscribe(filter: filter(), qos: quality(), tag: step))
        case 10: return stand.give(.unsubscribe(filter: filter(), tag: step))
        case 11: return stand.give(.delivered(below(20)))
        case 12, 13: return stand.packet(.publishAcknowledgement(UInt16(1 + below(60))))
        case 14:
            return stand.packet(
                .subscribeAcknowledgement(packetIdentifier: UInt16(1 + below(60)), [1]))
        case 15: return stand.packet(.pingResponse)
        case 16: return stand.packet(arrival("a", UInt16(below(30))))
        case 17: return stand.packet(.unsubscribeAcknowledgement(UInt16(1 + below(60))))
        case 18:
            let packet = packet()
            return packet.type.isSent(by: .server) ? stand.packet(packet) : []
        default:
            guard below(10) == 0 else { return [] }
            return stand.give(.received((0..<below(9)).map { _ in UInt8(below(256)) }))
        }
    }
}
