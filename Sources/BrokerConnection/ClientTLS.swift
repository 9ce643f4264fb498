#if Broker
import LivePorts
import NIOCore
import NIOSSL

/// TLS as an endpoint wants it: what the files hold, and the name that the server must have.
struct ClientTLS: Sendable {
    let parameters: TLSParameters
    /// The name that is told as SNI and that the certificate must have. nil: the endpoint is an address,
    /// which SNI cannot tell, and the certificate must have that.
    let serverName: String?
    /// What the certificate is to be for, in words.
    let expected: String
    /// When an authority of the file expired, if one has: the usual reason for a certificate that cannot
    /// be verified any more.
    let expiredAuthority: CertificateDate?
    private let context: NIOSSLContext

    /// Reads the files.
    init(
        _ parameters: TLSParameters, host: String, closeTime: Duration
    ) throws(TransportFailure) {
        self.parameters = parameters
        serverName = try Self.name(parameters.serverName, host: host)
        expected = serverName ?? host
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.shutdownTimeout = TimeAmount(closeTime)
        var expired: CertificateDate?
        if !parameters.verifiesServer {
            configuration.certificateVerification = .none
        } else if let path = parameters.authorityFile {
            let authorities = try PEMFile(path).certificates()
            configuration.trustRoots = .certificates(authorities)
            expired = authorities.lazy.map { CertificateDate($0.notValidAfter) }.first { $0.isPast }
        }
        expiredAuthority = expired
        try Self.identify(&configuration, parameters)
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw .keyOfAnother(
                key: parameters.keyFile ?? "", certificate: parameters.certificateFile ?? "")
        } catch {
            throw parameters.verifiesServer && parameters.authorityFile == nil
                ? .noSystemAuthorities : .tls(TransportFailure.symbol(of: error))
        }
    }

    /// The client's certificate and key; one file may hold both.
    private static func identify(
        _ configuration: inout TLSConfiguration, _ parameters: TLSParameters
    ) throws(TransportFailure) {
        guard let path = parameters.certificateFile else {
            if let path = parameters.keyFile { throw .keyWithoutCertificate(path) }
            return
        }
        let file = try PEMFile(path)
        configuration.certificateChain = try file.certificates().map { .certificate($0) }
        let keyFile = if let path = parameters.keyFile { try PEMFile(path) } else { file }
        configuration.privateKey = .privateKey(try keyFile.privateKey())
    }

    /// The name to be told and verified.
    private static func name(
        _ wanted: String?, host: String
    ) throws(TransportFailure) -> String? {
        if let wanted, NumericAddress(wanted) != nil {
            // Verification looks at the address that was connected to, and at no other.
            guard NumericAddress(wanted) == NumericAddress(host) else {
                throw .nameIsAddress(wanted, host: host)
            }
            return nil
        }
        var name = wanted ?? host
        guard NumericAddress(name) == nil else { return nil }
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        // Ref: RFC 6066 §3: ASCII, without the trailing dot.
        guard (1...253).contains(name.utf8.count),
            name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .unusableName(name) }
        return name
    }

    func makeHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }

    /// Why a certificate that was verified will not do.
    ///
    /// NIOSSL also takes a certificate for the address that was connected to. Whoever can answer for
    /// a name server could have one; so where a name is known, the certificate must have the name.
    func objection(to certificate: NIOSSLCertificate?) -> TransportFailure? {
        guard parameters.verifiesServer, let serverName else { return nil }
        guard let certificate else { return .tls("NO_CERTIFICATE") }
        let names = CertificateNames(certificate)
        // Without any such names the common name counts, and NIOSSL has compared that.
        guard !names.isEmpty, !names.include(serverName) else { return nil }
        return .anotherName(expected: expected, names: names.written)
    }
}
#endif
