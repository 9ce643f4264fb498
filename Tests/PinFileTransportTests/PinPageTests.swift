import Foundation
import Glibc
import Signals
import Testing

@testable import PinFileTransport

/// The file, and what is shared by it.
@Suite struct PinPageTests {
    @Test func aNewFileIsWiresAtRest() throws {
        let bytes = try WireFile().bytes
        var expected = [UInt8](repeating: 0, count: 4096)
        expected[0] = 1
        expected.replaceSubrange(32..<40, with: Array("SYNPINS1".utf8))
        #expect(bytes == expected)
    }

    @Test func theFileIsAsOpenAsTheUmaskAllows() throws {
        let mask = umask(0)
        umask(mask)
        var status = stat()
        let file = try WireFile()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o666 & ~mask)
    }

    @Test func everySignalHasItsByte() throws {
        let file = try WireFile()
        let page = try PinPage(opening: file.path)
        let offsets: [(PinSignal, Int)] = [
            (.reset, 0), (.stx, 1), (.sckout, 2), (.srx, 3), (.sckin, 4), (.wifi, 8),
            (.heartbeat, 9), (.broker, 10), (.lamp, 11),
        ]
        #expect(offsets.map(\.0) == PinSignal.allCases)
        for (signal, offset) in offsets {
            for level in [Level.high, .low] {
                page[signal] = level
                #expect(try file.bytes[offset] == level.rawValue)
                #expect(page[signal] == level)
            }
        }
    }

    @Test func aLookAtAllWiresIsEveryWire() throws {
        let page = try PinPage()
        #expect(page.wires == .rest)
        for bits in UInt32(0)..<32 {
            for wire in Channel.wires {
                page[try #require(PinSignal(wire))] = LevelSet(bits: bits)[wire]
            }
            for lamp in PinSignal.allCases where lamp.channel == nil { page[lamp] = .high }
            #expect(page.wires == LevelSet(bits: bits))
        }
    }

    @Test func twoWhoOpenTheFileShareIt() throws {
        let file = try WireFile()
        let one = try PinPage(opening: file.path)
        let other = try PinPage(opening: file.path, for: .reading)
        one[.sckin] = .high
        #expect(other[.sckin] == .high)
    }

    // MARK: What is refused

    @Test func anExistingFileIsKept() throws {
        let file = try WireFile(content: [1, 2, 3])
        #expect(throws: PinFileError.exists(path: file.path)) { try PinPage.create(file.path) }
        #expect(try file.bytes == [1, 2, 3])
        try PinPage.create(file.path, replacing: true)
        #expect(try file.bytes.count == 4096)
    }

    @Test func aReplacedFileStaysWithWhomeverHasIt() throws {
        let file = try WireFile()
        let page = try PinPage(opening: file.path)
        page[.stx] = .high
        try PinPage.create(file.path, replacing: true)
        #expect(page[.stx] == .high)
        #expect(try PinPage(opening: file.path)[.stx] == .low)
    }

    @Test func aFileInUseIsNotReplaced() throws {
        let file = try WireFile()
        let page = try PinPage(opening: file.path)
        try page.claim(.bridge)
        let holder = try #require(try otherHolder(of: .bridge, file))
        let inUse = PinFileError.inUse(path: file.path, .bridge, by: holder)
        #expect(throws: inUse) { try PinPage.create(file.path, replacing: true) }
        page.release(.bridge)
        try PinPage.create(file.path, replacing: true)
    }

    private func otherHolder(of role: PinRole, _ file: WireFile) throws -> PinHolder? {
        try PinPage(opening: file.path, for: .reading).holder(of: role)
    }

    @Test func whatIsNoWiresIsToldApart() throws {
        let short = try WireFile(content: [UInt8](repeating: 0, count: 4095))
        #expect(throws: PinFileError.tooShort(path: short.path, bytes: 4095)) {
            try PinPage(opening: short.path)
        }
        let other = try WireFile(content: [UInt8](repeating: 0, count: 4096))
        #expect(throws: PinFileError.notWires(path: other.path)) {
            try PinPage(opening: other.path)
        }
        #expect(throws: PinFileError.noSuchFile(path: "/nowhere/wires")) {
            try PinPage(opening: "/nowhere/wires")
        }
        #expect(throws: PinFileError.notAFile(path: "/dev/null")) {
            try PinPage(opening: "/dev/null")
        }
        #expect(throws: PinFileError.notAFile(path: "/tmp")) { try PinPage(opening: "/tmp") }
        #expect(throws: PinFileError.notAFile(path: "/tmp")) {
            try PinPage(opening: "/tmp", for: .reading)
        }
    }

    @Test func aFolderThatIsMissingIsNoFileThatIs() throws {
        #expect(
            throws: PinFileError.system(
                path: "/nowhere/wires", doing: "creating the wires", errno: ENOENT)
        ) { try PinPage.create("/nowhere/wires") }
    }

    // MARK: Parts

    @Test func aPartIsPlayedOnce() throws {
        let file = try WireFile()
        let one = try PinPage(opening: file.path)
        let other = try PinPage(opening: file.path)
        let own = PinHolder(process: getpid())
        for role in PinRole.allCases {
            try one.claim(role)
            // The kernel says who it is, and that is this process.
            let holder = try #require(other.holder(of: role))
            #expect(holder.process == getpid() && "\(holder)" == "this process")
            #expect(throws: PinFileError.taken(role, path: file.path, by: holder)) {
                try other.claim(role)
            }
            #expect(throws: PinFileError.taken(role, path: file.path, by: own)) {
                try one.claim(role)
            }
        }
        one.release(.host)
        #expect(other.holder(of: .host) == nil)
        try other.claim(.host)
        #expect(one.holder(of: .bridge) == nil, "it plays that itself")
    }

    @Test func aPartIsFreeWhenItsPageIsGone() throws {
        let file = try WireFile()
        do {
            let page = try PinPage(opening: file.path)
            try page.claim(.host)
        }
        try PinPage(opening: file.path).claim(.host)
    }
}
