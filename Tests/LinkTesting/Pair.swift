package import LinkProtocol
package import Signals

/// Both ends of a link, joined by wires, in a time of their own that jumps to the next event.
///
/// Every edge is recorded, so a run of a pair is also a capture. The same seed gives the same one.
///
///     let pair = Pair()
///     pair.start()
///     pair.send("i", from: .host)
///     pair.run(for: .milliseconds(50))
package final class Pair {
    /// How the wires, the ends' owners and the reset circuit behave.
    package struct World: Sendable {
        /// How long each end takes to answer an edge; drawn anew each time.
        package var hostDelay: ClosedRange<Int64> = 10_000...10_000
        package var bridgeDelay: ClosedRange<Int64> = 10_000...10_000
        /// The time between two writes of one wake-up.
        package var writeStep = Nanoseconds(100)
        /// From the release of `reset` to the start of the bridge's machine.
        package var bootTime = Nanoseconds.milliseconds(1)
        /// The host is started again as soon as its link has failed.
        package var restartsHost = false
        /// The reset line reaches the bridge.
        package var isResetConnected = true
        package var seed: UInt64 = 1

        package init() {}
    }

    /// Something that a machine told its owner.
    package struct Told: Equatable {
        package var time: Timestamp
        package var end: LinkEnd
        package var output: LinkMachine.Output
    }

    package var world: World
    package private(set) var host: LinkMachine
    package private(set) var bridge: LinkMachine
    package private(set) var now: Timestamp = .zero
    /// Every edge since the begin.
    package private(set) var recording = EdgeBatch()
    package private(set) var told: [Told] = []
    /// The bridge does nothing until it is reset.
    package var isBridgeFrozen = false

    private var levels: LevelSet = .rest
    private var random: Seeded
    private var hostWake: Timestamp?
    private var bridgeWake: Timestamp?
    private var bootAt: Timestamp?
    private var lastWrite = Timestamp(nanoseconds: -1_000_000)
    private var nextTag = 0
    /// The tags of frames that have neither left the wire nor been given up.
    private var outstanding: [LinkEnd: Set<Int>] = [:]

    /// Times that keep tests short: a watchdog of 20 ms, a reset of 2 ms, 5 ms of settling.
    package static var quick: LinkConfiguration {
        var configuration = LinkConfiguration()
        configuration.watchdogTimeout = .milliseconds(20)
        configuration.resetPulse = .milliseconds(2)
        configuration.settling = .milliseconds(5)
        configuration.settlingMax = .milliseconds(40)
        configuration.idlePause = .zero
        return configuration
    }

    package init(_ configuration: LinkConfiguration = Pair.quick, world: World = World()) {
        self.world = world
        random = Seeded(world.seed)
        host = LinkMachine(end: .host, configuration: configuration)
        bridge = LinkMachine(end: .bridge, configuration: configuration)
    }

    /// A pair whose host has started, run until both ends are synchronised.
    package static func synchronised(
        _ configuration: LinkConfiguration = Pair.quick, world: World = World()
    ) -> Pair {
        let pair = Pair(configuration, world: world)
        let isSynchronised = pair.synchronise()
        precondition(isSynchronised, "two ends that work find each other")
        return pair
    }

    // MARK: What an owner does

    package func start() { feed(.start, to: .host) }

    package func stop(_ end: LinkEnd = .host) { feed(.stop, to: end) }

    /// Queues a frame and gives its tag.
    @discardableResult
    package func send(_ text: [UInt8], from end: LinkEnd) -> Int {
        defer { nextTag += 1 }
        outstanding[end, default: []].insert(nextTag)
        feed(.send(frame: text, tag: nextTag), to: end)
        return nextTag
    }

    @discardableResult
    package func send(_ text: String, from end: LinkEnd) -> Int {
        send(characters(text), from: end)
    }

    /// Makes the other end's wires show something else, as a spike does.
    package func force(_ channel: Channel, _ level: Level) {
        if levels[channel] == level { return }
        write(channel, level)
        wake(after: channel)
    }

    // MARK: Time

    package func run(for span: Nanoseconds) { run(until: now + span) }

    /// Runs everything that is due until then.
    package func run(until end: Timestamp) {
        while step(before: end) {}
        now = max(now, end)
    }

    /// Runs until the condition holds; false when it did not within the span.
    package func run(
        within span: Nanoseconds = .seconds(30), until condition: (Pair) -> Bool
    ) -> Bool {
        let end = now + span
        while !condition(self) {
            if !step(before: end) { return false }
        }
        return true
    }

    /// Starts the host and runs until both ends are synchronised.
    package func synchronise() -> Bool {
        start()
        return run(until: { $0.host.isSynchronised && $0.bridge.isSynchronised })
    }

    /// Runs until every queued frame has left the wire, and a few bits on.
    package func settle() -> Bool {
        let isDone = run(until: { $0.outstanding.values.allSatisfy { $0.isEmpty } })
        run(for: Nanoseconds(20 * (world.hostDelay.upperBound + world.bridgeDelay.upperBound)))
        return isDone
    }

    /// Does the next thing that is due; false when nothing is before `end`.
    package func step(before end: Timestamp) -> Bool {
        let times = [hostWake, bridgeWake, bootAt, host.deadline, bridge.deadline]
        guard let next = times.compactMap({ $0 }).min(), next <= end else { return false }
        now = max(now, next)
        if let wake = bootAt, wake <= now {
            bootAt = nil
            feed(peerLevels(of: .bridge), to: .bridge)
            feed(.start, to: .bridge)
        } else if let wake = hostWake, wake <= now {
            hostWake = nil
            feed(peerLevels(of: .host), to: .host)
        } else if let wake = bridgeWake, wake <= now {
            bridgeWake = nil
            if !isBridgeFrozen { feed(peerLevels(of: .bridge), to: .bridge) }
        } else if let deadline = host.deadline, deadline <= now {
            feed(.timer, to: .host)
            // Whoever waits for deadlines would spin here, and so would every test.
            if let next = host.deadline { precondition(next > now, "a served deadline is due") }
        } else {
            feed(.timer, to: .bridge)
        }
        return true
    }

    // MARK: Machines and wires

    private func peerLevels(of end: LinkEnd) -> LinkMachine.Input {
        .levels(clock: levels[end.peer.clock], data: levels[end.peer.data])
    }

    private func feed(_ input: LinkMachine.Input, to end: LinkEnd) {
        switch input {
        case .start, .stop: outstanding[end] = []
        case .levels, .send, .timer: break
        }
        if end == .host { host.handle(input, at: now) } else { bridge.handle(input, at: now) }
        while let output = end == .host ? host.nextOutput() : bridge.nextOutput() {
            guard case .drive(let channel, let level) = output else {
                told.append(Told(time: now, end: end, output: output))
                switch output {
                case .sent(let tag), .refused(let tag, _): outstanding[end]?.remove(tag)
                case .failed:
                    outstanding[end] = []
                    if world.restartsHost { feed(.start, to: .host) }
                case .drive, .synchronised, .received: break
                }
                continue
            }
            write(channel, level)
            if channel == .reset { moveReset(to: level) } else { wake(after: channel) }
        }
    }

    private func write(_ channel: Channel, _ level: Level) {
        let time = max(now, lastWrite + world.writeStep)
        lastWrite = time
        levels[channel] = level
        recording.edges.append(Edge(time: time, channel: channel, level: level))
    }

    private func wake(after channel: Channel) {
        switch channel {
        case .stx, .sckout:
            let wake = now + Nanoseconds(.random(in: world.bridgeDelay, using: &random))
            bridgeWake = max(bridgeWake ?? wake, wake)
        default:
            let wake = now + Nanoseconds(.random(in: world.hostDelay, using: &random))
            hostWake = max(hostWake ?? wake, wake)
        }
    }

    /// The reset circuit: low kills the bridge and pulls its wires down, the release boots it.
    private func moveReset(to level: Level) {
        guard world.isResetConnected else { return }
        if level == .low {
            bridge = LinkMachine(end: .bridge, configuration: bridge.configuration)
            outstanding[.bridge] = []
            isBridgeFrozen = false
            bridgeWake = nil
            bootAt = nil
            for channel in [LinkEnd.bridge.data, LinkEnd.bridge.clock] {
                if levels[channel] == .high { force(channel, .low) }
            }
        } else {
            bootAt = now + world.bootTime
        }
    }
}

