/// What a report says, before it is decided how it looks.
///
/// Terminal and Markdown show the same outline, so that neither can know more than the other.
struct ReportOutline {
    /// A table; the first column holds labels and is aligned to the left.
    struct Table {
        var columns: [String]
        var rows: [[String]]
        /// Columns beside the first that are aligned to the left.
        var textColumns: [Int] = []
    }

    /// A small chart of counts.
    struct Chart {
        struct Bar {
            var label: String
            var count: Int64
        }

        var caption: String
        var bars: [Bar]
        /// Left out where lines are dear.
        var isDetail = false
    }

    enum Block {
        /// Sentences.
        case text(String)
        /// A table.
        case table(Table)
        /// A small chart.
        case chart(Chart)
        /// Moments and what happened then.
        case timeline([(time: String, text: String)])
        /// Sentences of equal rank.
        case list([String])
    }

    struct Section {
        var title: String
        /// What the section is about, in a clause.
        var explanation: String = ""
        var blocks: [Block] = []
        /// Left out of a brief report.
        var isDetail = false
    }

    struct Chapter {
        var title: String
        var lines: [String]
        var sections: [Section]
    }

    /// The summary of several captures; nil for one.
    var summary: Section?
    /// One chapter a capture.
    var chapters: [Chapter]
    /// What holds for all of them.
    var closing: Section
}
