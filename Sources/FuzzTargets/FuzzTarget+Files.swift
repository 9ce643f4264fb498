import CaptureStore
import Glibc
import Signals

extension FuzzTarget {
    /// A value change dump: what is read toggles, or a gap says why not.
    func runDump(_ bytes: [UInt8]) {
        // The length decides, so that real dumps can be seeds as they are.
        let options = bytes.count
        guard let file = MemoryFile(bytes) else { return }
        guard
            var reader = try? VCDReader(
                path: file.path, restated: options & 1 == 0 ? .gap : .ignore,
                unknown: options & 2 == 0 ? .error : .gap)
        else { return }
        var batch = EdgeBatch(levels: reader.initialLevels)
        var levels = reader.initialLevels
        var time = Timestamp.earliest
        while (try? reader.read(into: &batch)) == true {
            if batch.gap == nil { precondition(batch.levels == levels, "levels change unseen") }
            check(batch.edges, from: batch.levels)
            levels = batch.levels
            for edge in batch.edges { levels[edge.channel] = edge.level }
            if let first = batch.edges.first { precondition(first.time >= time, "time runs back") }
            time = batch.edges.last?.time ?? time
        }
    }

    /// A capture file: read, verified, rescued, and the rescued one is sound.
    func runCapture(_ bytes: [UInt8]) {
        guard let file = MemoryFile(bytes) else { return }
        if let capture = try? Capture(opening: file.path), var source = try? capture.edges() {
            var batch = EdgeBatch(levels: capture.initialLevels)
            while (try? source.read(into: &batch)) == true {
                check(batch.edges, from: batch.levels)
            }
            _ = try? capture.records()
        }
        _ = try? CaptureVerification(of: file.path, threads: 1)
        guard var rescue = try? CaptureRescue(of: file.path), rescue.summary.chunkCount > 0 else {
            return
        }
        let target = "/dev/shm/synscope-fuzz-\(getpid()).syn"
        defer { unlink(target) }
        do {
            _ = try rescue.write(to: target, replacing: true, toolVersion: "fuzz")
            let findings = try CaptureVerification(of: target, threads: 1).findings
            precondition(findings.isEmpty, "the rescued capture is not sound: \(findings)")
        } catch {
            preconditionFailure("the rescue failed: \(error)")
        }
    }
}

/// A file in memory, gone when it is let go.
private final class MemoryFile {
    let path = "/dev/shm/synscope-fuzz-\(getpid())"

    init?(_ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count
        else { return nil }
    }

    deinit { unlink(path) }
}
