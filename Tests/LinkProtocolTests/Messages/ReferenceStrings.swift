/// The distinct strings that the reference's two ends sent in the captures, `|` for the separator.
enum ReferenceStrings {
    static let host: [String] =
        numbered + [
            "init|testnet|pw|127.0.0.1|||{}|1|18831|0|1|60|0|1|4|10|0|pool.ntp.org",
            "init|testnet|pw|127.0.0.1|||{}|1|18830|0|1|60|0|1|4|10|0|pool.ntp.org",
            "init|testnet|pw|127.0.0.1|||{}|1|18830|0|1|20|0|1|4|10|0|pool.ntp.org",
            "init|testnet|pw|127.0.0.1|||{}|0|18830|0|1|60|0|1|4|10|0|pool.ntp.org",
            "init|testnet|pw|127.0.0.1|||{}|1|18830|0|1|60|0|1|4|10|0|127.0.0.1",
            "w|status/will|host died|True|1",
            "s|cmd/in|1",
            "s|cmd/two|0",
            "s|early|1",
            "p|out/ret|retained one|1|1",
            "p|out/a|before|0|1",
            "p|out/a|during outage|0|1",
            "p|out/a|after|0|1",
            "p|out/a|pending 1|0|1",
            "p|out/a|pending 2|0|1",
            "p|out/a|published while bridge is busy with time|0|0",
            "p|out/e|early pub|0|1",
            "zz|arg1|2",
            "m",
            "i",
        ]

    /// Twenty publications of growing length with either quality of service.
    private static let numbered: [String] = {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
        let lengths = [0] + (1...18).map { 3 * $0 - 1 } + [57]
        return (0...1).flatMap { qos in
            lengths.enumerated().map { number, length in
                let letters = String((0..<length).map { alphabet[$0 % 26] })
                let text = length == 0 ? "\(number)" : "\(number).\(letters)"
                return "p|out/q\(qos)|\(text)|0|\(qos)"
            }
        }
    }()

    static let bridge: [String] =
        ["t|0", "t|1", "t|2", "t|3", "t|4", "t|5", "t|7", "t|9", "t|10"]
        + (0...8).map { "u|cmd/in|message number \($0) \(String(repeating: "#", count: $0))|False" }
        + [
            "u|cmd/in|retained-hello|True",
            "u|cmd/in|one|False",
            "u|cmd/in|two|False",
            "u|cmd/two|two|False",
            "u|cmd/in|after|False",
            "m|27168|10688",
            "i|848662091",
            "i|848662096",
            "i|848662127",
            "i|848662132",
            "i|0",
            "t|6|Unknown command:|zz|arg1|2",
        ]
}
