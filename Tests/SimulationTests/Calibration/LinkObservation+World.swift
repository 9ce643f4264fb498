import HostProtocol
import LinkProtocol
import Signals
import Simulation

extension LinkObservation {
    /// What a scenario's world shows.
    init(of scenario: Scenario) {
        var world = World(scenario)
        var stretch = WorldStretch()
        var records: [JournalRecord] = []
        self.init(from: .zero, to: .zero + scenario.duration) { batch in
            guard world.run(into: &stretch) else { return false }
            batch.levels = stretch.levels
            batch.edges = stretch.edges
            records += stretch.records
            return true
        }
        var places: [Int64: Int] = [:]
        for record in records {
            var reader = RecordReader(record.payload)
            switch record.kind {
            case .hostInput:
                guard
                    case .call(.publish(let topic, let message, _, _), let id)? =
                        try? HostMachine.Input(record: record.payload)
                else { continue }
                places[Int64(id)] = calls.count
                calls.append(Call(text: Self.key(topic, message), calledAt: record.time))
            case .hostOutput:
                // 0: a call returned; 1: a message. Ref: HostMachine.Output.record().
                let kind = try? reader.byte()
                if kind == 0, let id = try? reader.number(), let place = places[id] {
                    calls[place].returnedAt = record.time
                } else if kind == 1, let topic = try? reader.string(),
                    let message = try? reader.string()
                {
                    deliveries.append(
                        Delivery(text: Self.key(topic, message), time: record.time))
                }
            case .surroundings:
                guard
                    case .arrived(let topic, let message, _, _)? =
                        try? Surroundings(record: record.payload)
                else { continue }
                let key = Self.key(topic, message)
                if arrivals[key] == nil { arrivals[key] = record.time }
            default: break
            }
        }
    }
}
