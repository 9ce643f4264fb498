import BridgeProtocol
import LinkProtocol
import MQTTProtocol
import Signals

@testable import Decoding
@testable import Measurements

/// Link events and a journal's, in whatever order they are told, measured.
struct JournalFixture {
    var measurements = LinkMeasurements()
    private(set) var session = 1

    mutating func hear(_ events: [LinkEvent]) {
        for event in events {
            if case .reset(let reset) = event { session = reset.session }
            measurements.handle(event)
        }
    }

    mutating func tell(_ time: Int64, _ content: JournalEvent.Content) {
        measurements.handle(
            JournalEvent(time: at(time), edgesBefore: 0, content), session: session)
    }

    /// An entry as the host's journal has it.
    mutating func host(_ time: Int64, _ text: String, isFromLog: Bool = false) {
        guard let node = try? JSONNode(parsing: Array(text.utf8)) else { return }
        tell(time, .application(node, isFromLog: isFromLog))
    }

    mutating func call(_ time: Int64, _ id: Int, qos: Int = 1, isFromLog: Bool = false) {
        host(
            time,
            #"{"ev":"call","op":"publish","topic":"a","msg":"b","qos":\#(qos),"id":\#(id)}"#,
            isFromLog: isFromLog)
    }

    mutating func back(_ time: Int64, _ id: Int, _ result: String? = nil) {
        host(
            time,
            #"{"ev":"ret","op":"publish","id":\#(id)"#
                + (result.map { #","result":"\#($0)""# } ?? "") + "}")
    }

    static func packet(isDuplicate: Bool = false, qos: MQTTQualityOfService = .atLeastOnce)
        -> MQTTPublish
    {
        MQTTPublish(
            topic: [97], message: [98], qos: qos, isDuplicate: isDuplicate,
            packetIdentifier: qos == .atMostOnce ? 0 : 1)
    }

    mutating func publishOut(
        _ time: Int64, isDuplicate: Bool = false, qos: MQTTQualityOfService = .atLeastOnce
    ) {
        tell(
            time,
            .packet(
                .packet(.publish(Self.packet(isDuplicate: isDuplicate, qos: qos))), from: .client,
                acknowledges: nil))
    }

    mutating func pubackIn(_ time: Int64) {
        tell(
            time,
            .packet(
                .packet(.publishAcknowledgement(1)), from: .server, acknowledges: Self.packet()))
    }

    mutating func arrived(_ time: Int64, isDuplicate: Bool = false, qos: UInt8 = 1) {
        tell(
            time, .arrived(topic: [97], message: [98], qos: qos, isDuplicate: isDuplicate))
    }

    func report(until end: Int64 = 60_000) -> LinkReport {
        measurements.finish(wires: WireDecoder(), captureStart: .zero, captureEnd: at(end))
    }
}
