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

    @Option(
        help: """
            How often the analyzer looks, such as 1MHz; 100kHz or more for this link. (default: what it \
            is set to)
            """)
    var sampleRate: SampleRateArgument?

    func validate() throws {
        if sampleRate != nil, sigrok == nil {
            throw ValidationError("--sample-rate is for --sigrok")
        }
    }

    #if Sigrok
        /// Opens the analyzer and starts to sample.
        func open(_ name: String, wiring: WiringOptions) throws -> SigrokTap {
            do {
                let map = try wiring.channelMap().completed(by: Self.usualMap)
                let wires = map.items.compactMap { item in
                    item.signal.map { SigrokTapPlan.Wire(item.wire, name: $0) }
                }.sorted { $0.channel.index < $1.channel.index }
                return try SigrokTap(
                    SigrokTapPlan(
                        device: SigrokDeviceName(name), rate: sampleRate?.wholeHertz(),
                        wires: wires),
                    isEndRequested: { Interrupt.isRequested })
            } catch let error as SigrokError {
                throw Failure(Interrupt.isRequested ? .interrupted : .failed, error.description)
            }
        }

        /// The first channels of an analyzer, unless somebody says otherwise.
        private static var usualMap: ChannelMap {
            Pinout.builtIn.first { $0.name == "analyzer" }?.map ?? ChannelMap()
        }
    #endif
}
