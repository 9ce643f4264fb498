import ArgumentParser
import CaptureStore
import Signals

#if Sigrok
import SigrokTransport
#endif

/// A logic analyzer as what is recorded.
struct SigrokOptions: ParsableArguments {
    @Option(
        help: """
            Record from a logic analyzer by the name of its sigrok driver, with options as sigrok-cli \
            has them: fx2lafw, fx2lafw:conn=1.5, demo:pattern=random.
            """)
    var sigrok: String?

    @Option(help: "How often the analyzer looks, 100kHz or more for this link. (default: 1MHz)")
    var sampleRate: SampleRateArgument?

    func validate() throws {
        if sampleRate != nil, sigrok == nil {
            throw ValidationError("--sample-rate is for --sigrok")
        }
    }

    /// The demonstration makes samples when somebody wants them, and loses none by waiting.
    private static let patientDriver = "demo"

    /// Whether what is recorded cannot be made to wait for the disk.
    var isImpatient: Bool {
        sigrok.map { $0.prefix { $0 != ":" } != Self.patientDriver } ?? false
    }

    #if Sigrok
    private static let usualRate: UInt64 = 1_000_000

    /// Opens the analyzer and starts to sample.
    ///
    /// - Parameters:
    ///   - span: how long is recorded, for analyzers that must know beforehand.
    ///   - mayWait: an analyzer that can wait for the disk may be made to.
    func open(
        _ name: String, wiring: WiringOptions, span: TimeArgument?, mayWait: Bool
    ) throws -> SigrokTap {
        do {
            let device = try SigrokDevice(SigrokDeviceName(parsing: name))
            guard !device.channels.isEmpty else {
                throw SigrokError.noLogicChannels(device: device.words)
            }
            let wires = try SigrokWiring(
                wiring.channelMap(), channels: device.channels.map(\.name), of: device.words)
            if let remark = wires.remark { Console.note(remark) }
            var plan = SigrokTapPlan(
                device: device, wires: wires.wires,
                sampleRate: try sampleRate?.wholeHertz() ?? Self.usualRate)
            plan.canWait = mayWait && device.driver == Self.patientDriver
            plan.span = span.map { Nanoseconds($0.nanoseconds) }
            return try SigrokTap(plan, isEndRequested: { Interrupt.isRequested })
        } catch let error as SigrokError {
            throw Failure(error)
        }
    }
    #endif
}

#if Sigrok
extension Failure {
    /// What libsigrok could not do, as the end of the command.
    init(_ error: SigrokError) {
        if case .interrupted = error {
            self.init(.interrupted, "\(error): nothing is written")
        } else {
            self.init(.failed, NameSuggestion.adding(to: error.description, error.unknownName))
        }
    }
}
#endif
