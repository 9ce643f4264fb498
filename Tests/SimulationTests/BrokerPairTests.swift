import MQTTProtocol
import Signals
import Simulation
import Testing

/// The client machine against the broker, over a network that loses connections.
@Suite struct BrokerPairTests {
    @Test func aClientConnectsSubscribesAndHearsItself() {
        let pair = Pair(seed: 0, lossPerMille: 0)
        pair.give(.connect)
        pair.give(.subscribe(filter: [0x23], qos: .atLeastOnce, tag: 0))
        pair.publish(1)
        pair.run(for: .seconds(10))
        #expect(pair.published == [1])
        #expect(pair.heard == [1])
        #expect(pair.acknowledged == 1)
    }

    /// Qos 1 means at least once in both directions, whatever the network does, as long as the
    /// broker keeps its sessions; and the first arrivals have the order of the publications.
    @Test(arguments: 0..<30)
    func nothingIsLostOverAnyNetwork(seed: UInt64) {
        let pair = Pair(seed: seed, lossPerMille: 20)
        pair.give(.connect)
        pair.give(.subscribe(filter: [0x23], qos: .atLeastOnce, tag: 0))
        for number in 1...40 {
            pair.publish(number)
            pair.run(for: .milliseconds(300))
            if number % 10 == 0 { pair.restartBroker() }
        }
        pair.lossPerMille = 0
        pair.run(for: .seconds(120))
        #expect(pair.published == Array(1...40))
        #expect(Pair.firsts(pair.arrived) == Array(1...40))
        #expect(Set(pair.heard) == Set(1...40))
        #expect(pair.client.unfinishedPublications == 0)
        #expect(pair.faults == 0)
        #expect(pair.losses > 0)
    }

    @Test func withoutRenewalsAForgetfulBrokerSendsNothing() {
        for renews in [true, false] {
            let pair = Pair(seed: 1, lossPerMille: 0) { $0.renewsSubscriptions = renews }
            pair.give(.connect)
            pair.give(.subscribe(filter: [0x23], qos: .atLeastOnce, tag: 0))
            pair.run(for: .seconds(5))
            pair.restartBroker(keepingSessions: false)
            pair.run(for: .seconds(5))
            pair.publish(1)
            pair.run(for: .seconds(5))
            #expect(pair.arrived == [1])
            #expect(pair.heard == (renews ? [1] : []))
        }
    }

    @Test func theSameSeedGivesTheSameRun() {
        func run() -> [String] {
            let pair = Pair(seed: 7, lossPerMille: 30)
            pair.give(.connect)
            pair.give(.subscribe(filter: [0x23], qos: .atLeastOnce, tag: 0))
            for number in 1...20 {
                pair.publish(number)
                pair.run(for: .milliseconds(500))
            }
            return pair.log
        }
        let first = run()
        #expect(first == run())
        #expect(first.count > 100)
    }
}

/// A client, a broker, and a network of 10 ms between them that drops connections by chance.
private final class Pair {
    private(set) var client: MQTTClient
    private(set) var broker = SimulatedBroker()
    var lossPerMille: UInt64
    private(set) var published: [Int] = []
    private(set) var arrived: [Int] = []
    private(set) var heard: [Int] = []
    private(set) var acknowledged = 0
    private(set) var losses = 0
    private(set) var faults = 0
    private(set) var log: [String] = []

    private enum Parcel { case toClient(MQTTClient.Input), toBroker(SimulatedBroker.Input) }

    private var now = Timestamp.zero
    private var random: UInt64
    /// Numbered from 1; what belongs to an older one is dropped on arrival.
    private var connection = 0
    private var isOpen = false
    private var parcels: [(due: Timestamp, connection: Int, parcel: Parcel)] = []
    private var reconnect: Timestamp?

