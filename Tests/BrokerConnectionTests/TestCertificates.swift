#if Broker
import Foundation

/// Certificates made by `openssl`, once for all tests: `NAME.pem` and `NAME.key` in a folder.
final class TestCertificates: Sendable {
    static let shared = Result { try TestCertificates() }

    private let folder: TestFolder

    /// - `ca`, `ca2`: authorities.
    /// - `good`: for localhost and 127.0.0.1; likewise `expired`, `future`, `stranger` (of `ca2`) and
    ///   `self`, which nobody has signed.
    /// - `other`: for broker.example and *.things.example; `address`: for 127.0.0.1 only;
    ///   `common`: its common name is localhost, and it has no other names.
    /// - `client`: a client's; `locked.key` is its key, encrypted.
    private init() throws {
        folder = try TestFolder()
        try folder.write(
            "ca.cnf",
            """
            [ca]
            default_ca = x
            [x]
            database = index.txt
            serial = serial
            new_certs_dir = .
            default_md = sha256
            policy = any
            unique_subject = no
            [any]
            commonName = supplied
            [req]
            distinguished_name = name
            [name]
            [authority]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign
            [self]
            subjectAltName = DNS:localhost,IP:127.0.0.1
            """)
        try folder.write("index.txt", "")
        try folder.write("serial", "1000\n")
        for (name, words) in [("ca", "Authority of the tests"), ("ca2", "Another authority")] {
            try makeSelfSigned(name, words, extensions: "authority")
        }
        try makeSelfSigned("self", "localhost", extensions: "self")
        let here = "DNS:localhost,IP:127.0.0.1"
        try make("good", names: here)
        try make("expired", names: here, from: "20200101000000Z", until: "20210203000000Z")
        try make("future", names: here, from: "20900102000000Z", until: "20990101000000Z")
        try make("stranger", names: here, by: "ca2")
        try make("other", names: "DNS:broker.example,DNS:*.things.example")
        try make("address", names: "IP:127.0.0.1")
        try make("common", commonName: "localhost", names: nil)
        try make("client", names: nil)
        try Programs.run(
            "openssl",
            [
                "pkey", "-in", "client.key", "-aes256", "-passout", "pass:open sesame", "-out",
                "locked.key",
            ], in: folder)
    }

    func file(_ name: String) -> String { folder.file(name) }

    private static let key = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private func makeSelfSigned(_ name: String, _ words: String, extensions: String) throws {
        try Programs.run(
            "openssl",
            ["req", "-config", "ca.cnf", "-x509"] + Self.key + [
                "-keyout", "\(name).key", "-out", "\(name).pem", "-subj", "/CN=\(words)", "-days",
                "30", "-extensions", extensions,
            ], in: folder)
    }

    private func make(
        _ name: String, commonName: String = "a test", names: String?, by authority: String = "ca",
        from start: String = "20200101000000Z", until end: String = "20990101000000Z"
    ) throws {
        try Programs.run(
            "openssl",
            ["req", "-config", "ca.cnf", "-new"] + Self.key + [
                "-keyout", "\(name).key", "-out", "\(name).csr", "-subj", "/CN=\(commonName)",
            ], in: folder)
        try folder.write(
            "\(name).ext",
            "basicConstraints = CA:FALSE\n" + (names.map { "subjectAltName = \($0)\n" } ?? ""))
        try Programs.run(
            "openssl",
            [
                "ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "\(authority).pem",
                "-keyfile", "\(authority).key", "-in", "\(name).csr", "-out", "\(name).pem",
                "-startdate", start, "-enddate", end, "-extfile", "\(name).ext",
            ], in: folder)
    }
}
#endif
