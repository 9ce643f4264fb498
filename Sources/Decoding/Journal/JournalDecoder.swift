import BridgeProtocol
import HostProtocol
import MQTTProtocol
public import Signals

// The law of this file: any records in any order give events, and a damaged one gives one that says
// so. Timers, polls and lamps give none.

/// Turns the records of a capture into what they tell, one after the other.
///
///     var decoder = JournalDecoder()
///     for event in decoder.events(of: record) { … }
///
/// Records must come in their order. Kinds that it does not know tell nothing. Bounded: it remembers
/// open calls and packets without acknowledgement, so many of each.
public struct JournalDecoder: Sendable {
    private var host = HostWords()
    private var traffic = BrokerTraffic()

    /// A decoder at the begin of a capture.
    public init() {}

    /// What a record tells; mostly one event, or none.
    public mutating func events(of record: JournalRecord) -> [JournalEvent] {
        contents(of: record).map {
            JournalEvent(time: record.time, edgesBefore: record.edgesBefore, $0)
        }
    }

    private mutating func contents(of record: JournalRecord) -> [JournalEvent.Content] {
        do throws(RecordFault) {
            switch record.kind {
            case .applicationLog:
                guard let entry = ApplicationLogEntry(record) else {
                    return [.damaged(record.kind, nil)]
                }
                return [.application(entry.object, isFromLog: true)]
            case .hostInput:
                let input = try HostMachine.Input(record: record.payload)
                return host.words(for: input, at: record.time).map(Self.told) ?? []
            case .hostOutput:
                let output = try HostOutputRecord(record: record.payload)
                return host.words(for: output, at: record.time).map(Self.told) ?? []
            case .bridgeInput: return take(try BridgeMachine.Input(record: record.payload))
            case .bridgeOutput: return take(try BridgeMachine.Output(record: record.payload))
            case .surroundings: return Self.contents(of: try Surroundings(record: record.payload))
            case .marker: return [.marker(record.payload)]
            default: return []
            }
        } catch {
            return [.damaged(record.kind, error)]
        }
    }

    private static func told(_ object: JSONNode) -> [JournalEvent.Content] {
        [.application(object, isFromLog: false)]
    }

    // MARK: The bridge

    private mutating func take(_ input: BridgeMachine.Input) -> [JournalEvent.Content] {
        switch input {
        case .boot:
            traffic.forget()
            return [.bridge(.booted)]
        case .powerOff:
            traffic.forget()
            return [.bridge(.poweredOff)]
        case .network(let event): return [.bridge(.network(event))]
        case .transportOpened, .transportClosed:
            traffic.restart()
            return []
        case .transportReceived(let bytes): return traffic.take(bytes, from: .server)
        case .levels, .internet, .serverTime, .memory, .timer: return []
        }
    }

    private mutating func take(_ output: BridgeMachine.Output) -> [JournalEvent.Content] {
        switch output {
        case .transportSend(let bytes): return traffic.take(bytes, from: .client)
        case .openTransport, .closeTransport:
            traffic.restart()
            return []
        case .setReading(let isReading): return [.bridge(.reading(isReading))]
        case .event(let event): return [.bridge(.event(event))]
        case .imitated(let rule): return [.bridge(.imitated(rule))]
        case .drive, .associate, .dissociate, .queryInternet, .queryTime, .queryMemory, .lamp:
            return []
        }
    }

    // MARK: The surroundings

    private static func contents(of surroundings: Surroundings) -> [JournalEvent.Content] {
        switch surroundings {
        case .foreignEdge: []
        case .fault(let number, let length): [.fault(number: number, length)]
        case .faultEnded(let number): [.faultEnded(number: number)]
        case .arrived(let topic, let message, let qos, let isDuplicate):
            [.arrived(topic: topic, message: message, qos: qos, isDuplicate: isDuplicate)]
        }
    }
}
