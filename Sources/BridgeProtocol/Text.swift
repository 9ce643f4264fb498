import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: every text that UNKNOWN carries is made here. Those of the reference are its
// own, character for character. Ref: Documentation/Protocol.md, Messages.

enum Text {
    /// A command that no bridge knows; the reference's text.
    static var unknownCommand: [UInt8] { bytes("Unknown command:") }
    /// Another command where `init` was due; the reference's text.
    static var expectedInit: [UInt8] { bytes("Expected init, got: ") }
    static var tooLong: [UInt8] { bytes("Longer than what is kept:") }
    static var tooMany: [UInt8] { bytes("Too many commands wait:") }
    static var notATopic: [UInt8] { bytes("Not a topic:") }
    static var notAFilter: [UInt8] { bytes("Not a topic filter:") }
    static var unsendable: [UInt8] { bytes("MQTT cannot carry:") }

    /// No parameters of TLS.
    static var noParameters: [UInt8] { bytes("{}") }

    /// What is wrong with a message: the field, counted from the command as 0, and the reason.
    static func malformed(_ fault: MalformedMessage) -> [UInt8] {
        bytes("Malformed field ") + decimal(fault.fieldIndex) + bytes(", ")
            + bytes(fault.reason.name) + bytes(":")
    }

    /// Why parameters of TLS are refused; nil: they are not. Neither keys nor values are repeated.
    static func refusal(ofParameters literal: [UInt8]) -> [UInt8]? {
        do throws(DictionaryLiteral.Refusal) {
            for member in try DictionaryLiteral(literal).members {
                guard let isRight = tlsValue(of: member.key) else {
                    return bytes("Unknown key in ssl_params:")
                }
                if !isRight(member.value) { return bytes("Wrong value in ssl_params:") }
            }
            return nil
        } catch {
            return bytes("Unreadable ssl_params at byte ") + decimal(error.offset) + bytes(":")
        }
    }

    /// What a parameter of TLS may be; nil: it means nothing. They are those of MicroPython's
    /// `wrap_socket`: names of files and of the server, and 0, 1 or 2 for how it is verified.
    private static func tlsValue(of key: [UInt8]) -> ((DictionaryLiteral.Value) -> Bool)? {
        if key == bytes("cert_reqs") {
            return { value in
                if case .number(0...2) = value { true } else { false }
            }
        }
        for name in [
            bytes("keyfile"), bytes("certfile"), bytes("ca"), bytes("server_hostname"),
        ] where key == name {
            return { value in
                if case .text(let text) = value { !text.isEmpty } else { false }
            }
        }
        return nil
    }

    /// The part of a frame that UNKNOWN repeats.
    ///
    /// Characters that the link cannot carry become `?`. Of an `init` only the command is repeated:
    /// passwords cross the wire once.
    static func echo(_ frame: [UInt8], lengthMax: Int) -> [UInt8] {
        if Fields(frame)[0] == bytes("init")[...] { return bytes("init") }
        var echo = Array(frame.prefix(lengthMax))
        for index in echo.indices where echo[index] == 0 || echo[index] > Fields.separator {
            echo[index] = UInt8(ascii: "?")
        }
        return echo
    }

    /// Bytes as lower-case hexadecimal digits.
    static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                text.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            }
        }
        return text
    }

    static func bytes(_ text: StaticString) -> [UInt8] {
        [UInt8](UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func decimal(_ number: Int) -> [UInt8] {
        var digits: [UInt8] = []
        var left = number.magnitude
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10))
            left /= 10
        } while left > 0
        digits.reverse()
        return digits
    }
}
