#if Broker
import Glibc
import NIOSSL

/// The names and addresses that a certificate is for.
struct CertificateNames {
    /// More are left out of what is written.
    private static let writtenMax = 8

    private var names: [String] = []
    private var addresses: [String] = []
    private var commonNames: [String] = []

    init(_ certificate: NIOSSLCertificate) {
        commonNames = certificate.subjectName.filter { $0.type == .commonName }.map(\.value)
        for entry in certificate._subjectAlternativeNames() {
            switch entry.nameType {
            case .dnsName: names.append(String(decoding: entry.contents, as: UTF8.self))
            case .ipAddress:
                if let address = NumericAddress(bytes: Array(entry.contents)) {
                    addresses.append(address.written)
                }
            default: break
            }
        }
    }

    /// Whether it has none, as old certificates.
    var isEmpty: Bool { names.isEmpty && addresses.isEmpty }

    /// For a message; the common name where there is nothing else.
    var written: [String] {
        let all = (names.isEmpty && addresses.isEmpty ? commonNames : names + addresses).map {
            $0.printable()
        }
        let more = all.count - Self.writtenMax
        return more > 0 ? all.prefix(Self.writtenMax) + ["\(more) more"] : all
    }

    /// Whether a name is among them. A wildcard is the whole first label.
    ///
    /// Ref: RFC 6125 §6.4.
    func include(_ name: String) -> Bool {
        let wanted = Self.labels(name)
        return names.contains { candidate in
            let labels = Self.labels(candidate)
            guard labels.count == wanted.count, let first = labels.first else { return false }
            let isWildcard = first == "*" && labels.count > 2
            return isWildcard ? labels.dropFirst() == wanted.dropFirst() : labels == wanted
        }
    }

    private static func labels(_ name: String) -> [String] {
        let name = name.utf8.last == UInt8(ascii: ".") ? String(name.dropLast()) : name
        return name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
            .map(String.init)
    }
}

/// A moment of a certificate's validity.
struct CertificateDate: Hashable, CustomStringConvertible {
    private var seconds: time_t

    init(_ seconds: time_t) { self.seconds = seconds }

    var isPast: Bool { seconds < time(nil) }

    /// Day of UTC.
    var description: String {
        var seconds = seconds
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "?" }
        let (month, day) = (parts.tm_mon + 1, parts.tm_mday)
        return
            "\(parts.tm_year + 1900)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

extension NIOSSLCertificate {
    /// Who signed it, in a word.
    var issuer: String {
        let names = issuerName
        let name = names.first { $0.type == .commonName } ?? names.last
        return name?.value.printable() ?? "nobody"
    }

    /// Whether it was signed by itself.
    var isSelfSigned: Bool { issuerName == subjectName }
}

extension String {
    /// What another machine or a user says, so that it can be put into a line of a log.
    func printable(max: Int = 80) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(max) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text.append("?")
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
#endif
