package import Signals

/// Levels of wires drawn as text, one column a step of time:
///
///     reset   --____--------
///     sckout  _-----------__
///
/// `_` is low and `-` is high; blanks within a row only separate. Wires that are not drawn rest.
package struct Waveform: Equatable, CustomStringConvertible {
    /// One row, from left to right.
    package struct Row: Equatable {
        package var channel: Channel
        package var levels: [Level]
    }

    package var rows: [Row]

    /// The drawing as text; a row that names no wire (a legend, a marker) is left out.
    package init(_ text: String) {
        rows = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let name = words.first,
                let names = WireNames.all.first(where: { "\($0.host)" == name })
            else { continue }
            let levels = words.dropFirst().joined().compactMap { column -> Level? in
                switch column {
                case "_": .low
                case "-": .high
                default: nil
                }
            }
            rows.append(Row(channel: names.channel, levels: levels))
        }
    }

    /// Draws edges: column n shows the levels at the end of step n.
    package init(
        of batch: EdgeBatch, channels: [Channel] = Channel.wires, from start: Timestamp,
        step: Nanoseconds, columns: Int
    ) {
        rows = channels.map { Row(channel: $0, levels: []) }
        var levels = batch.levels
        var next = 0
        for column in 1...max(1, columns) {
            let end = start + Nanoseconds(step.count * Int64(column))
            while next < batch.edges.count, batch.edges[next].time < end {
                levels[batch.edges[next].channel] = batch.edges[next].level
                next += 1
            }
            for index in rows.indices { rows[index].levels.append(levels[rows[index].channel]) }
        }
    }

    /// The edges of the drawing. What changes in one column does so in the order of the handshake:
    /// data, then clocks, then `reset`, a nanosecond apart.
    package func edges(from start: Timestamp = .zero, step: Nanoseconds) -> EdgeBatch {
        let order: [Channel] = [.stx, .srx, .sckout, .sckin, .reset]
        var batch = EdgeBatch()
        let drawn = order.compactMap { channel in rows.first { $0.channel == channel } }
        for row in drawn { batch.levels[row.channel] = row.levels.first ?? .low }
        var levels = batch.levels
        for column in 0..<(rows.map(\.levels.count).max() ?? 0) {
            var time = start + Nanoseconds(step.count * Int64(column))
            for row in drawn where column < row.levels.count {
                let level = row.levels[column]
                if level == levels[row.channel] { continue }
                levels[row.channel] = level
                batch.edges.append(Edge(time: time, channel: row.channel, level: level))
                time = time + Nanoseconds(1)
            }
        }
        return batch
    }

    package var description: String {
        rows.map { row in
            let name =
                WireNames.all.first { $0.channel == row.channel }
                .map { "\($0.host)" } ?? "\(row.channel.index)"
            let padding = String(repeating: " ", count: max(1, 8 - name.count))
            return name + padding + String(row.levels.map { $0 == .low ? "_" : "-" })
        }.joined(separator: "\n")
    }
}
