import BridgeProtocol
import HostProtocol
import LinkProtocol
import Signals
import Simulation

extension FuzzTarget {
    /// The payload of a record, or the text of a configuration: a fault with its place, or something
    /// that is written and read as the same. A machine of such a configuration starts.
    func runRecords(_ bytes: [UInt8]) {
        roundTrip(bytes, HostMachine.Input.init(record:), { $0.record() })
        roundTrip(bytes, BridgeMachine.Input.init(record:), { $0.record() })
        // A secret that is not masked yet is masked when it is written: the record must stay.
        roundTrip(
            bytes,
            { bytes throws(RecordFault) in
                try BridgeMachine.Output(record: bytes).record(secrets: [])
            }, { $0 })
        roundTrip(bytes, Surroundings.init(record:), { $0.record() })
        runConfigurations(bytes)
    }

    private func roundTrip<Value: Equatable>(
        _ bytes: [UInt8], _ read: ([UInt8]) throws(RecordFault) -> Value,
        _ write: (Value) -> [UInt8]?
    ) {
        do throws(RecordFault) {
            let value = try read(bytes)
            guard let written = write(value) else {
                preconditionFailure("what was read leaves no record")
            }
            let again = try read(written)
            precondition(again == value, "written, and read as something else")
        } catch {
            precondition((0...bytes.count).contains(error.offset), "a place that is not there")
        }
    }

    private func runConfigurations(_ bytes: [UInt8]) {
        let lines = bytes.count { $0 == 0x0a } + 1
        do throws(ConfigurationFault) {
            let configuration = try HostConfiguration(text: bytes)
            // The text masks secrets, so it is the text that must stay.
            let text = configuration.text
            let again = try HostConfiguration(text: text)
            precondition(again.text == text, "another configuration")
            start(HostMachine(configuration: configuration))
        } catch {
            precondition((1...lines).contains(error.line), "a line that is not there")
        }
        do throws(ConfigurationFault) {
            let configuration = try BridgeConfiguration(text: bytes)
            let again = try BridgeConfiguration(text: configuration.text)
            precondition(again == configuration, "another configuration")
            start(BridgeMachine(configuration: configuration))
        } catch {
            precondition((1...lines).contains(error.line), "a line that is not there")
        }
    }

    private func start(_ machine: HostMachine) {
        var machine = machine
        machine.handle(.start, at: .zero)
        while machine.nextOutput() != nil {}
        fire(&machine, .timer)
    }

    private func start(_ machine: BridgeMachine) {
        var machine = machine
        machine.handle(.boot, at: .zero)
        while machine.nextOutput() != nil {}
        fire(&machine, .timer)
    }

    /// A few of its deadlines, each at its moment.
    private func fire<Machine: StateMachine>(_ machine: inout Machine, _ timer: Machine.Input) {
        var now = Timestamp.zero
        for _ in 0..<16 {
            guard let deadline = machine.deadline else { return }
            now = max(now, deadline)
            machine.handle(timer, at: now)
            while machine.nextOutput() != nil {}
        }
    }
}
