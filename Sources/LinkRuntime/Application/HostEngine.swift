package import HostProtocol

/// What drives a host's machine for a ``MQTTLink``.
package protocol HostEngine: AnyObject, Sendable {
    /// Starts the machine.
    func start() throws
    /// Gives the machine an input; false if it has ended, or far too many wait. Never waits.
    func send(_ input: HostMachine.Input) -> Bool
    /// Stops the machine, and waits for that. Throws what had ended it before.
    func stop() throws
}

extension LiveHost: HostEngine {}
