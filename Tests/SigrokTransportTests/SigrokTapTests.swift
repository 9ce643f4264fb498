#if Sigrok
import Signals
import Testing

@testable import SigrokTransport

/// The demo device, whose patterns are known, as an analyzer.
@Suite struct SigrokTapTests {
    private static let wires: [SigrokWire] = [
        SigrokWire(.reset, signal: "D0"), SigrokWire(.stx, signal: "D1"),
        SigrokWire(.sckout, signal: "D2"), SigrokWire(.srx, signal: "D3"),
        SigrokWire(.sckin, signal: "D4"),
    ]

    private func tap(_ name: String, rate: UInt64, wires: [SigrokWire] = wires) throws -> SigrokTap
    {
        let device = try SigrokDevice(SigrokDeviceName(parsing: name))
        var plan = SigrokTapPlan(device: device, wires: wires, sampleRate: rate)
        plan.canWait = true
        return try SigrokTap(plan)
    }

    /// All edges up to a time.
    private func edges(of tap: inout SigrokTap, until end: Timestamp) throws -> [Edge] {
        var edges: [Edge] = []
        var batch = EdgeBatch()
        while tap.end < end, try tap.read(into: &batch) {
            #expect(batch.gap == nil)
            edges += batch.edges
        }
        return edges.filter { $0.time < end }
    }

    @Test func theDemoDeviceIsFound() throws {
        let devices = try SigrokScan.cheap()
        let demo = try #require(devices.first { $0.driver == "demo" })
        #expect(demo.channels.map(\.name) == (0..<8).map { "D\($0)" })
        #expect(demo.rates == .steps(from: 1, to: 1_000_000_000, step: 1))
        #expect(demo.name == "demo")
    }

    @Test(arguments: [1_000_000, 24_000_000, 333_333] as [UInt64])
    func aPatternThatCountsGivesTheEdgesOfACounter(rate: UInt64) throws {
        var tap = try tap("demo:pattern=incremental", rate: rate)
        let clock = try #require(SampleClock(rate: rate))
        #expect(tap.clock == clock)
        let samples: UInt64 = 20_000
        let found = try edges(of: &tap, until: clock.time(of: samples))
        var expected: [Edge] = []
        for sample in 1..<samples {
            for wire in Channel.wires {
                let bit = UInt8(truncatingIfNeeded: sample >> UInt64(wire.index)) & 1
                let before = UInt8(truncatingIfNeeded: (sample - 1) >> UInt64(wire.index)) & 1
                guard bit != before else { continue }
                expected.append(
                    Edge(time: clock.time(of: sample), channel: wire, level: Level(bit: bit)))
            }
        }
        #expect(tap.initialLevels == LevelSet(bits: 0))
        #expect(found == expected)
        #expect(tap.lostEdges == 0)
    }

    @Test func levelsThatStayHaveATimeThatGoesOn() throws {
        for (pattern, level) in [("all-low", Level.low), ("all-high", .high)] {
            var tap = try tap("demo:pattern=\(pattern)", rate: 1_000_000)
            #expect(Channel.wires.allSatisfy { tap.initialLevels[$0] == level })
            let end = Timestamp(nanoseconds: 300_000_000)
            #expect(try edges(of: &tap, until: end).isEmpty)
            #expect(tap.end >= end)
        }
    }

    @Test func samplesOfMoreThanOneByteHaveTheirWiresAnywhere() throws {
        let wires = [
            SigrokWire(.sckout, signal: "D9"), SigrokWire(.reset, signal: "D0"),
            SigrokWire(.stx, signal: "D16"),
        ]
        var tap = try tap(
            "demo:logic_channels=20:analog_channels=0:pattern=incremental", rate: 1_000_000,
            wires: wires)
        let found = try edges(of: &tap, until: Timestamp(nanoseconds: 3_000_000))
        #expect(found.contains { $0.channel == .reset })
        #expect(found.allSatisfy { $0.channel != .srx && $0.channel != .sckin })
    }

