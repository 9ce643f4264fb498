import CaptureStore
import Foundation
import Signals
import Testing

/// Places for files that are not simply free, and what lies beside them.
@Suite struct OutputPlaceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func writeCapture(_ path: String, replacing: Bool = false) throws {
        try CaptureWriter(creating: path, metadata: CaptureMetadata(), replacing: replacing)
            .finish(at: .zero)
    }

    private func writeDump(_ path: String, replacing: Bool = false) throws {
        try VCDWriter(path: path, replacing: replacing).finish(at: .zero)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try folder.bytes(name), as: UTF8.self)
    }

    private func link(_ name: String, to destination: String) throws -> String {
        try #require(symlink(destination, folder.file(name)) == 0)
        return folder.file(name)
    }

    private func kind(_ name: String) -> mode_t {
        var status = stat()
        return lstat(folder.file(name), &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    // MARK: - Links

    @Test func aLinkKeepsPointingToTheFileThatIsReplaced() throws {
        _ = try folder.write("precious", to: "real")
        let path = try link("link", to: "real")
        #expect(throws: CaptureError.fileExists(path: path)) { try writeCapture(path) }
        #expect(throws: CaptureError.fileExists(path: path)) { try writeDump(path) }
        #expect(try text("real") == "precious")
        try writeDump(path, replacing: true)
        #expect(try text("real").hasPrefix("$date"))
        try writeCapture(path, replacing: true)
        #expect(kind("link") == S_IFLNK)
        #expect(try Capture(opening: folder.file("real")).isFinished)
        #expect(try folder.names == ["link", "real"])
    }

    @Test func aLinkToNothingIsFollowedOnlyOnRequest() throws {
        let path = try link("link", to: "real")
        #expect(throws: CaptureError.fileExists(path: path)) { try writeCapture(path) }
        #expect(throws: CaptureError.fileExists(path: path)) { try writeDump(path) }
        #expect(try folder.names == ["link"])
        try writeDump(path, replacing: true)
        #expect(kind("link") == S_IFLNK)
        #expect(try text("real").hasPrefix("$date"))
    }

    @Test func aLinkToItselfIsAnError() throws {
        let path = try link("link", to: "link")
        #expect(throws: CaptureError.self) { try writeCapture(path, replacing: true) }
        #expect(throws: CaptureError.self) { try writeDump(path, replacing: true) }
        #expect(kind("link") == S_IFLNK)
    }

    // MARK: - Devices and pipes

    @Test(arguments: [false, true])
    func aPipeTakesADumpAndStaysAPipe(replacing: Bool) throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        // Open for both, so that nobody waits for another end.
        let descriptor = open(path, O_RDWR | O_NONBLOCK)
        defer { close(descriptor) }
        try writeDump(path, replacing: replacing)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).hasPrefix("$date"))
        #expect(kind("pipe") == S_IFIFO)
        #expect(try folder.names == ["pipe"])
    }

    @Test(arguments: [false, true])
    func aCaptureCannotGoIntoAPipe(replacing: Bool) throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: CaptureError.self) {
            try writeCapture(path, replacing: replacing)
        }
        #expect(error?.description.contains("\(path) is a device or a pipe") == true)
        #expect(throws: CaptureError.self) {
            try CaptureWriter(
                creating: path, metadata: CaptureMetadata(), mode: .live, replacing: replacing)
        }
        #expect(kind("pipe") == S_IFIFO)
        #expect(try folder.names == ["pipe"])
    }

    /// A node of our own for what `/dev/null` is, which is left alone whatever happens.
    @Test(.enabled(if: geteuid() == 0, "making a device needs the superuser"))
    func aDeviceStaysADevice() throws {
        let path = folder.file("null")
        guard mknod(path, S_IFCHR | 0o600, 0x103) == 0 else {
            try Test.cancel("no device can be made here: \(String(cString: strerror(errno)))")
        }
        guard access(path, W_OK) == 0 else { try Test.cancel("no device can be used here") }
        try writeDump(path, replacing: true)
        #expect(throws: CaptureError.self) { try writeCapture(path, replacing: true) }
        #expect(kind("null") == S_IFCHR)
        #expect(try folder.names == ["null"])
    }

    @Test func aSocketIsRefused() throws {
        let path = folder.file("socket")
        try #require(mknod(path, S_IFSOCK | 0o600, 0) == 0)
        #expect(throws: CaptureError.self) { try writeDump(path, replacing: true) }
        #expect(throws: CaptureError.self) { try writeCapture(path, replacing: true) }
        #expect(kind("socket") == S_IFSOCK)
    }

    // MARK: - Names

    @Test func aNameIsNeededAndACaptureNeedsAFile() throws {
        #expect(throws: CaptureError.self) { try writeDump("") }
        #expect(throws: CaptureError.self) { try writeCapture("") }
        let error = #expect(throws: CaptureError.self) { try writeCapture("-") }
        #expect(error?.description == "a capture cannot go to standard output; name a file")
        #expect(!FileManager.default.fileExists(atPath: "-"))
    }

    @Test func filesOfOthersBesideItAreLeftAlone() throws {
        let process = getpid()
        let others = [
            "a.syn.partial", "a.vcd.partial", ".a.syn.\(process).partial",
            ".a.vcd.\(process).partial",
        ]
        for name in others { _ = try folder.write(name, to: name) }
        try writeCapture(folder.file("a.syn"))
        try writeDump(folder.file("a.vcd"))
        for name in others { #expect(try text(name) == name) }
        #expect(try folder.names == (others + ["a.syn", "a.vcd"]).sorted())
    }

    @Test func theLongestNameWillDo() throws {
        let name = String(repeating: "n", count: 251) + ".syn"
        try writeCapture(folder.file(name))
        #expect(try folder.names == [name])
    }

    // MARK: - Logs

    /// SQLite would take them for a part of the new capture.
    @Test(arguments: ["-wal", "-journal"], [CaptureWriter.Mode.whole, .live])
    func whatALostCaptureLeftIsInTheWay(suffix: String, mode: CaptureWriter.Mode) throws {
        let log = try folder.write("left", to: "a.syn" + suffix)
        #expect(throws: CaptureError.fileExists(path: log)) {
            try CaptureWriter(
                creating: folder.file("a.syn"), metadata: CaptureMetadata(), mode: mode)
        }
        #expect(try folder.names == ["a.syn" + suffix])
    }

    @Test func theLogGoesWithTheCaptureThatIsReplaced() throws {
        let path = folder.file("a.syn")
        let recorder = try CaptureWriter(
            creating: folder.file("b.syn"), metadata: CaptureMetadata(), mode: .live)
        var generator = EdgeGenerator(seed: 1)
        var batch = EdgeBatch()
        batch.edges = generator.link(5000)
        try recorder.append(batch)
        try recorder.flush()
        // What a killed recorder leaves.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.file("b.syn") + suffix, toPath: path + suffix)
        }
        try writeCapture(path, replacing: true)
        let capture = try Capture(opening: path)
        #expect(capture.isFinished)
        #expect(capture.edgeCount == 0)
        #expect(access(path + "-wal", F_OK) != 0)
        try recorder.finish(at: .zero)
    }
}
