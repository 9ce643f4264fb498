#if GPIO
import CaptureStore
import Foundation
import Signals
import Testing

/// Everything that can be wrong with GPIO lines, on real character devices.
@Suite(.enabled(if: Lab.isWanted, "SYNSCOPE_WITHOUT_GPIO_LAB is set"))
struct GPIOFaultTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Verifies a capture that was left in the scratch folder.
    private func check(_ name: String = "g.syn") throws {
        let doctor = try Command.synscope(["doctor", name], in: scratch.url)
        #expect(doctor.status == 0, "\(doctor.output)\(doctor.complaint)")
    }

    @Test(arguments: Lab.Library.allCases)
    func whatCannotBeTappedIsToldWithAdvice(library: Lab.Library) throws {
        let outcome = try Lab.run(
            """
            map=reset=reset,stx=stx,sckout=sckout,srx=srx,sckin=sckin
            try() { synscope record -o no.syn "$@"; echo "status $?" >&2; }
            try --gpio nochip
            try --gpio /dev/null
            try --gpio /dev/gpiochip7
            try --gpio host --map "reset=reset,stx=sttx,sckout=2,srx=3,sckin=4"
            try --gpio host --map reset=99
            try --gpio host --map reset=0,stx=reset
            try --gpio auto --map reset=mrx,stx=stx
            try --gpio host --pinout raspberry-pi
            try --gpio host --bias sideways
            record --gpio host -o g.syn --for 5s
            while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.2; done
            try --gpio host
            synscope devices
            kill -INT $recorder
            wait $recorder
            ls no.syn
            """, with: library, in: scratch)
        let told = outcome.complaint
        #expect(told.components(separatedBy: "status 2\n").count == 11, "\(told)")
        for sentence in [
            "there is no GPIO chip nochip; there are gpiochip0 (host), gpiochip1 (bridge)",
            "/dev/null is no GPIO chip", "no GPIO chip /dev/gpiochip7",
            "no GPIO line is called sttx; `synscope devices`", "Did you mean stx",
            "has no line 99: its lines are 0 to 5",
            "line reset is mapped to two wires",
            "the lines are on different chips (mrx on gpiochip1, stx on gpiochip0",
            "no GPIO line is called GPIO17", "The value 'sideways' is invalid for '--bias",
            "line reset (0) of gpiochip0 is in use by `synscope`",
        ] {
            #expect(told.contains(sentence), "\(sentence) in \(told)")
        }
        #expect(outcome.output.contains("  0  reset   input   in use by synscope"))
        #expect(outcome.output.contains("  5  spare   input"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("no.syn")))
    }

    @Test func linesThatNobodyNamedAreAskedFor() throws {
        let outcome = try Lab.run("synscope bridge --gpio host", with: .one, in: scratch)
        #expect(outcome.status == 2)
        for sentence in ["no GPIO line is called mrx", "name a `pinout`, or a line for each wire"] {
            #expect(outcome.complaint.contains(sentence), "\(outcome.complaint)")
        }
    }

    @Test(arguments: Lab.Library.allCases)
    func aUserWithoutPermissionIsToldTheRule(library: Lab.Library) throws {
        let outcome = try Lab.run(
            "synscope record --gpio gpiochip0 -o /tmp/no.syn", with: library, in: scratch,
            options: ["--user", "nobody"])
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("/dev/gpiochip0: permission denied"))
        #expect(outcome.complaint.contains("GROUP=\"gpio\", MODE=\"0660\""))
    }

    @Test(arguments: Lab.Library.allCases)
    func aChipThatIsRemovedEndsTheRecordingAndKeepsIt(library: Lab.Library) throws {
        let outcome = try Lab.run(
            """
            record --gpio host -o g.syn
            while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.2; done
            for i in 1 2 3 4 5; do chip pull host sckout up; chip pull host sckin up
                chip pull host sckout down; chip pull host sckin down; done
            chip remove host
            wait $recorder
            """, with: library, in: scratch)
        #expect(outcome.status == 2, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("/dev/gpiochip0 has disappeared"))
        #expect(outcome.complaint.contains("g.syn: 20 edges, "), "\(outcome.complaint)")
        #expect(outcome.complaint.contains("Saved: 20 edges in g.syn, up to "))
        try check()
        let capture = try Capture(opening: scratch.path("g.syn"))
        #expect(capture.isFinished)
        #expect(capture.edgeCount == 20)
    }

    /// The kernel keeps 16 events of a line, or 1,024 of all; what comes after or before that is
    /// missing, and the capture says so.
    @Test(arguments: Lab.Library.allCases)
    func aReaderThatIsStoppedLosesEdgesAndSaysSo(library: Lab.Library) throws {
        let outcome = try Lab.run(
            """
            chip pull host reset up
            record --gpio host -o g.syn
            ( while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.2; done
              sleep 1; kill -STOP $recorder; sleep 1.5; kill -CONT $recorder ) &
            synscope-lab play "$captures/k_specnet.syn" --chip host --from 2.5 --to 3.2 \\
                --wait 20 || exit 99
            sleep 0.5
            kill -INT $recorder
            wait $recorder
            """, with: library, in: scratch)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        try check()
        // Of the 1.5 s that it was stopped, 1.6 has the first edges, and 2.x the last thousand.
        let gaps = try Lab.gaps(of: "g.syn", in: scratch)
        let least: Int64 = library == .one ? 1_000_000_000 : 200_000_000
        let long = gaps.filter { $0.end - $0.start > least }
        #expect(long.count >= 1, "\(gaps)")
        #expect(long.allSatisfy { $0.end - $0.start < 4_000_000_000 })
        if library == .two {
            #expect(gaps.contains { $0.reason == "sequence" }, "\(gaps)")
            #expect(outcome.complaint.contains("The kernel dropped "))
        }
    }

    /// A recorder that is killed loses less than a second.
    @Test(arguments: Lab.Library.allCases)
    func aKilledRecorderLeavesAllButTheLastSecond(library: Lab.Library) throws {
        let outcome = try Lab.run(
            """
            chip pull host reset up
            record --gpio host -o g.syn
            synscope-lab play "$captures/k_specnet.syn" --chip host --from 2.5 --to 4 \\
                --wait 20 --log-edges --log played.jsonl &
            sleep 5
            kill -KILL $recorder
            cut -d' ' -f1 /proc/uptime
            kill %2
            wait
            """, with: library, in: scratch)
        try check()
        let capture = try Capture(opening: scratch.path("g.syn"))
        #expect(!capture.isFinished)
        let start = try #require(
            capture.metadata.extra.first { $0.key == "clock_start_ns" }.flatMap { Double($0.value) }
        )
        let killed = try #require(Double(outcome.output.split(separator: "\n").last ?? ""))
        let last = try #require(Edges.all(of: capture.path).last)
        #expect(killed - (start + Double(last.time.nanoseconds)) * 1e-9 < 1.1)
    }
}
#endif
