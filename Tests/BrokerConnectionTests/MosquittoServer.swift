#if Broker
import Foundation

/// A broker on the loopback interface, for one test.
final class MosquittoServer: @unchecked Sendable {
    private static let attemptsMax = 5

    let port: UInt16
    private let process: Process
    private let folder: TestFolder

    /// Starts a broker on a free port and waits until it accepts connections.
    ///
    /// - Parameter lines: of its configuration, behind those that name the port.
    init(_ lines: [String] = []) throws {
        folder = try TestFolder()
        var output = ""
        for _ in 1...Self.attemptsMax {
            // Between this and the start, somebody else may take the port.
            let port = try PlainServer.freePort()
            let user = geteuid() == 0 ? ["user root"] : []
            let configuration =
                user + [
                    "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence false",
                ] + lines
            try folder.write("mosquitto.conf", configuration.joined(separator: "\n") + "\n")
            let process = try Programs.start(
                "mosquitto", ["-c", folder.file("mosquitto.conf")], in: folder, output: "log")
            let accepts = eventually { !process.isRunning || PlainServer.accepts(port) }
            if accepts, process.isRunning {
                self.port = port
                self.process = process
                return
            }
            if process.isRunning { process.terminate() }
            process.waitUntilExit()
            output = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
        }
        throw ProgramFailure(description: "mosquitto does not start: \(output)")
    }

    /// With TLS; the certificate and its key are `NAME.pem` and `NAME.key`.
    convenience init(
        tls name: String, of certificates: TestCertificates, _ lines: [String] = []
    ) throws {
        try self.init(
            [
                "cafile \(certificates.file("ca.pem"))",
                "certfile \(certificates.file("\(name).pem"))",
                "keyfile \(certificates.file("\(name).key"))",
            ] + lines)
    }

    deinit { kill() }

    /// What it has logged.
    var log: String { (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "" }

    /// Ends it in good order.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Ends it as a power cut does.
    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
#endif
