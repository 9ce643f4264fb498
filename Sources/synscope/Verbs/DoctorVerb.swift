import ArgumentParser
import CaptureStore
import Decoding
import Reporting
import Signals

/// `synscope doctor`: is a capture sound, and what can be saved of it.
struct DoctorVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Verify a capture completely, and rescue what is whole in a damaged one.",
        discussion: """
            Checks the structure of the file, every checksum, every edge, how the chunks follow \
            each other, and the rules of the link. With -o, every chunk of edges that is whole is \
            written to a new capture, which is verified in turn; what is missing between them \
            becomes a gap. The damaged file is never changed.

              synscope doctor trace.syn
              synscope doctor trace.syn -o rescued.syn

            Exit status: 0 the capture is sound, 1 it is damaged, 2 it is no capture, nothing \
            whole is in it, or the rescue failed.
            """)

    @Argument(help: "The capture (.syn).")
    var capture: String

    @Option(name: .shortAndLong, help: "The new capture with what is whole.")
    var output: String?

    @Flag(name: .shortAndLong, help: "Replace the output file if it exists.")
    var force = false

    @Flag(help: "Write one JSON object.")
    var json = false

    @OptionGroup var link: LinkOptions

    func run() throws {
        if let output { try OutputGuard.check(output, isNone: [capture]) }
        var verification = try CaptureVerification(
            of: capture, threads: 2, isEndRequested: { Interrupt.isRequested })
        try leaveIfInterrupted()
        var rules: Rules?
        do {
            if verification.isSound { rules = try rulesOfTheLink() }
        } catch let error as CaptureError {
            verification.add(error)
        } catch let failure as Failure where failure.status == .failed {
            // How to read the strings is no matter of the file's soundness.
            Console.note(
                "warning: the rules of the link were not checked: \(failure.message ?? "")")
        }
        if !json { for line in lines(verification, rules) { try Console.print(line) } }
        let rescue = try verification.isSound && output == nil ? nil : rescue()
        if json {
            try TextOutput.write(
                object(verification, rules, rescue).text, to: nil, replacing: false)
        } else if let rescue {
            for line in lines(of: rescue) { try Console.print(line) }
        }
        if !verification.isSound { throw Failure(.differs) }
    }

    private func leaveIfInterrupted() throws {
        if Interrupt.isRequested { throw Failure(.interrupted, "interrupted; nothing was written") }
    }

    // MARK: The rules of the link

    private struct Rules {
        var gapCount = 0
        var firstGap: Timestamp?
    }

    /// What the wires themselves say: a sound file can hold a capture that lost edges.
    private func rulesOfTheLink() throws -> Rules {
        let capture = try Capture(opening: self.capture)
        let link = try link.resolved(for: capture)
        var rules = Rules()
        try CapturePass(capture: capture, title: "checking the wires of")
            .decode(link.decoderConfiguration) { event in
                guard case .gap(let gap, _) = event else { return }
                rules.gapCount += 1
                rules.firstGap = rules.firstGap ?? gap.start
            }
        return rules
    }

    // MARK: The rescue

    private func rescue() throws -> CaptureRescue.Summary {
        var progress = Progress("searching \(capture)", total: 1)
        var rescue = try CaptureRescue(of: capture) { share in
            progress.update(share)
            try leaveIfInterrupted()
        }
        progress.end()
        guard let output else { return rescue.summary }
        guard rescue.summary.chunkCount > 0 else {
            throw Failure(
                .failed,
                "\(capture): nothing whole is in it, so \(output) was not written; "
                    + "if there is a copy or the dump it came from, use that")
        }
        let isComplete = try rescue.write(
            to: output, replacing: force, toolVersion: "synscope \(Synscope.version)",
            isEndRequested: { Interrupt.isRequested })
        guard isComplete else { throw Failure(.interrupted, "interrupted; nothing was written") }
        let copy = try CaptureVerification(of: output)
        guard copy.isSound else {
            let finding = copy.findings.first.map { ": \($0)" } ?? ""
            throw Failure(.failed, "\(output) was written and is not sound\(finding)")
        }
        return rescue.summary
    }

    // MARK: What was found

    private func lines(_ verification: CaptureVerification, _ rules: Rules?) -> [String] {
        var lines: [String] = []
        func row(_ name: String, _ value: String) {
            lines.append(name + String(repeating: " ", count: 14 - name.count) + value)
        }
        row("verdict", verification.isSound ? "sound" : "DAMAGED")
        if verification.isSound, !verification.isFinished {
            row("state", "still being recorded, or cut short; whole as far as it goes")
        }
        if verification.chunkCount > 0 || verification.isSound {
            row(
                "whole",
                "\(CountText.grouped(verification.wholeChunkCount)) of "
                    + "\(CountText.counted(verification.chunkCount, "chunk")), "
                    + "\(CountText.counted(verification.edgeCount, "edge"))")
        }
        if let rules { row("wires", text(of: rules)) }
        for finding in verification.findings { row("damage", finding.description) }
        let untold = verification.findingCount - verification.findings.count
        if untold > 0 { row("", "and \(CountText.grouped(Int64(untold))) more") }
        return lines
    }

    private func text(of rules: Rules) -> String {
        guard let first = rules.firstGap else { return "every rule of the link holds" }
        return
            "edges are missing in \(CountText.counted(Int64(rules.gapCount), "place")), the first at "
            + "\(TimeText.seconds(first.nanoseconds)) s; see `synscope decode`"
    }

    private func lines(of rescue: CaptureRescue.Summary) -> [String] {
        let found =
            "\(CountText.counted(rescue.chunkCount, "chunk")) with "
            + "\(CountText.counted(rescue.edgeCount, "edge"))"
        guard let output else {
            return [
                rescue.chunkCount > 0
                    ? "can be saved  \(found): `synscope doctor \(capture) -o RESCUED.syn`"
                    : "can be saved  nothing"
            ]
        }
        var lines = ["rescued       \(found) to \(output), which is sound"]
        if !rescue.endIsKnown {
            lines.append(
                "end           not known: its recorder was stopped, or more is missing there")
        }
        if rescue.lostEdgeCount > 0 {
            lines.append("lost          \(CountText.counted(rescue.lostEdgeCount, "edge"))")
        }
        for gap in rescue.gaps {
            lines.append(
                "gap           \(TimeText.seconds(gap.start.nanoseconds)) s to "
                    + "\(TimeText.seconds(gap.end.nanoseconds)) s")
        }
        return lines
    }

    private func object(
        _ verification: CaptureVerification, _ rules: Rules?, _ rescue: CaptureRescue.Summary?
    ) -> JSONValue {
        [
            "capture": .string(capture),
            "sound": .boolean(verification.isSound),
            "finished": .boolean(verification.isFinished),
            "chunks": .integer(verification.chunkCount),
            "wholeChunks": .integer(verification.wholeChunkCount),
            "edges": .integer(verification.edgeCount),
            "gapsByTheRules": rules.map { .integer(Int64($0.gapCount)) } ?? .null,
            "damage": .array(verification.findings.map { .string($0.description) }),
            "damageCount": .integer(Int64(verification.findingCount)),
            "rescue": rescue.map { rescue in
                [
                    "output": output.map { .string($0) } ?? .null,
                    "chunks": .integer(rescue.chunkCount),
                    "edges": .integer(rescue.edgeCount),
                    "lostEdges": .integer(rescue.lostEdgeCount),
                    "damagedChunks": .array(rescue.damagedChunks.map { .integer($0) }),
                    "gaps": .array(
                        rescue.gaps.map { gap in
                            [
                                "start": .integer(gap.start.nanoseconds),
                                "end": .integer(gap.end.nanoseconds),
                            ]
                        }),
                ]
            } ?? .null,
        ]
    }
}
