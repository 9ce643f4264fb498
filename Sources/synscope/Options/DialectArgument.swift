import ArgumentParser
import LinkProtocol

/// A dialect on the command line.
struct DialectArgument: ExpressibleByArgument {
    let dialect: Dialect

    init(_ dialect: Dialect) { self.dialect = dialect }

    init?(argument: String) {
        switch argument {
        case "current": dialect = .current
        case "reference": dialect = .reference
        default: return nil
        }
    }

    static var allValueStrings: [String] { ["current", "reference"] }
    var defaultValueDescription: String { dialect == .current ? "current" : "reference" }
}
