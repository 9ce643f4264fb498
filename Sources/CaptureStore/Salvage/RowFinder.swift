// Rows by their shape, wherever in a page they stand: the pages' own lists of their rows are not
// needed, so damage to them costs nothing.

/// Finds the rows of a capture's tables in the pages of a damaged file.
struct RowFinder {
    /// A value of a row.
    enum Value: Hashable {
        case null
        case integer(Int64)
        /// Text or a blob: its place in the row's bytes.
        case bytes(Range<Int>, isText: Bool)
    }

    /// A row as it was found.
    struct Row {
        /// The primary key of tables that have an integer for it.
        var id: Int64
        var values: [Value]
        /// The row's first bytes: all but what went to further pages.
        var head: [UInt8]
        /// The length of the whole row, in bytes.
        var length: Int
        /// The page with the rest of the row; 0 when there is none.
        var nextPage: Int
        var view: DatabasePages.View

        /// A column as an integer; the integer key of the table stands outside of the columns.
        func integer(_ column: Int) -> Int64? {
            guard column < values.count else { return nil }
            if case .integer(let value) = values[column] { return value }
            return nil
        }

        /// A column as text, if it is whole in the row's first page.
        func text(_ column: Int) -> String? {
            guard column < values.count, case .bytes(let range, isText: true) = values[column],
                range.upperBound <= head.count
            else { return nil }
            return String(validating: head[range], as: UTF8.self)
        }
    }

    let pages: DatabasePages

    /// The most columns of a row that is looked for.
    private static let columnsMax = 9
    /// The lengths that the header of such a row can have.
    private static let headerLengths = 3...13

    /// Gives every row of a view whose shape fits to `body`, in the order of the file.
    ///
    /// - Parameter progress: called with the number of each page before it is searched.
    func forEachRow(
        in view: DatabasePages.View, progress: (Int) throws -> Void, _ body: (Row) throws -> Void
    ) rethrows {
        var bytes: [UInt8] = []
        for page in stride(from: 1, through: pages.pageCount, by: 1) {
            try progress(page)
            pages.read(page, in: view, into: &bytes)
            for offset in 0..<(pages.usableSize - 4) {
                if let row = row(at: offset, of: bytes, in: view) { try body(row) }
            }
        }
    }

    /// The whole bytes of a row, its further pages read; nil when they end too early.
    func payload(of row: Row) -> [UInt8]? {
        var payload = row.head
        payload.reserveCapacity(row.length)
        var page = row.nextPage
        var bytes: [UInt8] = []
        while payload.count < row.length {
            guard page >= 1, page <= pages.pageCount else { return nil }
            pages.read(page, in: row.view, into: &bytes)
            page = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
            let more = min(row.length - payload.count, pages.usableSize - 4)
            payload += bytes[4..<4 + more]
        }
        return payload
    }

    /// The row whose cell begins at a place of a page, if one can.
    private func row(at offset: Int, of page: [UInt8], in view: DatabasePages.View) -> Row? {
        var place = offset
        let end = pages.usableSize
        guard let length = number(page, at: &place, end: end), length >= 3,
            length <= pages.pageCount * pages.pageSize, let id = number(page, at: &place, end: end),
            place < end
        else { return nil }
        let start = place
        // The header tells its own length, which is a single byte with so few columns.
        let headerLength = Int(page[place])
        guard Self.headerLengths.contains(headerLength), start + headerLength <= end else {
            return nil
        }
        place += 1
        let headerEnd = start + headerLength
        var content = headerLength
        // Most places are none of a row, and this finds out without asking for memory.
        var types = InlineArray<9, Int64>(repeating: 0)
        var count = 0
        while place < headerEnd {
            guard count < Self.columnsMax, let type = number(page, at: &place, end: headerEnd),
                let size = Self.size(ofType: type), content + size <= Int(length)
            else { return nil }
            types[count] = type
            count += 1
            content += size
        }
        guard place == headerEnd, content == Int(length) else { return nil }

        let localLength = localLength(Int(length))
        let localEnd = start + localLength
        let isWhole = localLength == Int(length)
        guard localEnd + (isWhole ? 0 : 4) <= end else { return nil }
        var values: [Value] = []
        values.reserveCapacity(count)
        var valueOffset = headerLength
        for column in 0..<count {
            let type = types[column]
            guard let value = value(ofType: type, at: valueOffset, of: page, start, localLength)
            else { return nil }
            values.append(value)
            valueOffset += Self.size(ofType: type) ?? 0
        }
        let next = isWhole ? 0 : page[localEnd..<localEnd + 4].reduce(0) { $0 << 8 | Int($1) }
        return Row(
            id: id, values: values, head: Array(page[start..<localEnd]), length: Int(length),
            nextPage: next, view: view)
    }

    /// How much of a row of this length stands in its own page.
    private func localLength(_ length: Int) -> Int {
        let largest = pages.usableSize - 35
        if length <= largest { return length }
        let smallest = (pages.usableSize - 12) * 32 / 255 - 23
        let fitting = smallest + (length - smallest) % (pages.usableSize - 4)
        return fitting <= largest ? fitting : smallest
    }

    /// The length of a value, by the code of its type; nil when no table of a capture has it.
    private static func size(ofType type: Int64) -> Int? {
        switch type {
        case 0, 8, 9: 0
        case 1...4: Int(type)
        case 5: 6
        case 6: 8
        case 12..<(1 << 32): Int((type - 12) / 2)
        default: nil
        }
    }

    private func value(
        ofType type: Int64, at offset: Int, of page: [UInt8], _ start: Int, _ localLength: Int
    ) -> Value? {
        switch type {
        case 0: return .null
        case 8: return .integer(0)
        case 9: return .integer(1)
        case 1...6:
            let size = Self.size(ofType: type) ?? 0
            guard offset + size <= localLength else { return nil }
            let bytes = page[start + offset..<start + offset + size]
            let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
            return .integer(bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) })
        default:
            let size = Self.size(ofType: type) ?? 0
            return .bytes(offset..<offset + size, isText: type & 1 == 1)
        }
    }

    /// SQLite's number of one to nine bytes, seven bits each and eight in the last, highest first.
    private func number(_ bytes: [UInt8], at place: inout Int, end: Int) -> Int64? {
        var number: UInt64 = 0
        for index in 0..<9 {
            guard place < end else { return nil }
            let byte = bytes[place]
            place += 1
            if index == 8 { return Int64(bitPattern: number << 8 | UInt64(byte)) }
            number = number << 7 | UInt64(byte & 0x7f)
            if byte < 0x80 { return Int64(bitPattern: number) }
        }
        return nil
    }
}
