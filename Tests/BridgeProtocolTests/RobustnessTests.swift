import LinkProtocol
import LinkTesting
import MQTTProtocol
import Signals
import Testing

@testable import BridgeProtocol

/// Anything at any time.
@Suite struct RobustnessTests {
    private static let commands: [StaticString] = ["w", "init", "p", "s", "i", "m", "t", "zz", ""]

    /// Something like a frame of the host, or nothing like it.
    private func frame(_ random: inout Seeded) -> [UInt8] {
        switch random.below(4) {
        case 0: return (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
        case 1: return characters(Firmware.initialise)
        default:
            var frame = Text.bytes(Self.commands[random.below(Self.commands.count)])
            for _ in 0..<random.below(6) {
                frame.append(0x7f)
                frame += [[], [0x30], [0x31], [0x61], [0x2b, 0x31], [0x23]][random.below(6)]
            }
            return frame
        }
    }

    private func input(_ random: inout Seeded) -> BridgeSession.Input {
        switch random.below(24) {
        case 0: return random.below(20) == 0 ? .boot : .timer
        case 1: return random.below(20) == 0 ? .powerOff : .timer
        case 2: return .synchronised
        case 3: return .left(tag: random.below(200))
        case 4: return .refused(tag: random.below(200), .queueFull(limit: 1))
        case 5: return .network(NetworkEvent.allCases[random.below(3)])
        case 6: return .transportOpened
        case 7: return random.below(8) == 0 ? .transportClosed : .timer
        case 8:
            return .transportReceived((0..<random.below(9)).map { _ in UInt8(random.below(256)) })
        case 9: return .internet(isReachable: random.flag())
        case 10:
            return .serverTime(random.flag() ? nil : Nanoseconds(Int64(bitPattern: random.next())))
        case 11: return .memory(free: Int64(bitPattern: random.next()), allocated: 5)
        case 12, 13: return .timer
        default: return .frame(frame(&random), droppedCharacters: max(0, random.below(40) - 38))
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func nothingTrapsAndTheSameComesOutTwice(seed: UInt64) {
        var results: [[BridgeSession.Output]] = []
        for _ in 0..<2 {
            var random = Seeded(seed)
            var configuration = BridgeConfiguration()
            if seed % 2 == 1 { configuration.rules = ReferenceRules(.reference) }
            if seed % 3 == 1 { configuration.pacing = .reference }
            var session = BridgeSession(configuration: configuration)
            var now = Timestamp.zero
            var outputs: [BridgeSession.Output] = []
            session.handle(.boot, at: now)
            for _ in 0..<3_000 {
                now = now + Nanoseconds(Int64(random.below(300_000_000)))
                session.handle(input(&random), at: now)
                while let output = session.nextOutput() { outputs.append(output) }
                if case .memory = input(&random), let deadline = session.deadline {
                    #expect(deadline > now, "what was due was done")
                }
            }
            results.append(outputs)
        }
        #expect(results[0] == results[1])
        #expect(!results[0].isEmpty)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func everyFrameIsAnsweredWhileTheBridgeRuns(seed: UInt64) {
        var random = Seeded(seed)
        var firmware = Firmware.running()
        for _ in 0..<50 {
            firmware.forget()
            let frame = frame(&random)
            if frame.isEmpty { continue }
            firmware.host(frame)
            if firmware.has(.queryInternet) { firmware.feed(.internet(isReachable: false)) }
            if firmware.has(.queryMemory) { firmware.feed(.memory(free: 1, allocated: 1)) }
            let isSubscription = firmware.packets.contains { $0.type == .subscribe }
            #expect(firmware.said.count == (isSubscription ? 0 : 1), "\(drawn(frame))")
            #expect(firmware.session.work.isIdle)
        }
    }

    /// No frame that was sent is one that a host cannot read.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everythingSaidIsAMessage(seed: UInt64) {
        var random = Seeded(seed)
        var firmware = Firmware.running(initialise: Firmware.initialise + "|escape")
        for _ in 0..<100 {
            firmware.host(frame(&random))
            firmware.broker(
                "a", (0..<random.below(20)).map { _ in UInt8(random.below(256)) })
            firmware.run(for: .seconds(4))
        }
        for output in firmware.outputs {
            guard case .send(let frame, _) = output.output else { continue }
            #expect(BridgeMessage.parse(frame).message != nil, "\(drawn(frame))")
        }
    }
}

extension Work {
    var isIdle: Bool { if case .idle = self { true } else { false } }
}
