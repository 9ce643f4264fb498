#if Broker
import Glibc
import LivePorts
import NIOCore
import NIOPosix
import NIOSSL

// What the libraries' errors mean.

extension TransportFailure {
    /// Of a connection that was not to be had.
    init(connecting error: any Error) {
        guard let error = error as? NIOConnectionError else {
            self = .notConnected(
                (error as? IOError).map { [Attempt(address: "", errno: $0.errnoCode)] } ?? [])
            return
        }
        self = .notConnected(
            error.connectionErrors.map { attempt in
                Attempt(
                    address: attempt.target.ipAddress ?? "",
                    errno: (attempt.error as? IOError)?.errnoCode ?? ETIMEDOUT)
            })
    }

    /// Of TLS that was not agreed on. The certificate is the broker's, if it has told it.
    init(handshaking error: any Error, tls: ClientTLS, certificate: NIOSSLCertificate?) {
        if error is NIOSSLExtraError {
            self = .anotherName(
                expected: tls.expected,
                names: certificate.map { CertificateNames($0).written } ?? [])
        } else if let error = error as? IOError {
            // A broker without TLS closes with bytes unread, which resets the connection.
            let isReset = error.errnoCode == ECONNRESET || error.errnoCode == EPIPE
            self = isReset ? .closedDuringHandshake : .broken(errno: error.errnoCode)
        } else {
            let symbol = Self.symbol(of: error)
            self =
                symbol == "CERTIFICATE_VERIFY_FAILED" && certificate != nil
                ? Self.unverified(certificate, tls: tls) : Self(symbol: symbol)
        }
    }

    /// Of a transport that was open.
    init(open error: any Error) {
        if let error = error as? IOError {
            self = .broken(errno: error.errnoCode)
        } else {
            // With TLS 1.3, the broker looks at the client's certificate when the client is done.
            self = Self(symbol: Self.symbol(of: error))
        }
    }

    /// The library says only that a certificate does not verify; this says why.
    private static func unverified(_ certificate: NIOSSLCertificate?, tls: ClientTLS) -> Self {
        guard let certificate else { return .tls("CERTIFICATE_VERIFY_FAILED") }
        let (start, end) = (
            CertificateDate(certificate.notValidBefore), CertificateDate(certificate.notValidAfter)
        )
        if end.isPast { return .expired(end) }
        if !start.isPast { return .notYetValid(start) }
        return .unknownAuthority(
            certificate.issuer, isSelfSigned: certificate.isSelfSigned,
            file: tls.parameters.authorityFile, expired: tls.expiredAuthority)
    }

    private init(symbol: String) {
        switch symbol {
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST": self = .noTLS
        case "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION": self = .noCommonTLS
        case "EOF during handshake": self = .closedDuringHandshake
        case "TLSV1_CERTIFICATE_REQUIRED", "TLSV1_ALERT_CERTIFICATE_REQUIRED",
            "SSLV3_ALERT_NO_CERTIFICATE", "SSLV3_ALERT_HANDSHAKE_FAILURE":
            self = .certificateWanted
        case "TLSV1_ALERT_UNKNOWN_CA": self = .certificateRefused("unknown authority")
        case "SSLV3_ALERT_CERTIFICATE_EXPIRED": self = .certificateRefused("expired")
        case "SSLV3_ALERT_CERTIFICATE_REVOKED": self = .certificateRefused("revoked")
        case "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "TLSV1_ALERT_ACCESS_DENIED":
            self = .certificateRefused(symbol)
        default: self = .tls(symbol)
        }
    }

    /// The TLS library's own name of an error, without its source file and line.
    static func symbol(of error: any Error) -> String {
        switch error {
        case NIOSSLError.handshakeFailed(let error), NIOSSLError.shutdownFailed(let error):
            return symbol(of: error)
        case BoringSSLError.sslError(let stack), BoringSSLError.unknownError(let stack):
            // "Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:SYMBOL at file:line"
            guard let text = stack.first?.description else { return "unknown" }
            let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound
            guard let start else {
                return String(text.drop { $0 != " " }.drop { $0 == " " })
            }
            let rest = text[start...]
            return String(rest[..<(rest.firstRange(of: " at ")?.lowerBound ?? rest.endIndex)])
        default: return String(describing: error)
        }
    }
}
#endif
