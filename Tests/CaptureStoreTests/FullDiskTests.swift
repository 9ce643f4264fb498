import CaptureStore
import Foundation
import Signals
import Testing

/// Needs a small file system of its own, which only the superuser can mount.
@Suite(.serialized, .enabled(if: geteuid() == 0, "mounting a small disk needs the superuser"))
struct FullDiskTests {
    /// Runs `body` on a disk of one megabyte.
    private func onSmallDisk(_ body: (TemporaryFolder) throws -> Void) throws {
        let folder = try TemporaryFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else {
            try Test.cancel(
                "no small disk can be mounted here: \(String(cString: strerror(errno)))")
        }
        defer { umount(folder.path) }
        try body(folder)
    }

    private func fill(_ append: (EdgeBatch) throws -> Void) throws {
        var generator = EdgeGenerator(seed: 1)
        for _ in 0..<200 {
            var batch = EdgeBatch(levels: generator.levels)
            batch.edges = generator.link(10_000)
            try append(batch)
        }
    }

    @Test func aFullDiskIsCalledFullAndNothingIsLeft() throws {
        try onSmallDisk { (folder: TemporaryFolder) throws in
            let path = folder.file("a.syn")
            let error = #expect(throws: CaptureError.self) {
                let writer = try CaptureWriter(creating: path, metadata: CaptureMetadata())
                try fill { try writer.append($0) }
                try writer.finish(at: .zero)
            }
            guard case .diskFull(path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try folder.names == [])
        }
    }

    @Test func aFullDiskLeavesALiveCaptureReadable() throws {
        try onSmallDisk { (folder: TemporaryFolder) throws in
            let path = folder.file("a.syn")
            let error = #expect(throws: CaptureError.self) {
                let writer = try CaptureWriter(
                    creating: path, metadata: CaptureMetadata(), mode: .live)
                try fill {
                    try writer.append($0)
                    try writer.flush()
                }
            }
            guard case .diskFull(path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let capture = try Capture(opening: path)
            #expect(capture.edgeCount > 0)
            var source = try capture.edges()
            #expect(try Content(of: &source).edges.count == capture.edgeCount)
        }
    }

    @Test func aFullDiskLeavesNoDump() throws {
        try onSmallDisk { (folder: TemporaryFolder) throws in
            let path = folder.file("a.vcd")
            let error = #expect(throws: CaptureError.self) {
                let writer = try VCDWriter(path: path)
                try fill { try writer.append($0) }
                try writer.finish(at: .zero)
            }
            guard case .diskFull(path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try folder.names == [])
        }
    }

    @Test func aFullDiskEndsARecordingAndSaysWhatIsSaved() throws {
        try onSmallDisk { (folder: TemporaryFolder) throws in
            let path = folder.file("a.syn")
            let recorder = try Recorder(
                RecordingPlan(
                    path: path, metadata: CaptureMetadata(), channels: CaptureChannel.wires()))
            var failure: RecordingError?
            var generator = EdgeGenerator(seed: 1)
            for _ in 0..<2000 where failure == nil {
                var batch = EdgeBatch(levels: generator.levels)
                batch.edges = generator.link(1000)
                do throws(RecordingError) {
                    try recorder.append(&batch)
                } catch {
                    failure = error
                }
                usleep(1000)
            }
            let error = try #require(failure)
            guard case .diskFull(path, _) = error.cause else {
                Issue.record("\(error)")
                return
            }
            #expect(error.saved.edgeCount > 0)
            #expect(error.saved.path == path)
            let capture = try Capture(opening: path)
            #expect(capture.edgeCount == error.saved.edgeCount)
            var source = try capture.edges()
            let edges = try Content(of: &source).edges
            var same = EdgeGenerator(seed: 1)
            #expect(edges == Array((0..<2000).flatMap { _ in same.link(1000) }[..<edges.count]))
            #expect(edges.last?.time == error.saved.end)
        }
    }
}
