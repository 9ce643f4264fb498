#if Sigrok
/// A device as a user names it: a driver with options, as sigrok-cli has it.
///
/// `fx2lafw`, `fx2lafw:conn=1.5`, `demo:pattern=all-low`. Options are those by which the driver
/// looks for devices, or settings of the device itself or of its channels.
public struct SigrokDeviceName: Hashable, Sendable {
    /// The driver's name.
    public var driver: String
    /// Names and values, in the order in which they were given.
    public private(set) var options: [Option] = []

    /// A name and a value.
    public struct Option: Hashable, Sendable {
        /// libsigrok's name, such as `conn`.
        public var name: String
        /// The value as text.
        public var value: String
    }

    /// A driver without options.
    public init(driver: String) { self.driver = driver }

    /// Parses `driver:option=value:…`; an option without a value is switched on.
    public init(parsing text: some StringProtocol) throws(SigrokError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        driver = parts.first.map { String($0) } ?? ""
        for part in parts.dropFirst() {
            let equals = part.firstIndex(of: "=")
            let name = String(part[..<(equals ?? part.endIndex)])
            guard !name.isEmpty else {
                throw .badOption(
                    driver: driver, option: String(part),
                    problem: "it is `driver:option=value`, such as fx2lafw:conn=1.5")
            }
            let value = equals.map { String(part[part.index(after: $0)...]) } ?? "true"
            options.append(Option(name: name, value: value))
        }
    }
}
#endif
