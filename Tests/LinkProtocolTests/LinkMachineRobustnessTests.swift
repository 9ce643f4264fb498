import LinkProtocol
import LinkTesting
import Signals
import Testing

@Suite struct LinkMachineRobustnessTests {
    @Test(arguments: LinkEnd.allCases)
    func repeatedLevelsAdvanceNothing(end: LinkEnd) {
        let pair = Pair()
        #expect(pair.synchronise())
        pair.run(for: .microseconds(237))
        var machine = end == .host ? pair.host : pair.bridge
        let clock = pair.edges(of: end.peer.clock).last?.level ?? .low
        let data = pair.edges(of: end.peer.data).last?.level ?? .low
        _ = outputs(of: &machine, .levels(clock: clock, data: data), at: pair.now)
        let bits = machine.bitCount
        for _ in 0..<100 {
            #expect(
                outputs(of: &machine, .levels(clock: clock, data: data), at: pair.now).isEmpty)
            #expect(
                outputs(of: &machine, .levels(clock: clock, data: data.toggled), at: pair.now)
                    .isEmpty)
        }
        #expect(machine.bitCount == bits)
    }

    @Test func spikesOnTheDataWiresThatEndBeforeTheToggleDoNoHarm() {
        var world = Pair.World()
        world.hostDelay = 9_000...11_000
        world.bridgeDelay = 9_000...11_000
        let pair = Pair(world: world)
        #expect(pair.synchronise())
        pair.send("some text for the bridge", from: .host)
        pair.send("some text for the host", from: .bridge)
        var random = Seeded(4)
        for _ in 0..<400 {
            pair.run(for: .microseconds(Int64(1 + random.below(12))))
            for channel in [Channel.stx, .srx] {
                let level = pair.edges(of: channel).last?.level ?? .low
                pair.force(channel, level.toggled)
                pair.force(channel, level)
            }
        }
        #expect(pair.settle())
        #expect(pair.received(by: .bridge).map(drawn) == ["some text for the bridge"])
        #expect(pair.received(by: .host).map(drawn) == ["some text for the host"])
    }

    /// Whatever comes in: own wires only, never a level that is there already, data before clock,
    /// at most one toggle an input unless a session ends or begins.
    @Test(arguments: LinkEnd.allCases, [UInt64(1), 2, 3, 4])
    func noInputTrapsOrBreaksTheRulesOfDriving(end: LinkEnd, seed: UInt64) {
        var random = Seeded(seed)
        var configuration = Pair.quick
        configuration.characterSize = random.flag() ? .seven : .eight
        configuration.idlePause = random.flag() ? .zero : .microseconds(300)
        configuration.queueLimits = .init(frameCountMax: 5, characterCountMax: 60)
        configuration.frameLengthMax = 9
        var machine = LinkMachine(end: end, configuration: configuration)
        var levels = LevelSet.rest
        var now = Timestamp.zero
        var tag = 0
        var waiting: [Int] = []
        var clock = Level.low
        for turn in 0..<40_000 {
            now = now + Nanoseconds(Int64(random.below(100)) * Int64(random.below(10_000)))
            let input: LinkMachine.Input
            switch turn == 0 ? 0 : random.below(1_000) {
            case 0: input = .start
            case 1: input = .stop
            case 2..<30:
                tag += 1
                input = .send(frame: random.text(random.below(20), largest: 0xff), tag: tag)
            case 30..<150: input = .timer
            case 150..<600:
                clock = clock.toggled
                input = .levels(clock: clock, data: Level(bit: UInt8(random.below(2))))
            default:
                clock = Level(bit: UInt8(random.below(2)))
                input = .levels(clock: clock, data: Level(bit: UInt8(random.below(2))))
            }
            var toggles = 0
            var isNewSession = false
            switch input {
            case .start, .stop:
                isNewSession = true
                waiting = []
            case .send(_, let tag): waiting.append(tag)
            case .levels, .timer: break
            }
            for output in outputs(of: &machine, input, at: now) {
                switch output {
                case .drive(let channel, let level):
                    let isOwn =
                        channel == end.clock || channel == end.data
                        || (end == .host && channel == .reset)
                    if !isOwn || levels[channel] == level {
                        Issue.record("turn \(turn): \(output)")
                    }
                    levels[channel] = level
                    if channel == end.clock { toggles += 1 }
                    if channel == end.data, toggles > 0, !isNewSession {
                        Issue.record("turn \(turn): data behind the clock")
                    }
                case .failed:
                    isNewSession = true
                    waiting = []
                case .sent(let tag):
                    if waiting.first != tag { Issue.record("turn \(turn): \(output)") }
                    waiting.removeFirst()
                case .refused(let tag, _): waiting.removeAll { $0 == tag }
                case .synchronised, .received: break
                }
            }
            if toggles > 1, !isNewSession { Issue.record("turn \(turn): \(toggles) toggles") }
            if end == .bridge, machine.deadline != nil { Issue.record("turn \(turn): deadline") }
            if !machine.isStarted, machine.deadline != nil { Issue.record("turn \(turn)") }
        }
    }

    /// A machine whose timer has fired does not want it again at once: its owner would spin.
    @Test(arguments: [UInt64(1), 2, 3])
    func aDeadlineThatWasServedIsNoLongerDue(seed: UInt64) {
        var random = Seeded(seed)
        var configuration = Pair.quick
        configuration.idlePause = .microseconds(400)
        configuration.watchdogTimeout = .microseconds(Int64(100 + random.below(2_000)))
        var machine = LinkMachine(end: .host, configuration: configuration)
        var now = Timestamp.zero
        for turn in 0..<20_000 {
            if !machine.isStarted { _ = outputs(of: &machine, .start, at: now) }
            if random.below(4) == 0, let deadline = machine.deadline {
                now = max(now, deadline)
                _ = outputs(of: &machine, .timer, at: now)
                if let next = machine.deadline, next <= now {
                    Issue.record("turn \(turn): still due")
                    return
                }
            } else {
                now = now + .microseconds(Int64(random.below(30)))
                let clock = Level(bit: UInt8(turn & 1))
                let pattern = SyncPattern.bit(turn % 40)
                _ = outputs(
                    of: &machine, .levels(clock: clock, data: Level(bit: pattern)), at: now)
            }
        }
    }

    @Test func theSameInputsGiveTheSameOutputs() {
        func run() -> ([Edge], [Pair.Told]) {
            var world = Pair.World()
            world.seed = 77
            world.hostDelay = 3_000...50_000
            world.bridgeDelay = 3_000...50_000
            world.restartsHost = true
            let pair = Pair(world: world)
            _ = pair.synchronise()
            pair.send("p|topic|message|1|0", from: .host)
            pair.send("t|4", from: .bridge)
            pair.run(for: .milliseconds(30))
            pair.isBridgeFrozen = true
            pair.run(for: .milliseconds(80))
            return (pair.recording.edges, pair.told)
        }
        let first = run()
        let second = run()
        #expect(first.0 == second.0)
        #expect(first.1 == second.1)
        #expect(first.0.count > 1_000)
        #expect(first.1.count > 4)
    }
}
