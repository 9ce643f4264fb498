internal import HostProtocol
internal import LinkProtocol
internal import MQTTProtocol

/// The buffers of those who listen to a link.
struct LinkAudience: Sendable {
    var networkStates: [ElementBuffer<Bool>] = []
    var sessions: [ElementBuffer<Int>] = []
    var statuses: [ElementBuffer<LinkStatus>] = []
    var crashes: [ElementBuffer<Status>] = []
    var events: [ElementBuffer<HostEvent>] = []
    private var subscribers: [(filter: [UInt8], buffer: ElementBuffer<LinkMessage>)] = []

    /// What is kept of anything that is no message.
    static var eventLimits: BufferLimits { BufferLimits(elementsMax: MQTTLink.eventsBufferedMax) }

    /// Adds a buffer to a list, and removes those that nobody reads any more.
    mutating func add<Element: Sendable>(
        _ buffer: ElementBuffer<Element>,
        to list: WritableKeyPath<LinkAudience, [ElementBuffer<Element>]>
    ) {
        self[keyPath: list].removeAll { $0.isFinished }
        self[keyPath: list].append(buffer)
    }

    /// Adds a buffer for the messages under a topic filter.
    mutating func add(_ buffer: ElementBuffer<LinkMessage>, filter: [UInt8]) {
        subscribers.removeAll { $0.buffer.isFinished }
        subscribers.append((filter, buffer))
    }

    /// Removes the buffers for the messages under a topic filter, and gives them back.
    mutating func remove(filter: [UInt8]) -> [ElementBuffer<LinkMessage>] {
        let removed = subscribers.filter { $0.filter == filter }
        subscribers.removeAll { $0.filter == filter }
        return removed.map(\.buffer)
    }

    /// The buffers for messages to a topic.
    func subscribers(of topic: [UInt8]) -> [ElementBuffer<LinkMessage>] {
        subscribers.filter {
            $0.filter == topic || TopicFilter.matches(filter: $0.filter, topic: topic)
        }.map(\.buffer)
    }

    /// Says to all that nothing more comes.
    func finish() {
        for buffer in networkStates { buffer.finish() }
        for buffer in sessions { buffer.finish() }
        for buffer in statuses { buffer.finish() }
        for buffer in crashes { buffer.finish() }
        for buffer in events { buffer.finish() }
        for subscriber in subscribers { subscriber.buffer.finish() }
    }
}
