internal import BridgeProtocol
internal import LinkProtocol
internal import LivePorts

extension BrokerEndpoint {
    /// Where the machine wants to connect to.
    init(_ address: BrokerAddress) {
        self.init(
            host: String(decoding: address.name, as: UTF8.self), port: address.port,
            tls: address.usesTLS
                ? TLSParameters(address.tlsParameters?.members ?? []) : nil)
    }
}

extension TLSParameters {
    /// The parameters of a dictionary whose keys and values the machine has checked.
    init(_ members: [DictionaryLiteral.Member]) {
        self.init()
        for member in members {
            let key = String(decoding: member.key, as: UTF8.self)
            switch (key, member.value) {
            case ("ca", .text(let file)): authorityFile = Self.text(file)
            case ("certfile", .text(let file)): certificateFile = Self.text(file)
            case ("keyfile", .text(let file)): keyFile = Self.text(file)
            case ("server_hostname", .text(let name)): serverName = Self.text(name)
            // Python's ssl.CERT_NONE; CERT_OPTIONAL and CERT_REQUIRED both verify.
            case ("cert_reqs", .number(0)): verifiesServer = false
            default: break
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
