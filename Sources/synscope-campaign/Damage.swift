import ArgumentParser
import CaptureStore
import Foundation
import Signals

/// Damages capture files at random: nothing wrong may be taken for good, and nothing good be lost.
struct Damage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Flip bits, truncate, swap and repeat pages; no wrong edge may be accepted.",
        discussion: """
            Every damaged copy is verified, read, rescued, and the rescued capture is verified. \
            What is read or rescued must be edges of the original, and every chunk none of whose \
            pages was touched must be rescued. `sqlite3` says which pages those are.
            """)

    @Argument(help: "The captures (.syn).")
    var captures: [String]

    @Option(help: "Damaged copies per capture.")
    var count = 100

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    @Option(help: "Only the copy of this number.")
    var only: Int?

    @Option(help: "Edges per chunk, so that a small file has many.")
    var chunkEdges = 2_000

    func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("synscope-damage-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var failures = 0
        for path in captures {
            let original = try ChunkedCapture(
                of: path, chunkEdges: chunkEdges, path: folder.appendingPathComponent("a.syn").path)
            var tally = Tally()
            for number in only.map({ $0..<$0 + 1 }) ?? 0..<count {
                var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15)
                let (kind, bytes) = original.damaged(&random)
                let copy = DamagedCopy(
                    original: original, bytes: bytes,
                    path: folder.appendingPathComponent("b.syn").path,
                    rescuedPath: folder.appendingPathComponent("c.syn").path)
                if let problem = try copy.problem(&tally) {
                    failures += 1
                    print("\(path): --seed \(seed) --only \(number) (\(kind)): \(problem)")
                }
            }
            print("\(path): \(tally.description)")
        }
        if failures > 0 { throw ExitCode(1) }
    }
}

/// What became of the damaged copies.
struct Tally: CustomStringConvertible {
    var copies = 0
    var sound = 0
    var rescued = 0
    var untouchedChunks = 0
    var rescuedChunks: Int64 = 0

    var description: String {
        "\(copies) damaged copies, \(sound) not noticeably, \(rescued) rescued; "
            + "\(untouchedChunks) untouched chunks, \(rescuedChunks) rescued"
    }
}

/// A capture written anew in small chunks, and the pages that each of them needs.
struct ChunkedCapture {
    let bytes: [UInt8]
    let edges: [Edge]
    /// For each chunk its edges and its pages, from 0.
    let chunks: [(edges: Range<Int>, pages: Set<Int>)]
    static let pageSize = 4096

    init(of source: String, chunkEdges: Int, path: String) throws {
        let whole = try WholeCapture(path: source)
        edges = whole.edges
        let capture = try Capture(opening: source)
        let writer = try CaptureWriter(
            creating: path, metadata: capture.metadata, channels: capture.channels,
            limits: ChunkLimits(edgesMax: chunkEdges), replacing: true)
        var batch = EdgeBatch(levels: whole.initialLevels)
        batch.edges = edges
        try writer.append(batch)
        try writer.append(
            record: JournalRecord(
                time: whole.end, edgesBefore: Int64(edges.count), kind: .note,
                payload: Array("a note".utf8)))
        try writer.finish(at: whole.end)
        bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        let pages = try Self.pages(of: path)
        chunks = pages.enumerated().map { index, pages in
            let first = index * chunkEdges
            return (first..<min(first + chunkEdges, whole.edges.count), pages)
        }
    }

