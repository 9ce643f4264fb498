#if Sigrok
    internal import CSigrok
    internal import Glibc
    public import Signals

    /// Which channels of an analyzer are which wires, and how often it looks.
    public struct SigrokTapPlan: Hashable, Sendable {
        /// The device.
        public var device: SigrokDeviceName
        /// Samples a second, in Hz; nil for what the device is set to.
        public var rate: UInt64?
        /// The wires with the names of their channels, in the order of the wires.
        public var wires: [Wire]

        /// A wire and its channel.
        public struct Wire: Hashable, Sendable {
            /// The wire of the link.
            public var channel: Channel
            /// The analyzer's name for it, such as `D0`.
            public var name: String

            /// A wire and its channel.
            public init(_ channel: Channel, name: String) {
                self.channel = channel
                self.name = name
            }
        }

        /// A plan.
        public init(device: SigrokDeviceName, rate: UInt64?, wires: [Wire]) {
            self.device = device
            self.rate = rate
            self.wires = wires
        }
    }

    /// The edges that a logic analyzer sees, or that a session file of one holds.
    ///
    /// Time 0 is the first sample. An edge has the time of the first sample with its new level, so it was up
    /// to one ``SampleClock/period`` earlier. Edges of one sample come in the order of their channels.
    public struct SigrokTap: EdgeSource {
        /// The wires, in the order in which they were given.
        public let wires: [SigrokTapPlan.Wire]
        /// When the samples were taken.
        public let clock: SampleClock
        /// The levels in the first sample; wires without a channel are at rest.
        public let initialLevels: LevelSet
        /// Maker, model and version of the device; of a file what it says of that.
        public let deviceTitle: String
        private let session: SigrokSession
        private let isLive: Bool
        private var run: SampleRun
        private var failure: SigrokError?

        /// Edges of a batch.
        private static let edgesMax = 4096
        /// How long ``read(into:)`` waits for something of a live device.
        private static let patience = Duration.milliseconds(100)
        /// How long the first sample may take.
        private static let beginPatience = Duration.seconds(15)

        /// Opens a device and starts to sample.
        ///
        /// - Parameter isEndRequested: asked while the first sample is awaited.
        public init(
            _ plan: SigrokTapPlan, isEndRequested: () -> Bool = { false }
        ) throws(SigrokError) {
            let library = try SigrokLibrary()
            guard let device = try library.scan(plan.device).first else {
                throw .noDevice(driver: plan.device.driver, hint: SigrokLibrary.takeLastWord())
            }
            try device.open()
            device.disableOtherChannels()
            for option in plan.device.options
            where !SigrokLibrary.scanOptions.contains(option.name) {
                try device.set(option, driver: plan.device.driver)
            }
            if let rate = plan.rate { try device.set(rate: rate) }
            try device.setContinuous()
            var session: OpaquePointer?
            var result = sr_session_new(library.context, &session)
            guard result == 0, let session else {
                throw .library(doing: "making a session", problem: SigrokLibrary.problem(result))
            }
            let live = try SigrokSession(session, device: device, library: library)
            result = sr_session_dev_add(session, device.pointer)
            guard result == 0 else {
                throw .library(
                    doing: "using \(device.title)", problem: SigrokLibrary.problem(result))
            }
            try self.init(
                live, wires: plan.wires, isLive: true, title: device.title,
                isEndRequested: isEndRequested)
        }

        /// Begins to read a session that is ready to start.
        init(
            _ session: SigrokSession, wires: [SigrokTapPlan.Wire], isLive: Bool, title: String,
            isEndRequested: () -> Bool
        ) throws(SigrokError) {
            self.session = session
            self.wires = wires
            self.isLive = isLive
            deviceTitle = title
            let bits = try Self.bits(of: wires, in: session.device)
            try session.start()
            let start = ContinuousClock.now
            while session.samples.isEmpty, session.samples.problem == nil, session.turn() {
                if isEndRequested() || ContinuousClock.now - start > Self.beginPatience { break }
            }
            if let problem = session.samples.problem {
                throw .library(doing: "reading \(title)", problem: problem)
            }
            guard !session.samples.isEmpty else {
                throw .silent(device: title)
            }
            guard let rate = session.samples.rate ?? session.device.rate,
                let clock = SampleClock(rate: rate)
            else { throw .noSampleRate(device: title) }
            let size = session.samples.unitSize
            guard let highest = bits.map(\.bit).max(), highest < 8 * min(size, 8) else {
                throw .library(
                    doing: "reading \(title)",
                    problem: "a sample has \(size) bytes, too few for these channels")
            }
            self.clock = clock
            run = SampleRun(clock: clock, wires: bits)
            var run = run
            session.samples.give { bytes in
                var none: [Edge] = []
                // The first sample gives the levels, and no edge.
                return run.take(
                    UnsafeRawBufferPointer(rebasing: bytes[..<size]), unitSize: size, into: &none,
                    edgesMax: 1)
            }
            self.run = run
            initialLevels = run.levels
        }

        /// The time of the sample behind the last one.
        public var end: Timestamp { run.end }
        /// The number of samples so far.
        public var sampleCount: UInt64 { run.count }

        /// Replaces the content of `batch` by the next run of edges; false at the end.
        ///
        /// A live device gives an empty batch when a tenth of a second brought none. It ends only by
        /// going away, which is thrown after all that it gave before.
        public mutating func read(into batch: inout EdgeBatch) throws(SigrokError) -> Bool {
            batch.gap = nil
            batch.levels = run.levels
            batch.edges.removeAll(keepingCapacity: true)
            if let failure { throw failure }
            let start = ContinuousClock.now
            while batch.edges.isEmpty {
                if session.samples.isEmpty {
                    if isLive, ContinuousClock.now - start >= Self.patience { return true }
                    guard session.turn() else { return try finish() }
                    if let problem = session.samples.problem {
                        throw .library(doing: "reading \(deviceTitle)", problem: problem)
                    }
                    continue
                }
                takeSamples(into: &batch)
                if isLive, ContinuousClock.now - start >= Self.patience { return true }
            }
            return true
        }

        private mutating func takeSamples(into batch: inout EdgeBatch) {
            let size = session.samples.unitSize
            session.samples.give { bytes in
                run.take(bytes, unitSize: size, into: &batch.edges, edgesMax: Self.edgesMax)
            }
        }

        private mutating func finish() throws(SigrokError) -> Bool {
            guard isLive else { return false }
            let gone = SigrokError.deviceGone(
                device: deviceTitle, hint: SigrokLibrary.takeLastWord())
            failure = gone
            throw gone
        }

        /// The wires' bits in a sample.
        private static func bits(
            of wires: [SigrokTapPlan.Wire], in device: SigrokDeviceHandle
        ) throws(SigrokError) -> [(channel: Channel, bit: Int)] {
            let channels = device.logicChannels
            guard !channels.isEmpty else { throw .noLogicChannels(device: device.title) }
            var bits: [(channel: Channel, bit: Int)] = []
            for wire in wires {
                guard let found = channels.first(where: { $0.name == wire.name }) else {
                    throw .noSuchChannel(
                        wire.name, device: device.title, known: channels.map(\.name))
                }
                bits.append((wire.channel, found.bit))
            }
            return bits
        }
    }
#endif
