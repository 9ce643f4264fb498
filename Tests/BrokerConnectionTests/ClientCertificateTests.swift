#if Broker
import BrokerConnection
import Foundation
import LivePorts
import Testing

/// The files of TLS: what a broker wants of the client, and files that will not do.
@Suite(.serialized) struct ClientCertificateTests {
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates.shared.get() }

    @Test func aBrokerThatWantsACertificateGetsIt() throws {
        let server = try MosquittoServer(
            tls: "good", of: certificates, ["require_certificate true"])
        let connection = try OpenTransport(tls: server.port) {
            $0.certificateFile = certificates.file("client.pem")
            $0.keyFile = certificates.file("client.key")
        }
        #expect(connection.connectMQTT())

        let folder = try TestFolder()
        let both = try ["client.pem", "client.key"].map {
            try String(contentsOfFile: certificates.file($0), encoding: .utf8)
        }
        let path = try folder.write("both.pem", both.joined())
        let combined = try OpenTransport(tls: server.port) { $0.certificateFile = path }
        #expect(combined.connectMQTT())
    }

    @Test func aBrokerThatWantsACertificateSaysSo() throws {
        let server = try MosquittoServer(
            tls: "good", of: certificates, ["require_certificate true"])
        let connection = try OpenTransport(tls: server.port)
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("wants a certificate of the client"))
        #expect(connection.log.isInOrder)
    }

    @Test func aCertificateThatTheBrokerDoesNotKnowIsRefused() throws {
        let server = try MosquittoServer(
            tls: "good", of: certificates, ["require_certificate true"])
        let connection = try OpenTransport(tls: server.port) {
            $0.certificateFile = certificates.file("stranger.pem")
            $0.keyFile = certificates.file("stranger.key")
        }
        let reason = try #require(connection.log.waitClosed())
        #expect(reason.contains("refuses the client's certificate"))
    }

    /// A change that spoils the parameters, and words of the reason.
    struct Spoiled: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: [String]
        let change: @Sendable (inout TLSParameters, TestCertificates, TestFolder) throws -> Void
    }

    static let spoiled: [Spoiled] = [
        Spoiled(testDescription: "no such file", words: ["none.pem: cannot be read: no such file"])
        {
            parameters, _, folder in parameters.authorityFile = folder.file("none.pem")
        },
        Spoiled(testDescription: "a folder", words: ["is no file"]) {
            parameters, _, folder in parameters.authorityFile = folder.path
        },
        Spoiled(testDescription: "a device", words: ["/dev/zero: is no file"]) {
            parameters, _, _ in parameters.authorityFile = "/dev/zero"
        },
        Spoiled(testDescription: "a name with a zero", words: ["cannot be read"]) {
            parameters, certificates, _ in
            parameters.authorityFile = certificates.file("ca.pem") + "\0"
        },
        Spoiled(testDescription: "an empty file", words: ["empty.pem: holds no certificate"]) {
            parameters, _, folder in parameters.authorityFile = try folder.write("empty.pem", "")
        },
        Spoiled(testDescription: "a text", words: ["text.pem: holds no certificate"]) {
            parameters, _, folder in
            parameters.authorityFile = try folder.write("text.pem", "open sesame\n")
        },
        Spoiled(testDescription: "a cut certificate", words: ["cut.pem: holds no certificate"]) {
            parameters, certificates, folder in
            let whole = try String(contentsOfFile: certificates.file("ca.pem"), encoding: .utf8)
            parameters.authorityFile = try folder.write("cut.pem", String(whole.prefix(200)))
        },
        Spoiled(testDescription: "a large file", words: ["too large"]) {
            parameters, _, folder in
            parameters.authorityFile = try folder.write(
                "large.pem", String(repeating: "x\n", count: 1 << 20))
        },
        Spoiled(testDescription: "a key alone", words: ["client.key", "certificate"]) {
            parameters, certificates, _ in parameters.keyFile = certificates.file("client.key")
        },
        Spoiled(testDescription: "no key", words: ["client.pem: holds no private key"]) {
            parameters, certificates, _ in
            parameters.certificateFile = certificates.file("client.pem")
        },
        Spoiled(
            testDescription: "a wrong key", words: ["good.key", "does not belong", "client.pem"]
        ) {
            parameters, certificates, _ in
            parameters.certificateFile = certificates.file("client.pem")
            parameters.keyFile = certificates.file("good.key")
        },
        Spoiled(testDescription: "an encrypted key", words: ["locked.key", "encrypted"]) {
            parameters, certificates, _ in
            parameters.certificateFile = certificates.file("client.pem")
            parameters.keyFile = certificates.file("locked.key")
        },
        Spoiled(testDescription: "an empty key", words: ["empty.key: holds no private key"]) {
            parameters, certificates, folder in
            parameters.certificateFile = certificates.file("client.pem")
            parameters.keyFile = try folder.write("empty.key", "")
        },
    ]

    @Test(arguments: spoiled)
    func aFileThatWillNotDoIsNamed(_ spoiled: Spoiled) throws {
        let server = try PlainServer()
        let folder = try TestFolder()
        let connection = try OpenTransport(tls: server.port) { parameters in
            do {
                try spoiled.change(&parameters, certificates, folder)
            } catch {
                Issue.record(error)
            }
        }
        let reason = try #require(connection.log.waitClosed())
        for word in spoiled.words { #expect(reason.contains(word), "\(reason)") }
        #expect(!reason.contains("sesame") && !reason.contains("BEGIN"), "\(reason)")
        #expect(connection.log.isInOrder)
    }

    @Test func filesAreReadAnewForEachTransport() throws {
        let server = try MosquittoServer(tls: "good", of: certificates)
        let folder = try TestFolder()
        let path = folder.file("later.pem")
        let early = try OpenTransport(tls: server.port) { $0.authorityFile = path }
        #expect(early.log.waitClosed()?.contains("later.pem") == true)
        try FileManager.default.copyItem(atPath: certificates.file("ca.pem"), toPath: path)
        let later = try OpenTransport(tls: server.port) { $0.authorityFile = path }
        #expect(later.connectMQTT())
    }
}
#endif
