/// How it is found out whether there is an internet, before a time server is asked.
///
/// The reference asks 8.8.8.8 first and gives no time unless that answers, wherever the time server is.
/// In a laboratory without an internet that means no time at all, though a server of the laboratory's
/// own has it. So a server that is on this machine or in its network, by how it is written
/// (``ServerAddress/isLocal``), counts as reachable without a question; for any other the name server
/// is asked, as the reference does.
public enum InternetCheck: Hashable, Sendable {
    /// Asks a name server, except on the way to a local time server.
    case ask(ServerAddress)
    /// Asks a name server, wherever the time server is.
    case alwaysAsk(ServerAddress)
    /// Says so without asking: `true` where the name server is blocked and the time server is not,
    /// `false` for a bridge that never knows the time.
    case assume(Bool)

    /// The reference's name server: 8.8.8.8, port 53.
    public static let reference = ServerAddress(host: "8.8.8.8", port: 53)
}
