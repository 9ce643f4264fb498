import Decoding
import HostProtocol
import LinkProtocol
import Signals

// The law of this file: what was not asked for is a fault, so that a misspelt member never goes
// unnoticed.

/// The members of a request, taken out by name.
struct ControlMembers {
    private var members: [JSONNode.Member]
    private var known: [String] = ["op"]
    /// The request's number, for faults.
    var id: Int64?

    init(_ members: [JSONNode.Member]) throws(ControlFault) {
        self.members = members
        for (place, member) in members.enumerated()
        where members[..<place].contains(where: { $0.name == member.name }) {
            throw ControlFault(.unknownMember, "`\(Self.shown(member.name))` stands there twice")
        }
    }

    func fault(_ kind: ControlFault.Kind, _ reason: String) -> ControlFault {
        ControlFault(kind, reason, id: id)
    }

    private mutating func take(_ name: String) -> JSONNode? {
        known.append(name)
        guard let place = members.firstIndex(where: { $0.name == name }) else { return nil }
        return members.remove(at: place).value
    }

    private mutating func require(_ name: String) throws(ControlFault) -> JSONNode {
        guard let node = take(name) else { throw fault(.missing, "`\(name)` is missing") }
        return node
    }

    /// The operation.
    mutating func name() throws(ControlFault) -> ControlRequest.Name {
        let names = ControlRequest.Name.allCases.map(\.rawValue).joined(separator: ", ")
        guard let place = members.firstIndex(where: { $0.name == "op" }) else {
            throw fault(.missing, "`op` is missing; it is one of \(names)")
        }
        guard let text = members.remove(at: place).value.text else {
            throw fault(.invalid, "`op` must be one of \(names)")
        }
        guard let name = ControlRequest.Name(rawValue: text) else {
            throw fault(
                .unknownOperation, "there is no `\(Self.shown(text))`; there are \(names)")
        }
        return name
    }

    /// A text as bytes. Whether the link can carry it is for the host to say.
    mutating func bytes(_ name: String) throws(ControlFault) -> [UInt8] {
        guard let text = try require(name).text else {
            throw fault(.invalid, "`\(name)` must be text in quotes")
        }
        return Array(text.utf8)
    }

    mutating func fields() throws(ControlFault) -> [[UInt8]] {
        guard case .array(let elements) = try require("fields"), !elements.isEmpty else {
            throw fault(.invalid, "`fields` must be a list of texts, the command first")
        }
        var fields: [[UInt8]] = []
        for element in elements {
            guard let text = element.text else {
                throw fault(.invalid, "`fields` must be a list of texts, the command first")
            }
            let bytes = Array(text.utf8)
            // What separates fields cannot be in one.
            if bytes.contains(0x7f) {
                throw fault(.invalid, "a field must not hold the character 127")
            }
            fields.append(bytes)
        }
        return fields
    }

    mutating func flag(_ name: String) throws(ControlFault) -> Bool? {
        guard let node = take(name) else { return nil }
        guard case .boolean(let flag) = node else {
            throw fault(.invalid, "`\(name)` must be true or false")
        }
        return flag
    }

    mutating func number(
        _ name: String, in range: ClosedRange<Int64>, allowed: String
    ) throws(ControlFault) -> Int64? {
        guard let node = take(name) else { return nil }
        guard let number = node.integer, range.contains(number) else {
            throw fault(.invalid, "`\(name)` must be a whole number \(allowed)")
        }
        return number
    }

    mutating func qos() throws(ControlFault) -> QualityOfService {
        try number("qos", in: 0...1, allowed: "0 or 1") == 1 ? .atLeastOnce : .atMostOnce
    }

    mutating func seconds(_ name: String) throws(ControlFault) -> Nanoseconds? {
        guard let node = take(name) else { return nil }
        let range = Nanoseconds.zero...ConfigurationText.timeMax
        guard case .number(let spelling) = node, let time = SettingTime.parse(spelling),
            range.contains(time)
        else {
            throw fault(.invalid, "`\(name)` must be \(SettingTime.words(for: range))")
        }
        return time
    }

    mutating func answer() throws(ControlFault) -> StatusAnswer {
        switch try require("answer").text {
        case "proceed": return .proceed
        case "reset": return .reset
        default: throw fault(.invalid, "`answer` must be \"proceed\" or \"reset\"")
        }
    }

    /// Refuses the first member that was not asked for.
    func finish(_ name: ControlRequest.Name) throws(ControlFault) {
        guard let member = members.first else { return }
        throw fault(
            .unknownMember,
            "`\(name.rawValue)` has no `\(Self.shown(member.name))`; it has "
                + known.joined(separator: ", "))
    }

    /// A name of the application's, cut short if it is long.
    private static func shown(_ name: String) -> String {
        name.utf8.count > 40 ? name.prefix(40) + "…" : name
    }
}
