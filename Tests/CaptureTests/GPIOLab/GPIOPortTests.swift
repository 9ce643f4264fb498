#if GPIO
import CaptureStore
import Foundation
import Signals
import Testing

/// Both ends of a link on GPIO lines that a cable joins, each end a process.
@Suite(.enabled(if: Lab.isWanted, "SYNSCOPE_WITHOUT_GPIO_LAB is set"))
struct GPIOPortTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static let rounds = 1_000
    /// A third chip listens to all wires.
    private static let chips = [
        "--chip", "host:reset,stx,sckout,srx,sckin,spare",
        "--chip", "bridge:reset,mrx,mckin,mtx,mckout,spare",
        "--chip", "tap:reset,stx,sckout,srx,sckin",
    ]

    /// Each libgpiod plays the host against a bridge with the other one.
    @Test(arguments: Lab.Library.allCases)
    func everyBitArrivesAndNothingElseMoves(library: Lab.Library) throws {
        let other: Lab.Library = library == .one ? .two : .one
        let outcome = try Lab.run(
            """
            connect host:reset bridge:reset host:stx bridge:mrx host:sckout bridge:mckin \\
                bridge:mtx host:srx bridge:mckout host:sckin \\
                host:reset tap:reset host:stx tap:stx host:sckout tap:sckout \\
                bridge:mtx tap:srx bridge:mckout tap:sckin
            record --gpio tap -o g.syn
            while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.1; done
            play="pingpong --with-port --bits random --count \(Self.rounds)"
            "\(try other.laboratory)" $play --end bridge --chip bridge --lamp spare &
            bridge=$!
            while [[ $(chip level bridge spare) != 1 ]]; do sleep 0.1; done
            "\(try library.laboratory)" $play --end host --chip host || exit 98
            wait $bridge || exit 97
            sleep 0.5
            kill -INT $recorder
            wait $recorder
            """, with: library, in: scratch, options: Self.chips)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        for end in ["host", "bridge"] {
            #expect(
                outcome.output.contains("\(end): \(Self.rounds) round trips"), "\(outcome.output)")
        }
        #expect(outcome.output.components(separatedBy: ", 0 wrong bits").count == 3)
        try checkRecording()
    }

    /// `reset` is let go, pulled low once and let go again; then both clocks turn once a round trip.
    private func checkRecording() throws {
        let path = scratch.path("g.syn")
        let edges = try Edges.all(of: path)
        let levels = try Capture(opening: path).initialLevels
        #expect(levels == LevelSet(bits: 0))
        #expect(edges.count { $0.channel == .sckout } == Self.rounds)
        #expect(edges.count { $0.channel == .sckin } == Self.rounds)
        #expect(edges.prefix(3).map(\.channel) == [.reset, .reset, .reset])
        #expect(edges.prefix(3).map(\.level) == [.high, .low, .high])
        #expect(edges.count { $0.channel == .reset } == 3)
        #expect(edges.count { $0.channel == .stx } > Self.rounds / 4)
        #expect(edges.count { $0.channel == .srx } > Self.rounds / 4)
        var last = levels
        for edge in edges { last[edge.channel] = edge.level }
        #expect(last == .rest)
    }

    @Test(arguments: Lab.Library.allCases)
    func whatIsWrongWithTheLinesIsToldWithAdvice(library: Lab.Library) throws {
        let outcome = try Lab.run(
            """
            record --gpio host -o g.syn
            while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.2; done
            "\(try library.laboratory)" pingpong --with-port --end host --chip host
            echo "status $?" >&2
            kill -INT $recorder
            wait $recorder
            "\(try library.laboratory)" pingpong --with-port --end bridge --chip bridge &
            bridge=$!
            while gpioinfo bridge | grep mckout | grep -q unused; do sleep 0.1; done
            chip remove bridge
            wait $bridge
            echo "status $?" >&2
            """, with: library, in: scratch)
        let told = outcome.complaint
        #expect(told.components(separatedBy: "status 1\n").count == 3, "\(told)")
        #expect(told.contains("line srx (3) of gpiochip0 is in use by `synscope`"), "\(told)")
        #expect(told.contains("/dev/gpiochip1 has disappeared"), "\(told)")
    }

    @Test(arguments: Lab.Library.allCases)
    func aUserWithoutPermissionIsToldTheRule(library: Lab.Library) throws {
        let outcome = try Lab.run(
            "\"\(try library.laboratory)\" pingpong --with-port --end host --chip gpiochip0",
            with: library, in: scratch, options: ["--user", "nobody"])
        #expect(outcome.status == 1)
        #expect(outcome.complaint.contains("/dev/gpiochip0: permission denied"))
        #expect(outcome.complaint.contains("GROUP=\"gpio\", MODE=\"0660\""))
    }
}
#endif
