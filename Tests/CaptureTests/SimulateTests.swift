import CaptureStore
import Foundation
import Signals
import Testing

/// `synscope simulate`, as it is called.
@Suite struct SimulateTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func simulate(_ words: String) throws -> Command.Outcome {
        try Command.synscope(
            ["simulate"] + words.split(separator: " ").map(String.init), in: scratch.url)
    }

    /// The file, not only what is in it.
    @Test func theSameCommandWritesTheSameFile() throws {
        let command = "--seed 7 --preset hardware --duration 12s --fault crash@11s"
        #expect(try simulate(command + " -o a.syn").status == 0)
        #expect(try simulate(command + " -o b.syn").status == 0)
        #expect(try simulate(command + " --seed 8 -o c.syn").status == 0)
        let (first, second) = (try file("a.syn"), try file("b.syn"))
        #expect(first == second)
        #expect(first.count > 20_000)
        #expect(try file("c.syn") != first)
    }

    @Test func whatIsWrittenIsReplayedAndSaysHowItWasMade() throws {
        let command =
            "--seed 3 --preset hardware --traffic light --persistent --will --watchdog 2s "
            + "--busy-until 14s --duration 60s --fault freeze:1s@12s --publish-pause 800ms"
        let made = try simulate(command + " -o a.syn")
        #expect(made.status == 0)
        #expect(made.output.hasSuffix("nothing that had to arrive is missing\n"))
        let replayed = try Command.synscope(["replay", "a.syn"], in: scratch.url)
        #expect(replayed.status == 0, "\(replayed.output)")
        let source = try #require(try Capture(opening: scratch.path("a.syn")).metadata.source)
        for word in [
            "--seed 3", "--preset hardware", "--traffic light", "--persistent", "--will",
            "--watchdog 2000ms", "--busy-until 14000ms", "--duration 60000ms",
            "--fault freeze:1s@12s", "--publish-pause 800ms",
        ] {
            #expect(source.contains(word))
        }
        // It ends when all is done, not when it must.
        #expect(try Capture(opening: scratch.path("a.syn")).end.nanoseconds < 40_000_000_000)
    }

    @Test(arguments: [
        "--fault nothing@3s", "--fault crash", "--fault crash@", "--fault crash:3s@5s",
        "--fault freeze:0s@5s", "--fault freeze:@5s", "--fault crash@-1s", "--traffic heavy",
        "--preset slow", "--duration 0s", "--watchdog 0s", "--without seatbelt", "--seed -1",
    ])
    func aWrongOptionIsRefused(words: String) throws {
        let outcome = try simulate(words + " -o a.syn")
        #expect(outcome.status == 2)
        // It says which option it is about.
        let option = try #require(words.split(separator: " ").first)
        #expect(outcome.complaint.contains(option))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.syn")))
    }

    @Test func anExistingFileIsNotReplaced() throws {
        try "precious".write(toFile: scratch.path("a.syn"), atomically: true, encoding: .utf8)
        #expect(try simulate("--duration 1s -o a.syn").status == 2)
        #expect(try file("a.syn") == Data("precious".utf8))
        #expect(try simulate("--duration 1s -o a.syn --force").status == 0)
    }

    /// What keeps messages safe, switched off, is noticed: status 1, and the command to see it again.
    @Test func aLossIsToldWithTheCommandThatShowsIt() throws {
        let command =
            "--seed 2 --preset hardware --traffic light --persistent --watchdog 3s "
            + "--busy-until 16s --duration 60s --fault crash@12850ms"
        #expect(try simulate(command).status == 0)
        let lost = try simulate(command + " --without resend-after-crash")
        #expect(lost.status == 1)
        #expect(lost.output.contains("LOST:"))
        #expect(lost.output.contains("p2.ruoe"))
        #expect(lost.output.contains("--without resend-after-crash -o lost.syn"))
    }

    private func file(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: scratch.path(name)))
    }
}
