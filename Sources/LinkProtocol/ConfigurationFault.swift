// The law of this file: a configuration that is not understood names its line.

/// Why a text is no configuration: the line at fault, counted from 1, and what is wrong with it.
public struct ConfigurationFault: Error, Hashable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var reason: Reason

    /// A fault in a line.
    public init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }

    /// What is wrong with a line.
    public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
        /// There are more lines than ``ConfigurationReader/linesMax``.
        case tooManyLines
        /// It does not begin with a name and `=`.
        case noName
        /// Its name stood in a line before.
        case repeatedName
        /// Nothing has this name.
        case unknownName
        /// The value is not a whole number of 64 bits.
        case notANumber
        /// The number is outside the range of this name.
        case outOfRange
        /// The value is neither `true` nor `false`.
        case notAFlag
        /// A `%` without two hexadecimal digits in upper case, or an escape that need not be one.
        case notAnEscape
        /// A word that cannot stand here.
        case unknownWord

        /// The reason in words.
        public var name: StaticString {
            switch self {
            case .tooManyLines: "too many lines"
            case .noName: "no name and ="
            case .repeatedName: "a name for the second time"
            case .unknownName: "unknown name"
            case .notANumber: "not a number"
            case .outOfRange: "out of range"
            case .notAFlag: "neither true nor false"
            case .notAnEscape: "not an escape"
            case .unknownWord: "unknown word"
            }
        }
    }
}
