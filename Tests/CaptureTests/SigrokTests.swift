#if Sigrok
import CaptureStore
import Foundation
import Glibc
import Signals
import Testing

/// Logic analyzers and sessions of sigrok, as a user has them; and sigrok-cli beside them.
@Suite struct SigrokTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Runs a script in the scratch folder, in which `$0` is synscope.
    private func run(_ script: String) throws -> Command.Outcome {
        try Command.run("bash", ["-c", script, Command.executable], in: scratch.url)
    }

    private func synscope(_ arguments: String...) throws -> Command.Outcome {
        try Command.synscope(arguments, in: scratch.url)
    }

    /// The edges of a capture as they are in samples of a rate, from the beginning of its observation;
    /// of those of a wire in one sample only what they leave is left.
    private func sampled(_ name: String, periodNanoseconds: Int64) throws -> [Edge] {
        let capture = try Capture(opening: CaptureFolder.path(name))
        var start = capture.observationStart.nanoseconds
        // A change in the first sample would be none, so the samples begin earlier then.
        if try Edges.all(of: capture.path).first?.time.nanoseconds == start {
            start -= periodNanoseconds
        }
        #expect(capture.gaps.isEmpty)
        var levels = capture.initialLevels
        var pending = levels
        var sample: Int64 = 0
        var edges: [Edge] = []
        func close() {
            for wire in Channel.wires where pending[wire] != levels[wire] {
                edges.append(
                    Edge(
                        time: Timestamp(nanoseconds: sample * periodNanoseconds), channel: wire,
                        level: pending[wire]))
            }
            levels = pending
        }
        for edge in try Edges.all(of: capture.path) {
            let offset = edge.time.nanoseconds - start
            let next = (offset + periodNanoseconds - 1) / periodNanoseconds
            if next != sample { close() }
            sample = next
            pending[edge.channel] = edge.level
        }
        close()
        return edges
    }

    // MARK: Sessions

    @Test(arguments: CaptureFolder.names + CaptureFolder.simulated.map { "simulated/\($0)" })
    func aCaptureIsReadAgainFromASessionEdgeForEdge(name: String) throws {
        // Simulated worlds are long.
        let period: Int64 = name.hasPrefix("simulated") ? 40_000 : 10_000
        let exported = try synscope(
            "export", CaptureFolder.path("\(name).syn"), "-o", "a.sr", "--sample-rate",
            "\(1_000_000 / period)kHz")
        #expect(exported.status == 0, "\(exported.complaint)")
        let imported = try synscope("import", "a.sr", "-o", "a.syn")
        #expect(imported.status == 0, "\(imported.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.metadata.resolution == Nanoseconds(period))
        let expected = try sampled("\(name).syn", periodNanoseconds: period)
        #expect(try Edges.all(of: capture.path) == expected)
    }

    @Test func aCaptureOfSamplesIsExportedAtItsOwnRate() throws {
        let outcome = try run(
            """
            "$0" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr --sample-rate 333333 &&
                "$0" import a.sr -o a.syn && "$0" export a.syn -o b.sr &&
                "$0" import b.sr -o b.syn
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.components(separatedBy: "samples at 333.333 kHz").count == 3)
        #expect(!outcome.complaint.contains("not in the file"))
        #expect(
            try Edges.all(of: scratch.path("b.syn")) == Edges.all(of: scratch.path("a.syn")))
    }

    @Test func sigrokReadsWhatSynscopeWrites() throws {
        let outcome = try run(
            """
            "$0" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr &&
                "$0" import a.sr -o ours.syn &&
                sigrok-cli -i a.sr -O vcd -o a.vcd &&
                "$0" import a.vcd -o theirs.syn
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let ours = try Edges.all(of: scratch.path("ours.syn"))
        #expect(ours.count == 63_696)
        #expect(try Edges.all(of: scratch.path("theirs.syn")) == ours)
    }

    @Test func synscopeReadsWhatSigrokWrites() throws {
        let outcome = try run(
            """
            "$0" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr &&
                "$0" import a.sr -o a.syn && "$0" export a.syn -o a.vcd &&
                sigrok-cli -I vcd:downsample=1000 -i a.vcd -o b.sr &&
                "$0" import b.sr -o b.syn
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(
            try Edges.all(of: scratch.path("b.syn")) == Edges.all(of: scratch.path("a.syn")))
    }

    @Test func aDemoOfSigrokIsReadWithItsUsualChannels() throws {
        let outcome = try run(
            """
            sigrok-cli -d demo --config samplerate=1m --samples 20000 \
                -C D0,D1,D2,D3,D4,D5 -o a.sr &&
                mv a.sr 'a file without an ending' &&
                "$0" import 'a file without an ending' -o a.syn
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("wires taken as reset=D0 stx=D1"))
        #expect(outcome.complaint.contains("ignored channels: D5"))
        let restated = try synscope(
            "import", "a file without an ending", "-o", "b.syn", "--restated", "gap")
        #expect(restated.status == 2)
        #expect(restated.complaint.contains("--restated is for dumps"), "\(restated.complaint)")
        let named = try synscope(
            "import", "a file without an ending", "-o", "p.syn", "--pinout", "analyzer")
        #expect(named.status == 0, "\(named.complaint)")
        #expect(
            try Edges.all(of: scratch.path("p.syn")) == Edges.all(of: scratch.path("a.syn")))
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.end == Timestamp(nanoseconds: 20_000_000))
        #expect(capture.metadata.resolution == Nanoseconds(1_000))
        let mapped = try synscope(
            "import", "a file without an ending", "-o", "b.syn", "--map",
            "reset=none,stx=D1,sckout=D2,srx=D3,sckin=D4")
        #expect(mapped.status == 0, "\(mapped.complaint)")
        #expect(try Capture(opening: scratch.path("b.syn")).channels.count == 4)
    }

    @Test func aDriverThatIsNotThereIsToldWithThoseThatWereMeant() throws {
        for (name, meant) in [("fx2", "fx2lafw"), ("fx2lawf", "fx2lafw"), ("dem", "demo")] {
            let outcome = try synscope("record", "--sigrok", name, "-o", "no.syn")
            #expect(outcome.status == 2)
            #expect(
                outcome.complaint.contains("no driver `\(name)`")
                    && outcome.complaint.contains("Did you mean \(meant)"), "\(outcome.complaint)")
        }
    }

    @Test func edgesThatASampleCannotHoldAreCounted() throws {
        let outcome = try run(
            "\"$0\" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr --sample-rate 1kHz")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("not in the file:"), "\(outcome.complaint)")
        let left = try sampled("k_specnet.syn", periodNanoseconds: 1_000_000).count
        let imported = try synscope("import", "a.sr", "-o", "a.syn")
        #expect(try Edges.all(of: scratch.path("a.syn")).count == left)
        #expect(imported.complaint.contains("too low for this link"), "\(imported.complaint)")
    }

    @Test func moreSamplesThanAnybodyReadsAreRefused() throws {
        let outcome = try run(
            "\"$0\" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr --sample-rate 1GHz")
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("cut with --from and --to"), "\(outcome.complaint)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
    }

    @Test func aMalformedSessionIsToldAndNothingIsWritten() throws {
        let outcome = try run(
            """
            "$0" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr 2>/dev/null
            head -c 40000 a.sr >cut.sr
            { head -c 30000 a.sr; printf xyz; tail -c +30004 a.sr; } >damaged.sr
            printf 'PK\\3\\4 and no more' >other.sr
            status=0
            for file in cut damaged other; do
                "$0" import $file.sr -o $file.syn && status=1
                [ -e $file.syn ] && status=1
            done
            cat a.sr | "$0" import - -o piped.syn && status=1
            exit $status
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("cut.sr is no session of sigrok"))
        #expect(outcome.complaint.contains("damaged.sr is no session of sigrok"))
        #expect(outcome.complaint.contains("as a file and not through a pipe"))
    }

    @Test func aRateThatTheFileContradictsIsRefused() throws {
        let outcome = try run(
            """
            "$0" export '\(CaptureFolder.path("k_specnet.syn"))' -o a.sr 2>/dev/null
            "$0" import a.sr -o a.syn --sample-rate 2MHz
            """)
        #expect(outcome.status == 2)
        #expect(outcome.complaint.contains("sampled at 1 MHz"), "\(outcome.complaint)")
    }

    // MARK: Recording

    @Test func theDemoDeviceIsRecorded() throws {
        let outcome = try synscope(
            "record", "--sigrok", "demo:pattern=incremental", "--sample-rate", "50kHz", "--for",
            "1s", "-o", "a.syn")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.complaint.contains("wires taken as reset=D0"), "\(outcome.complaint)")
        #expect(outcome.complaint.contains("data and clock share samples"))
        #expect(outcome.complaint.contains("device carries no SynCom link"))
        #expect(!outcome.complaint.contains("named right"))
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.end == Timestamp(nanoseconds: 1_000_000_000))
        #expect(capture.metadata.resolution == Nanoseconds(20_000))
        let edges = try Edges.all(of: capture.path)
        let expected = (1..<50_000).reduce(0) { count, sample in
            count + (((sample ^ (sample - 1)) & 0x1f).nonzeroBitCount)
        }
        #expect(edges.count == expected)
        #expect(edges.allSatisfy { $0.time.nanoseconds.isMultiple(of: 20_000) })
    }

    @Test func whatCannotBeRecordedIsToldAndNothingIsWritten() throws {
        for (options, complaint) in [
            (["--sigrok", "fx2lafw"], "finds no device"),
            (["--sigrok", "nodriver"], "no driver `nodriver`"),
            (["--sigrok", "demo:logic_channels=0"], "no logic channels"),
            (["--sigrok", "demo:limit_samples=10"], "told by --for"),
            (["--sigrok", "demo:logic_channels=2000000000"], "between 0 and 64"),
            (["--sigrok", "demo:logic_channels=4"], "which channel is reset"),
            (["--sigrok", "demo", "--map", "reset=D9,stx=D1,sckout=D2,srx=D3,sckin=D4"], "D9"),
            (["--sigrok", "demo", "--sample-rate", "2GHz"], "cannot sample at 2 GHz"),
            (["--sigrok", "demo", "--vcd", "-"], "one thing at a time"),
            (["--sample-rate", "1MHz", "--vcd", "-"], "--sample-rate is for --sigrok"),
        ] {
            let outcome = try Command.synscope(
                ["record", "-o", "a.syn"] + options, in: scratch.url)
            #expect(outcome.status == 2, "\(options)")
            #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
    }

    @Test func aSignalCompletesTheFile() throws {
        let outcome = try run(
            """
            "$0" record --sigrok demo:pattern=all-low -o a.syn &
            recorder=$!
            while [ ! -e a.syn ]; do sleep 0.1; done
            sleep 1
            kill -INT $recorder
            wait $recorder
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(capture.isFinished)
        #expect(capture.end > Timestamp(nanoseconds: 500_000_000))
    }

    @Test func aKilledRecorderLosesAtMostASecondAndItsMemoryStaysFlat() throws {
        let outcome = try run(
            """
            "$0" record --sigrok demo:pattern=random --sample-rate 20kHz -o a.syn &
            recorder=$!
            while [ ! -e a.syn ]; do sleep 0.1; done
            begin=$(date +%s%N)
            memory() { awk '/VmHWM/ { print $2 }' /proc/$recorder/status; }
            sleep 2
            early=$(memory)
            sleep 3
            late=$(memory)
            end=$(date +%s%N)
            kill -KILL $recorder
            wait $recorder 2>/dev/null
            echo $early $late $((end - begin))
            "$0" doctor a.syn | grep -q 'verdict *sound'
            """)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let numbers = outcome.output.split(whereSeparator: \.isWhitespace).compactMap {
            Int64($0)
        }
        try #require(numbers.count == 3)
        #expect(numbers[1] - numbers[0] < 8_000, "kB more in three seconds")
        let capture = try Capture(opening: scratch.path("a.syn"))
        #expect(!capture.isFinished)
        #expect(capture.end.nanoseconds > numbers[2] - 1_000_000_000)
    }

    @Test func devicesListsTheDemoDevice() throws {
        let text = try synscope("devices")
        #expect(text.status == 0)
        #expect(text.output.contains("channels D0 D1 D2 D3 D4 D5 D6 D7"))
        let json = try synscope("devices", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let devices = try #require((object as? [String: Any])?["sigrok"] as? [[String: Any]])
        #expect(devices.contains { $0["driver"] as? String == "demo" })
    }
}
#endif