extension Pair {
    /// The frames that an end has received.
    package func received(by end: LinkEnd) -> [[UInt8]] {
        told.compactMap { told in
            guard told.end == end, case .received(let frame, _) = told.output else { return nil }
            return frame
        }
    }

    /// What an end told apart from the frames it received.
    package func outcomes(of end: LinkEnd) -> [LinkMachine.Output] {
        told.compactMap { told in
            if told.end != end { return nil }
            if case .received = told.output { return nil }
            return told.output
        }
    }

    /// The recorded edges of one wire.
    package func edges(of channel: Channel) -> [Edge] {
        recording.edges.filter { $0.channel == channel }
    }

    /// The recording from a moment on.
    package func drawing(
        _ channels: [Channel] = Channel.wires, from start: Timestamp, step: Nanoseconds,
        columns: Int
    ) -> Waveform {
        Waveform(
            of: recording, channels: channels, from: start, step: step, columns: columns)
    }
}

/// Text as characters of the link; `|` is the field separator.
package func characters(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: "|") ? 0x7f : $0 }
}

/// Characters of the link as text.
package func drawn(_ frame: [UInt8]) -> String {
    String(
        decoding: frame.map { $0 == 0x7f ? UInt8(ascii: "|") : $0 }, as: UTF8.self)
}
