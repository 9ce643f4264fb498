public import Signals

extension FaultName {
    /// The name of the fault with a number; the number itself for one that has no name here.
    public static func words(_ number: Int) -> String {
        FaultName(rawValue: number).map { "\($0.name)" } ?? "\(number)"
    }
}
