// A database file as pages, read past SQLite: what SQLite refuses to look at can still hold whole
// chunks. Ref: https://www.sqlite.org/fileformat2.html

internal import Glibc

/// The pages of a database file, whatever state it is in.
final class DatabasePages {
    /// Where a page is read from: the file, or the newest state that its write-ahead log gives it.
    enum View: CaseIterable {
        case logged
        case file
    }

    let path: String
    /// The size of a page, in bytes: 512 ... 65,536, a power of two.
    let pageSize: Int
    /// The part of a page that is used; the rest is reserved for extensions of SQLite.
    let usableSize: Int
    /// The number of pages, a partial last one included.
    let pageCount: Int
    /// The states of pages in the write-ahead log; empty without one.
    private let log: WriteAheadLog?
    private let descriptor: Int32

    /// How the pages of a file are laid out.
    struct Layout: Hashable {
        var pageSize = CaptureSchema.pageSize
        var reservedSize = 0
    }

    /// Opens a file whose pages have a certain layout.
    init(path: String, layout: Layout) throws(CaptureError) {
        self.path = path
        let pageSize = layout.pageSize
        self.pageSize = pageSize
        usableSize = pageSize - layout.reservedSize
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.descriptor = descriptor
        guard descriptor >= 0 else { throw .reading(path, doing: "opening", errno: errno) }
        var status = stat()
        let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        log = WriteAheadLog(path: path + "-wal", pageSize: pageSize)
        pageCount = max((size + pageSize - 1) / pageSize, log?.pageCountMax ?? 0)
    }

    deinit { close(descriptor) }

    /// The views in which the file has something to show.
    var views: [View] { log == nil ? [.file] : View.allCases }

    /// Replaces the content of `bytes` by a page, from 1; what the file lacks is 0.
    func read(_ page: Int, in view: View, into bytes: inout [UInt8]) {
        if bytes.count != pageSize { bytes = [UInt8](repeating: 0, count: pageSize) }
        if view == .logged, let log, log.read(page, into: &bytes) { return }
        var filled = 0
        bytes.withUnsafeMutableBytes { bytes in
            while filled < pageSize {
                let count = pread(
                    descriptor, bytes.baseAddress.map { $0 + filled }, pageSize - filled,
                    (page - 1) * pageSize + filled)
                if count < 0, errno == EINTR { continue }
                // A sector that cannot be read is damage like any other.
                if count <= 0 { break }
                filled += count
            }
            bytes[filled...].initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// The layouts that a file can have: that of all captures as they are written, and before it
    /// what the file's header says, if that makes sense.
    static func possibleLayouts(path: String) throws(CaptureError) -> [Layout] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .reading(path, doing: "opening", errno: errno) }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 21)
        _ = header.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let number = Int(header[16]) << 8 | Int(header[17])
        let size = number == 1 ? 65_536 : number
        let stated = Layout(pageSize: size, reservedSize: Int(header[20]))
        guard stated != Layout(), size >= 512, size & (size - 1) == 0,
            size - stated.reservedSize >= 480
        else { return [Layout()] }
        return [stated, Layout()]
    }
}
