package import HostProtocol
package import Signals

/// What drives a host's machine for a ``MQTTLink``.
package protocol HostEngine: AnyObject, Sendable {
    /// Starts the machine.
    func start() throws
    /// Gives the machine an input; false if it has ended, or far too many wait. Never waits.
    func send(_ input: HostMachine.Input) -> Bool
    /// Stops the machine, and waits for that. Throws what had ended it before.
    func stop() throws
    /// Shows the application's lamp, where there is one.
    func showLamp(_ level: Level)
    /// Where the capture is; nil without one.
    var tracePath: String? { get }
    /// Edges that the capture lacks; each stretch of them is a gap in it.
    var lostEdges: Int64 { get }
}

extension HostEngine {
    package var tracePath: String? { nil }
    package var lostEdges: Int64 { 0 }
    package func showLamp(_ level: Level) {}
}

extension LiveHost: HostEngine {}
