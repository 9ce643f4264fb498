import ArgumentParser
import Foundation

/// Kills recorders: what a killed one leaves must be readable, and lack a second at most.
struct RecordKill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record-kill",
        abstract: "Kill `synscope record` at random moments and read what it left.",
        discussion: """
            Traffic is made up and piped into the recorder in real time. After each kill every \
            chunk of the capture must decode, its edges must be those that were made up, and \
            nothing may be missing that was handed over a second before the kill or earlier.
            """)

    @Option(help: "The executable of synscope.")
    var synscope: String

    @Option(help: "Kills.")
    var count = 100

    @Option(help: "Edges per second, about.")
    var rate = 100_000

    @Option(help: "The latest kill, in seconds after the first edge.")
    var longest = 4.0

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    /// What may be missing.
    private static let lossMaxNanoseconds: Int64 = 1_000_000_000

    func validate() throws {
        guard (100...1_000_000).contains(rate), (0.1...600).contains(longest), count > 0 else {
            throw ValidationError(
                "--rate is 100 to 1,000,000, --longest 0.1 to 600 s, --count above 0")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("synscope-campaign-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let dump = TrafficDump(
            edgeCount: Int(longest * 1.3 * Double(rate)), edgesPerSecond: rate, seed: seed)
        var random = SplitMix64(seed: seed)
        var failures = 0
        var saved = 0
        var losses: [Int64] = []
        for number in 0..<count {
            let path = folder.appendingPathComponent("kill-\(number).syn").path
            let moment = Int64.random(in: 50_000_000...Int64(longest * 1e9), using: &random)
            let outcome = try KilledRecording(
                dump, synscope: synscope, path: path, killAfter: moment)
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            saved += outcome.saved
            losses.append(outcome.lossNanoseconds)
            let tooMuch = outcome.lossNanoseconds > Self.lossMaxNanoseconds
            guard
                let problem = outcome.problem
                    ?? (tooMuch ? "\(outcome.lossNanoseconds / 1_000_000) ms are missing" : nil)
            else { continue }
            failures += 1
            print(
                "kill \(number), \(moment / 1_000_000) ms after the first edge: \(problem); "
                    + "\(outcome.saved) of \(outcome.given) edges are there")
        }
        losses.sort()
        print(
            "\(count) kills, \(count - failures) readable and complete but for a second; \(saved) "
                + "edges read; missing: \(losses[losses.count / 2] / 1_000_000) ms in the median, "
                + "\((losses.last ?? 0) / 1_000_000) ms at most")
        if failures > 0 { throw ExitCode(1) }
    }
}
