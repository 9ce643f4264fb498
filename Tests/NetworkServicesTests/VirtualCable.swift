import Foundation
import Glibc

/// Two network interfaces of this machine, joined by a cable that can be pulled, with names that
/// nothing else has. They go when it goes.
struct VirtualCable: ~Copyable {
    /// The end that is looked at, and the end at which the cable is pulled.
    let near: String
    let far: String

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Why there can be none here; nil if there can.
    static let obstacle: String? = {
        guard geteuid() == 0 else { return "making network interfaces needs the superuser" }
        do {
            _ = try VirtualCable()
            return nil
        } catch {
            return "this machine makes no network interfaces: \(error)"
        }
    }()

    init() throws {
        let number = String(UInt32.random(in: 0...0xff_ffff), radix: 16)
        near = "syn\(number)n"
        far = "syn\(number)f"
        try Self.ip("link", "add", near, "type", "veth", "peer", "name", far)
    }

    deinit { try? Self.ip("link", "del", near) }

    func plug() throws { try Self.ip("link", "set", far, "up") }
    func pull() throws { try Self.ip("link", "set", far, "down") }

    /// Runs `ip` with the words.
    static func ip(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip"] + words
        let complaint = Pipe()
        process.standardError = complaint
        try process.run()
        let text = complaint.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "ip \(words.joined(separator: " ")): "
                    + String(decoding: text, as: UTF8.self))
        }
    }
}
