#if Sigrok
import CaptureStore
import Decoding
import Signals
import SigrokTransport

/// The logic analyzers of this machine, for `devices`.
struct SigrokDeviceList {
    /// A device, as it is listed.
    struct Row {
        /// The driver's name.
        var driver: String
        /// Where it is connected; nil when that has no name.
        var connection: String?
        /// Maker, model and version.
        var title: String
        /// The names of its logic channels.
        var channels: [String]
        /// How often it can sample.
        var rates: SigrokRates
        /// What `record --sigrok` takes.
        var name: String
    }

    /// What was found where a look is cheap: the demo device, and analyzers on USB.
    let rows: [Row]
    /// Why nothing could be found; nil when all went well.
    let refusal: SigrokError?

    /// Looks for devices.
    init() {
        do throws(SigrokError) {
            rows = try SigrokScan.cheap().filter { !$0.channels.isEmpty }.map { device in
                Row(
                    driver: device.driver, connection: device.connection, title: device.title,
                    channels: device.channels.map(\.name), rates: device.rates,
                    name: device.name)
            }
            refusal = nil
        } catch {
            rows = []
            refusal = error
        }
    }

    /// Devices, some lines of text each.
    var text: [String] {
        if let refusal { return ["  \(refusal)"] }
        if rows.isEmpty { return ["  none"] }
        return rows.flatMap { row in
            [
                "  \(row.name)  \(row.title)",
                "    channels \(row.channels.joined(separator: " "))",
                "    samples at \(row.rates)",
            ]
        }
    }

    /// The same for programs.
    var object: JSONNode {
        if let refusal { return .object([.text("error", refusal.description)]) }
        return .array(
            rows.map { row in
                .object([
                    .text("driver", row.driver),
                    .init(
                        name: "connection",
                        value: row.connection.map { .string($0) } ?? .null),
                    .text("title", row.title), .text("name", row.name),
                    .init(name: "channels", value: .array(row.channels.map { .string($0) })),
                    .init(name: "sample_rates", value: Self.object(row.rates)),
                ])
            })
    }

    private static func object(_ rates: SigrokRates) -> JSONNode {
        switch rates {
        case .list(let rates): .array(rates.map { .number(String($0)) })
        case .steps(let low, let high, let step):
            .object([
                .count("from", low), .count("to", high),
                .count("step", step),
            ])
        case .unknown: .null
        }
    }

    /// Whether a device has all channels of a pinout, by their names.
    func has(_ pinout: Pinout) -> Bool {
        let signals = pinout.map.items.compactMap(\.signal)
        return rows.contains { row in signals.allSatisfy(row.channels.contains) }
    }
}
#endif