    /// The pages of each chunk, as SQLite's own statistics name them.
    private static func pages(of path: String) throws -> [Set<Int>] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", path,
            "SELECT path, pageno, pagetype, ncell FROM dbstat WHERE name = 'edge_chunk' "
                + "ORDER BY path",
        ]
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var leaves: [(path: String, page: Int, cells: Int)] = []
        var overflow: [String: Set<Int>] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "|").map(String.init)
            guard fields.count == 4, let page = Int(fields[1]), let cells = Int(fields[3]) else {
                continue
            }
            if fields[2] == "leaf" { leaves.append((fields[0], page - 1, cells)) }
            if fields[2] == "overflow", let cell = fields[0].split(separator: "+").first {
                overflow[String(cell), default: []].insert(page - 1)
            }
        }
        return leaves.flatMap { leaf in
            (0..<leaf.cells).map { cell in
                let name = String(cell, radix: 16)
                let key = leaf.path + String(repeating: "0", count: 3 - name.count) + name
                return (overflow[key] ?? []).union([leaf.page])
            }
        }
    }

    /// The file with one kind of damage.
    func damaged(_ random: inout SplitMix64) -> (kind: String, bytes: [UInt8]) {
        var bytes = bytes
        let pageCount = bytes.count / Self.pageSize
        func page(_ number: Int) -> Range<Int> {
            number * Self.pageSize..<(number + 1) * Self.pageSize
        }
        let first = Int.random(in: 0..<pageCount, using: &random)
        let second = Int.random(in: 0..<pageCount, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2:
            let flips = Int.random(in: 1...16, using: &random)
            for _ in 0..<flips {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            return ("\(flips) bits flipped", bytes)
        case 3:
            bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            return ("truncated", bytes)
        case 4:
            let kept = Array(bytes[page(first)])
            bytes.replaceSubrange(page(first), with: bytes[page(second)])
            bytes.replaceSubrange(page(second), with: kept)
            return ("pages \(first) and \(second) swapped", bytes)
        case 5:
            bytes.replaceSubrange(page(first), with: Array(bytes[page(second)]))
            return ("page \(second) repeated over \(first)", bytes)
        case 6:
            // The front of a file holds what leads to all the rest.
            for _ in 0..<8 {
                let place = Int.random(in: 0..<2 * Self.pageSize, using: &random)
                bytes[place] = UInt8.random(in: 0 ... .max, using: &random)
            }
            return ("bytes of the first pages overwritten", bytes)
        default:
            for place in page(first) { bytes[place] = UInt8.random(in: 0 ... .max, using: &random) }
            return ("page \(first) overwritten", bytes)
        }
    }
}

/// A damaged copy, and what becomes of it.
struct DamagedCopy {
    let original: ChunkedCapture
    let bytes: [UInt8]
    let path: String
    let rescuedPath: String

    /// What must not be; nil when all is well.
    func problem(_ tally: inout Tally) throws -> String? {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        tally.copies += 1
        if let problem = problemWhenRead() { return problem }
        let verification = try? CaptureVerification(of: path)
        if verification?.isSound == true { tally.sound += 1 }
        let untouched = untouchedChunks
        tally.untouchedChunks += untouched.count
        guard var rescue = try? CaptureRescue(of: path), rescue.summary.chunkCount > 0 else {
            return untouched.isEmpty ? nil : "\(untouched.count) whole chunks were not found"
        }
        tally.rescuedChunks += rescue.summary.chunkCount
        do {
            guard try rescue.write(to: rescuedPath, replacing: true, toolVersion: "campaign") else {
                return "the rescue gave up"
            }
            tally.rescued += 1
            let copy = try CaptureVerification(of: rescuedPath)
            if !copy.isSound { return "the rescued capture is not sound: \(copy.findings)" }
            return try problem(withRescued: Capture(opening: rescuedPath), untouched: untouched)
        } catch {
            return "the rescue failed: \(error)"
        }
    }

    /// Chunks of whose pages every byte is as it was.
    private var untouchedChunks: [Range<Int>] {
        let size = ChunkedCapture.pageSize
        func isTouched(_ page: Int) -> Bool {
            let range = page * size..<(page + 1) * size
            return bytes.count < range.upperBound || bytes[range] != original.bytes[range]
        }
        return original.chunks.filter { !$0.pages.contains(where: isTouched) }.map(\.edges)
    }

    /// Reading may fail at any place, and what it gives before that must be right.
    private func problemWhenRead() -> String? {
        guard let capture = try? Capture(opening: path), var source = try? capture.edges() else {
            return nil
        }
        var batch = EdgeBatch(levels: capture.initialLevels)
        var position = 0
        while (try? source.read(into: &batch)) == true {
            guard position + batch.edges.count <= original.edges.count,
                original.edges[position..<position + batch.edges.count] == batch.edges[...]
            else {
                return "edges were read that are not those of the original, from \(position) on"
            }
            position += batch.edges.count
        }
        return nil
    }

    private func problem(withRescued capture: Capture, untouched: [Range<Int>]) throws -> String? {
        var source = try capture.edges()
        var batch = EdgeBatch(levels: capture.initialLevels)
        var isRescued = [Bool](repeating: false, count: original.edges.count)
        var place = 0
        while try source.read(into: &batch) {
            for edge in batch.edges {
                while place < original.edges.count, original.edges[place] != edge { place += 1 }
                guard place < original.edges.count else { return "\(edge) was never recorded" }
                isRescued[place] = true
                place += 1
            }
        }
        let lost = untouched.filter { !isRescued[$0].allSatisfy { $0 } }
        return lost.isEmpty
            ? nil : "\(lost.count) whole chunks were not rescued, such as \(lost[0])"
    }
}
