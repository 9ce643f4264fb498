internal import CPinFile
internal import Glibc
public import Signals
internal import Synchronization

/// Wires in memory that several processes, or two ends in one process, share.
///
/// Each signal is a byte. A store is visible to the others no later than any store behind it, so that
/// data that is stored before its clock is there when the clock is seen.
///
/// The file is checked when it is opened. Whoever makes it shorter afterwards takes the memory away
/// from under all that use it: the kernel ends them with SIGBUS at their next look, as it would for
/// any file that is mapped. Nothing here does that: a file is replaced by another one, never emptied.
///
/// Ref: Documentation/Protocol.md, Wire file.
public final class PinPage: @unchecked Sendable {
    /// What one wants of the wires.
    public enum Access: Hashable, Sendable {
        /// To look at them.
        case reading
        /// To drive some of them.
        case driving
    }

    /// The file; nil for memory of this process only.
    public let path: String?
    /// The signals, by their offsets. They are atomic, so any thread may use them.
    let signals: UnsafeMutablePointer<Atomic<UInt8>>
    private let file: Int32
    /// The parts played by this very object, as bits: the kernel tells open files apart, not users.
    private let claimed = Atomic<UInt8>(0)

    /// The length of the file.
    public static let bytes = 4096
    static let magic = Array("SYNPINS1".utf8)
    static let magicOffset = 32
    /// Where the ends count the toggles of their clocks. All that a watcher reads is in one line of
    /// the processor's cache.
    private static let togglesOffset = 40
    /// An end counts once in some 100 ns, and a second reading is behind the first by less.
    private static let readsMax = 16

    /// Opens the wires of a file.
    public init(opening path: String, for access: Access = .driving) throws(PinFileError) {
        let mode = access == .driving ? O_RDWR : O_RDONLY
        // Not to wait for the other end of what is a pipe.
        let file = open(path, mode | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .system(path, doing: "opening the wires", reason: errno) }
        self.file = file
        self.path = path
        do throws(PinFileError) {
            try Self.check(file, path: path)
            signals = try Self.map(file, path: path, access: access)
        } catch {
            close(file)
            throw error
        }
    }

    /// Wires at rest, for two ends in this process.
    public init() throws(PinFileError) {
        path = nil
        file = -1
        signals = try Self.map(-1, path: nil, access: .driving)
        self[.reset] = .high
    }

    deinit {
        munmap(UnsafeMutableRawPointer(signals), Self.bytes)
        if file >= 0 { close(file) }
    }

    private static func check(_ file: Int32, path: String) throws(PinFileError) {
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw .system(path, doing: "looking at the file", reason: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        guard status.st_size >= bytes else {
            throw .tooShort(path: path, bytes: Int(status.st_size))
        }
        var found = [UInt8](repeating: 0, count: magic.count)
        let count = found.withUnsafeMutableBytes {
            pread(file, $0.baseAddress, $0.count, magicOffset)
        }
        guard count >= 0 else { throw .system(path, doing: "reading the file", reason: errno) }
        guard found == magic else { throw .notWires(path: path) }
    }

    private static func map(
        _ file: Int32, path: String?, access: Access
    ) throws(PinFileError) -> UnsafeMutablePointer<Atomic<UInt8>> {
        let protection = access == .driving ? PROT_READ | PROT_WRITE : PROT_READ
        let flags = file < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED
        let memory = mmap(nil, bytes, protection, flags, file, 0)
        guard let memory, memory != MAP_FAILED else {
            throw .system(path: path, doing: "sharing the memory", errno: errno)
        }
        return memory.bindMemory(to: Atomic<UInt8>.self, capacity: bytes)
    }

    /// A signal's level. To store one, the wires must be open for driving.
    public subscript(signal: PinSignal) -> Level {
        get { Level(bit: signals[signal.rawValue].load(ordering: .acquiring)) }
        set { signals[signal.rawValue].store(newValue.rawValue, ordering: .releasing) }
    }

    /// The levels of the five wires at one moment.
    @inline(__always) var wires: LevelSet {
        // One load for all of them. A processor that has stored none of these bytes lately, such as
        // that of somebody who only watches, does not wait for it.
        let bytes =
            UnsafeMutableRawPointer(signals).assumingMemoryBound(to: Atomic<UInt64>.self)[0]
            .load(ordering: .acquiring).littleEndian & 0x01_0101_0101
        // Bit 0 of byte n becomes bit n: a product is a sum of shifted copies, which do not meet here.
        let gathered = (bytes &* 0x1020_4081) &>> 28
        return LevelSet(bits: UInt32(truncatingIfNeeded: gathered) & 0x1f)
    }

    private var toggleCounts: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(signals) + Self.togglesOffset
    }

    /// An end's count of the toggles of its clock.
    func toggleCount(of end: LinkEnd) -> UnsafeMutablePointer<Atomic<UInt32>> {
        toggleCounts.assumingMemoryBound(to: Atomic<UInt32>.self) + Int(end.rawValue)
    }

    /// The counts of both ends at one moment.
    @inline(__always) private var toggles: ToggleCounts {
        let counts = toggleCounts.assumingMemoryBound(to: Atomic<UInt64>.self)
        return ToggleCounts(bits: counts[0].load(ordering: .acquiring).littleEndian)
    }

    /// The levels of the five wires, and the counts that belong to them.
    @inline(__always) var wiresAndToggles: (levels: LevelSet, toggles: ToggleCounts) {
        var counts = toggles
        for _ in 0..<Self.readsMax {
            let levels = wires
            let again = toggles
            // An end that has counted in between may have toggled or not.
            if again == counts { return (levels, again) }
            counts = again
        }
        // Somebody who is no end counts and counts. Whoever watches will find that toggles are missing.
        return (wires, counts)
    }

    // MARK: Parts

    /// Plays a part from now on, until it is given back or the process ends.
    ///
    /// Throws ``PinFileError/taken(_:path:by:)`` if somebody else does.
    public func claim(_ role: PinRole) throws(PinFileError) {
        let bit = Self.bit(of: role)
        guard claimed.bitwiseOr(bit, ordering: .relaxed).oldValue & bit == 0 else {
            throw .taken(role, path: path, by: PinHolder(process: getpid()))
        }
        guard file >= 0, cpinfile_claim(file, role.rawValue) != 0 else { return }
        let reason = errno
        claimed.bitwiseAnd(~bit, ordering: .relaxed)
        guard reason == EAGAIN || reason == EACCES else {
            throw .system(path: path, doing: "locking the wires", errno: reason)
        }
        throw .taken(role, path: path, by: holder(of: role) ?? PinHolder())
    }

    /// Gives a part back.
    public func release(_ role: PinRole) {
        let bit = Self.bit(of: role)
        guard claimed.bitwiseAnd(~bit, ordering: .relaxed).oldValue & bit != 0 else { return }
        if file >= 0 { cpinfile_release(file, role.rawValue) }
    }

    /// Who plays a part, other than by this object; nil if nobody does.
    public func holder(of role: PinRole) -> PinHolder? {
        guard file >= 0, cpinfile_is_claimed(file, role.rawValue) > 0 else { return nil }
        var status = stat()
        guard fstat(file, &status) == 0 else { return PinHolder() }
        return PinHolder.holding(byte: role.rawValue, ofFileNumber: UInt64(status.st_ino))
    }

    private static func bit(of role: PinRole) -> UInt8 {
        1 << UInt8(role.rawValue - PinRole.host.rawValue)
    }
}