    init(
        seed: UInt64, lossPerMille: UInt64,
        _ change: (inout MQTTClientConfiguration) -> Void = { _ in }
    ) {
        random = seed &* 2 &+ 1
        self.lossPerMille = lossPerMille
        var configuration = MQTTClientConfiguration(clientIdentifier: [0x61])
        configuration.cleanSession = false
        configuration.cleanPause = .milliseconds(500)
        change(&configuration)
        client = MQTTClient(configuration: configuration)
    }

    /// The numbers in the order of their first appearance.
    static func firsts(_ numbers: [Int]) -> [Int] {
        var firsts: [Int] = []
        for number in numbers where !firsts.contains(number) { firsts.append(number) }
        return firsts
    }

    func publish(_ number: Int) {
        give(
            .publish(
                topic: [0x74], message: [UInt8(number)], isRetained: false, qos: .atLeastOnce,
                tag: number))
    }

    func restartBroker(keepingSessions: Bool = true) {
        broker.restart(keepingSessions: keepingSessions)
        dropConnection(tellingBroker: false)
    }

    func run(for span: Nanoseconds) {
        let end = now + span
        while let next = nextMoment, next <= end {
            now = max(now, next)
            if let first = parcels.first, first.due <= now {
                parcels.removeFirst()
                guard first.connection == connection else { continue }
                switch first.parcel {
                case .toClient(let input): give(input)
                case .toBroker(let input): give(input)
                }
            } else if let moment = reconnect, moment <= now {
                reconnect = nil
                give(.connect)
            } else {
                if let deadline = client.deadline, deadline <= now { give(MQTTClient.Input.timer) }
                if let deadline = broker.deadline, deadline <= now {
                    give(SimulatedBroker.Input.timer)
                }
            }
        }
        now = end
    }

    private var nextMoment: Timestamp? {
        [client.deadline, broker.deadline, parcels.first?.due, reconnect].compactMap { $0 }.min()
    }

    func give(_ input: MQTTClient.Input) {
        client.handle(input, at: now)
        while let output = client.nextOutput() {
            log.append("\(now.nanoseconds) client \(output)")
            switch output {
            case .openTransport:
                connection += 1
                isOpen = true
                post(.toBroker(.connectionOpened(connection)))
                post(.toClient(.transportOpened))
            case .closeTransport:
                isOpen = false
                post(.toBroker(.connectionClosed(connection)))
            case .send(let bytes):
                post(.toBroker(.received(connection, bytes)))
                loseByChance()
            case .lost(let loss):
                losses += 1
                if case .fault = loss { faults += 1 }
                reconnect = now + .seconds(1)
            case .refused: reconnect = now + .seconds(1)
            case .published(let tag): published.append(tag)
            case .message(let message, let delivery):
                heard.append(Int(message.message.first ?? 0))
                if let delivery { post(.toClient(.delivered(delivery))) }
            case .setReading, .connected, .repeated, .subscribed, .unsubscribed, .dropped: break
            }
        }
    }

    private func give(_ input: SimulatedBroker.Input) {
        broker.handle(input, at: now)
        while let output = broker.nextOutput() {
            log.append("\(now.nanoseconds) broker \(output)")
            switch output {
            case .send(_, let bytes):
                post(.toClient(.received(bytes)))
                loseByChance()
            case .close: post(.toClient(.transportClosed))
            case .arrived(let arrival): arrived.append(Int(arrival.message.first ?? 0))
            case .acknowledged: acknowledged += 1
            }
        }
    }

    private func post(_ parcel: Parcel) {
        parcels.append((now + .milliseconds(10), connection, parcel))
    }

    private func loseByChance() {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if random >> 33 % 1_000 < lossPerMille { dropConnection(tellingBroker: true) }
    }

    /// Both ends hear of it later, and nothing of it arrives any more.
    private func dropConnection(tellingBroker: Bool) {
        guard isOpen else { return }
        isOpen = false
        let lost = connection
        connection += 1
        if tellingBroker { post(.toBroker(.connectionClosed(lost))) }
        post(.toClient(.transportClosed))
    }
}
