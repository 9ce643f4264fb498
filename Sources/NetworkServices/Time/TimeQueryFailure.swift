internal import Glibc

/// Why a time server, or the name server that stands for the internet, gave no answer.
public struct TimeQueryFailure: Error, Hashable, CustomStringConvertible {
    /// Which server, with its port if it could be read.
    public var server: String
    /// Why.
    public var reason: Reason

    /// What can be wrong.
    public enum Reason: Error, Hashable, Sendable {
        /// The text names no server.
        case malformedAddress
        /// Its name could not be looked up.
        case name(String)
        /// The system, or the network, says no.
        case system(doing: String, errno: Int32)
        /// It answered, and said no.
        case refused(String)
        /// It did not answer; so many datagrams came that do not belong to the question.
        case silent(unrelated: Int)
        /// So many questions are open already.
        case busy(questions: Int)
    }

    /// A failure.
    public init(server: String, reason: Reason) {
        self.server = server
        self.reason = reason
    }

    /// What was asked, of whom, and what came of it.
    public var description: String {
        switch reason {
        case .malformedAddress: "\(ServerAddressError.malformed(server))"
        case .name(let words): "\(server): \(words)"
        case .system(let doing, let errno):
            "\(server): \(doing): \(String(cString: strerror(errno)))"
        case .refused(let words): "\(server): \(words)"
        case .silent(unrelated: 0): "\(server): no answer in time"
        case .silent(let count):
            "\(server): no answer in time, but \(count) datagrams that do not belong to the question"
        case .busy(let count): "\(server): not asked, \(count) questions are open already"
        }
    }
}