    @Test func aTapThatIsDroppedStopsItsDevice() throws {
        for _ in 0..<10 {
            var tap = try tap("demo:pattern=random", rate: 10_000_000)
            var batch = EdgeBatch()
            #expect(try tap.read(into: &batch))
        }
    }

    @Test func whoeverCannotWaitLosesEdgesAndSaysHowMany() throws {
        let device = try SigrokDevice(SigrokDeviceName(parsing: "demo:pattern=incremental"))
        var tap = try SigrokTap(
            SigrokTapPlan(device: device, wires: Self.wires, sampleRate: 50_000_000))
        var batch = EdgeBatch()
        let deadline = ContinuousClock.now + .seconds(60)
        // Nobody reads until there is no room.
        while tap.lostEdges == 0, ContinuousClock.now < deadline {}
        var levels = tap.initialLevels
        var gap: Gap?
        var last = Timestamp.zero
        while gap == nil, try tap.read(into: &batch) {
            gap = batch.gap
            if let gap {
                #expect(gap.start <= gap.end)
                #expect(gap.start >= last)
                levels = batch.levels
            }
            #expect(batch.levels == levels)
            for edge in batch.edges {
                #expect(edge.time >= last)
                last = edge.time
                levels.toggle(edge.channel)
                #expect(levels[edge.channel] == edge.level)
            }
            if ContinuousClock.now > deadline { break }
        }
        #expect(gap?.reason == .overflow)
    }

    // MARK: Errors

    private func complaint(_ name: String, rate: UInt64 = 1_000_000) -> String {
        do {
            _ = try tap(name, rate: rate)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsWrongIsTold() throws {
        #expect(complaint("nosuchdriver").contains("no driver `nosuchdriver`"))
        #expect(complaint("demo:pattern=sine").contains("it knows sigrok, random, incremental"))
        #expect(complaint("demo:nothing=1").contains("no such option"))
        #expect(complaint("demo:averaging=fast").contains("`fast` is no value for it"))
        #expect(complaint("demo:=1").contains("driver:option=value"))
        #expect(complaint("demo:logic_channels=many").contains("`many` is no value"))
        #expect(complaint("demo:logic_channels=0").contains("no logic channel"))
        #expect(complaint("demo:logic_channels=3").contains("it has D0, D1, D2"))
        #expect(complaint("demo", rate: 0).contains("1 Hz to 1 GHz"))
        #expect(complaint("demo", rate: 1_000_000_001).contains("cannot sample at"))
    }

    @Test(arguments: ["limit_samples=10", "limit_time=5", "limit_frames=1", "continuous"])
    func howLongIsRecordedIsNoOptionOfTheDriver(option: String) {
        #expect(complaint("demo:\(option)").contains("told by --for"))
    }

    @Test func howOftenIsSampledIsNoOptionOfTheDriver() {
        #expect(complaint("demo:samplerate=1m").contains("told by --sample-rate"))
    }

    @Test(arguments: [
        "logic_channels=2000000000", "logic_channels=65", "analog_channels=99999",
        "analog_channels=-1",
    ])
    func channelsBeyondAllReasonAreRefused(option: String) {
        #expect(complaint("demo:\(option)").contains("are not between 0 and 64"))
    }

    @Test func aRateThatIsNotAmongThoseOfAListIsTold() {
        let rates = SigrokRates.list([20_000, 1_000_000, 24_000_000])
        #expect(rates.contains(1_000_000))
        #expect(!rates.contains(2_000_000))
        #expect(rates.description == "20 kHz, 1 MHz, 24 MHz")
        #expect(SigrokRates.text(33_333_333) == "33.333333 MHz")
        #expect(SigrokRates.text(12_500_000) == "12.5 MHz")
        #expect(SigrokRates.text(999) == "999 Hz")
    }
}
#endif
