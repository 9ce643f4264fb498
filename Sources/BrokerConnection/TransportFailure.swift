#if Broker
import Glibc

/// Why a transport could not be opened, or was closed.
enum TransportFailure: Error, Hashable {
    /// What is wrong with a file that could be read.
    enum Content: Hashable {
        case noCertificate, noKey, encryptedKey, tooLarge
    }

    /// What may explain that the broker has closed.
    enum Hint: Hashable {
        /// It never said anything.
        case sentNothing
    }

    /// One address that was tried.
    struct Attempt: Hashable {
        let address: String
        let errno: CInt
    }

    // Before anything is connected.
    case unreadableFile(String, errno: CInt)
    case noFile(String)
    case malformedFile(String, Content)
    case keyWithoutCertificate(String)
    case keyOfAnother(key: String, certificate: String)
    case noSystemAuthorities
    case unusableName(String)
    case nameIsAddress(String, host: String)
    case unknownName(String)
    case noNameServer(String)
    case lookUp(String, String)

    // While it connects.
    case timedOut(NIOBrokerTransport.Stage, Duration)
    case notConnected([Attempt])

    // While TLS is agreed on. Certificates are the broker's.
    case expired(CertificateDate)
    case notYetValid(CertificateDate)
    case unknownAuthority(String, isSelfSigned: Bool, file: String?, expired: CertificateDate?)
    case anotherName(expected: String, names: [String])
    case noTLS
    case noCommonTLS
    case closedDuringHandshake
    /// The broker does not like the client's certificate, or misses it; its own words.
    case certificateRefused(String)
    case certificateWanted
    /// Anything else, in the words of the TLS library.
    case tls(String)

    // When it was open.
    case closedByBroker(hint: Hint?)
    case broken(errno: CInt)
    case notTaken(bytes: Int)

    /// By whoever uses it; nobody hears of it.
    case closed
}

extension TransportFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadableFile(let path, let errno):
            "\(path): cannot be read: \(Self.words(errno))"
        case .noFile(let path): "\(path): is no file"
        case .malformedFile(let path, let content): "\(path): \(content)"
        case .keyWithoutCertificate(let path):
            "\(path): a key is of no use without the file of its certificate"
        case .keyOfAnother(let key, let certificate):
            key.isEmpty
                ? "\(certificate): the key in it does not belong to its first certificate"
                : "\(key): this key does not belong to the first certificate of \(certificate)"
        case .noSystemAuthorities:
            "this machine has no list of authorities (package ca-certificates); name a file"
        case .unusableName(let name): "\"\(name.printable())\" cannot be the name of a server"
        case .nameIsAddress(let name, let host):
            "the certificate is to be for the address \(name), but only the name or the address that is "
                + "connected to can be verified (\(host))"
        case .unknownName(let name): "no host has the name \(name.printable())"
        case .noNameServer(let name):
            "the name \(name.printable()) could not be looked up: no name server answers"
        case .lookUp(let name, let why):
            "the name \(name.printable()) could not be looked up: \(why)"
        case .timedOut(let stage, let time): Self.words(stage, time)
        case .notConnected(let attempts): Self.words(attempts)
        default: tlsDescription
        }
    }

    private var tlsDescription: String {
        switch self {
        case .expired(let date): "the broker's certificate expired on \(date)"
        case .notYetValid(let date):
            "the broker's certificate is valid from \(date) only; is the clock of this machine right?"
        case .unknownAuthority(let issuer, let isSelfSigned, let file, let expired):
            (isSelfSigned
                ? "the broker's certificate is signed by itself, and is not"
                : "the broker's certificate is from an unknown authority, \"\(issuer)\", that is not")
                + " among those of \(file ?? "this system")"
                + (expired.map { "; one of these expired on \($0)" } ?? "")
        case .anotherName(let expected, let names):
            "the broker's certificate is for another name: "
                + (names.isEmpty ? "" : "\(names.joined(separator: ", ")), ")
                + "not for \(expected)"
        case .noTLS: "this port does not speak TLS"
        case .noCommonTLS: "there is no version of TLS that both ends speak"
        case .closedDuringHandshake:
            "closed by the broker before TLS was agreed on; does this port speak TLS?"
        case .certificateRefused(let why): "the broker refuses the client's certificate: \(why)"
        case .certificateWanted: "the broker wants a certificate of the client"
        case .tls(let symbol): "TLS failed: \(symbol)"
        case .closedByBroker(let hint):
            "closed by the broker" + (hint == nil ? "" : ", which sent nothing; does it want TLS?")
        case .broken(let errno): Self.words(errno)
        case .notTaken(let bytes):
            "the broker does not read: \(bytes) bytes wait to be sent, which is too much"
        default: "closed"
        }
    }

    private static func words(_ stage: NIOBrokerTransport.Stage, _ time: Duration) -> String {
        let (seconds, rest) = time.components
        let tenths = rest / 100_000_000_000_000_000
        let limit = "timed out after \(seconds)\(tenths == 0 ? "" : ".\(tenths)") s"
        return switch stage {
        case .preparing: "\(limit): its name is still being looked up"
        case .handshaking:
            "\(limit): connected, but TLS was not agreed on; does this port speak TLS?"
        case .connecting, .open, .over: "\(limit): nothing answers at this address"
        }
    }

    private static func words(_ attempts: [Attempt]) -> String {
        guard let first = attempts.first else { return "cannot be connected to" }
        if attempts.allSatisfy({ $0.errno == first.errno }) { return words(first.errno) }
        return attempts.map { "\(words($0.errno)) (\($0.address))" }.joined(separator: ", ")
    }

    private static func words(_ number: CInt) -> String {
        switch number {
        case ECONNREFUSED: "connection refused: no broker listens there"
        case EHOSTUNREACH, ENETUNREACH: "no route to it"
        case ETIMEDOUT: "it does not answer any more"
        case ECONNRESET, EPIPE: "connection reset by the broker"
        default: String(cString: strerror(number)).lowercasedFirst
        }
    }
}

extension TransportFailure.Content: CustomStringConvertible {
    var description: String {
        switch self {
        case .noCertificate: "holds no certificate in PEM that can be read"
        case .noKey: "holds no private key in PEM that can be read"
        case .encryptedKey: "the key is encrypted; give one without a passphrase"
        case .tooLarge: "is too large for what it should hold"
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
#endif
