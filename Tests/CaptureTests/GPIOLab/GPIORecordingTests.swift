#if GPIO
import CaptureStore
import Foundation
import Signals
import Testing

/// `synscope record --gpio` on lines that a capture of the reference moves.
@Suite(.enabled(if: Lab.isWanted, "SYNSCOPE_WITHOUT_GPIO_LAB is set"))
struct GPIORecordingTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// So much of k_specnet: a reset, a synchronisation and the `init` frame.
    private static let end = Timestamp(nanoseconds: 3_000_000_000)

    /// The lines are recorded while a capture is played onto them.
    private func record(with library: Lab.Library) throws -> Lab.Outcome {
        try Lab.run(
            """
            chip pull host reset up
            record --gpio host -o g.syn
            synscope-lab play "$captures/k_specnet.syn" --chip host --to 3 --wait 20 || exit 99
            sleep 0.5
            kill -INT $recorder
            wait $recorder
            """, with: library, in: scratch)
    }

    /// The lines at the other end of a patch cable that loses edges.
    private func recordBehindCable(
        with library: Lab.Library, faults: String
    ) throws -> Lab.Outcome {
        try Lab.run(
            """
            chip pull host reset up
            connect host:reset bridge:reset host:stx bridge:mrx host:sckout bridge:mckin \
                host:srx bridge:mtx host:sckin bridge:mckout --log lost.jsonl \(faults)
            record --gpio bridge -o g.syn
            while ! synscope info g.syn >/dev/null 2>&1; do sleep 0.1; done
            synscope-lab play "$captures/k_specnet.syn" --chip host --to 3 || exit 99
            sleep 0.5
            kill -INT $recorder
            wait $recorder
            status=$?
            kill $cable
            wait $cable
            exit $status
            """, with: library, in: scratch)
    }

    private func decode(_ path: String, _ options: [String]) throws -> String {
        let outcome = try Command.synscope(["decode", path] + options, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        return outcome.output
    }

    /// Who said what in which session; not when.
    private func conversation(_ path: String, _ options: [String] = []) throws -> [[Substring]] {
        try decode(path, ["--format", "csv"] + options).split(separator: "\n").map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return [fields[2], fields[3], fields[4]] + fields[6...]
        }
    }

    private func gaps() throws -> [Lab.GapLine] { try Lab.gaps(of: "g.syn", in: scratch) }

    @Test(arguments: Lab.Library.allCases)
    func aCaptureThatIsPlayedComesBackEdgeForEdge(library: Lab.Library) throws {
        let outcome = try record(with: library)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains(", no gap"), "\(outcome.complaint)")
        let path = scratch.path("g.syn")
        let recorded = try Edges.all(of: path)
        let played = try Edges.all(of: CaptureFolder.path("k_specnet.syn")).filter {
            $0.time < Self.end
        }
        #expect(played.count > 3_000)
        #expect(recorded.map(\.channel) == played.map(\.channel))
        #expect(recorded.map(\.level) == played.map(\.level))
        #expect(try gaps().isEmpty)
        let capture = try Capture(opening: path)
        #expect(capture.isFinished && capture.metadata.clock == "CLOCK_MONOTONIC")
        #expect(
            try conversation("g.syn")
                == conversation(CaptureFolder.path("k_specnet.syn"), ["--to", "2.9"]))
        let replay = try Command.synscope(["replay", "--mode", "link", "g.syn"], in: scratch.url)
        #expect(replay.status == 0, "\(replay.output)\(replay.complaint)")
        #expect(replay.output.contains("replay host    identical"))
        #expect(replay.output.contains("replay bridge  identical"))
    }

    /// Runs of 1 to 3 neighbouring edges that nobody saw: each is a gap, and nothing else is one.
    @Test(arguments: Lab.Library.allCases, [2, 3])
    func everyLossIsAGapAtItsPlace(library: Lab.Library, seed: Int) throws {
        let outcome = try recordBehindCable(
            with: library, faults: "--drop-runs 250 --silent --seed \(seed)")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("g.syn"))
        let start = try #require(
            capture.metadata.extra.first { $0.key == "clock_start_ns" }.flatMap { Int64($0.value) })
        let lost = try String(contentsOfFile: scratch.path("lost.jsonl"), encoding: .utf8)
            .split(separator: "\n")
            .map { try JSONDecoder().decode(LostEdge.self, from: Data($0.utf8)) }
        #expect(lost.count > 10)
        var gaps = try gaps()
        var claimed = [Bool](repeating: false, count: gaps.count)
        for edge in lost {
            let time = edge.time_ns - start
            // Neighbours on two wires can make a gap of each.
            let places = gaps.indices.filter { gaps[$0].start <= time && time <= gaps[$0].end }
            #expect(!places.isEmpty, "edge \(edge.edge) at \(time) ns")
            for place in places { claimed[place] = true }
        }
        // A data wire can have rested for long before the edge that it missed.
        #expect(gaps.allSatisfy { $0.end - $0.start < 300_000_000 }, "\(gaps)")
        gaps = zip(gaps, claimed).filter { !$1 }.map(\.0)
        #expect(gaps.isEmpty, "claimed without a loss: \(gaps)")
    }

    private struct LostEdge: Decodable {
        var time_ns: Int64
        var edge: Int
    }
}
#endif
