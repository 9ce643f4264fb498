import Decoding
import LinkProtocol
import Measurements
import Signals

extension FuzzTarget {
    /// Edges in any order: decoded, measured, scrubbed, and fed to both ends of the link.
    func runFrames(_ bytes: [UInt8]) {
        var input = FuzzBytes(bytes)
        let options = input.byte()
        var configuration = WireDecoder.Configuration()
        configuration.characterSize = options & 1 == 0 ? .seven : .eight
        configuration.vocabulary = options & 2 == 0 ? .bridge : .json
        configuration.frameLengthMax = options & 4 == 0 ? 1 << 20 : 5
        let batches = batches(&input, length: options & 8 == 0 ? 4_096 : 3)

        var source = HandshakeOrderedSource(ListSource(batches: batches[...]))
        var batch = EdgeBatch()
        var decoder = LinkDecoder(configuration: configuration)
        var measurements = LinkMeasurements()
        var scrubber = EdgeScrubber(size: configuration.characterSize)
        var end = Timestamp.zero
        var ordered: [EdgeBatch] = []
        while source.read(into: &batch) {
            decoder.decode(batch)
            for event in decoder.takeEvents() { take(event, &measurements, &scrubber) }
            end = batch.edges.last?.time ?? end
            ordered.append(batch)
        }
        decoder.finish(at: end)
        for event in decoder.takeEvents() { take(event, &measurements, &scrubber) }
        _ = measurements.finish(
            wires: decoder.wires, captureStart: .zero, captureEnd: end, stamps: StampFacts(),
            completeness: .consistent)
        let count = batches.reduce(0) { $0 + $1.edges.count }
        precondition(ordered.reduce(0) { $0 + $1.edges.count } == count, "edges were lost")
        scrub(ordered, with: &scrubber)
        feedMachines(ordered)
    }

    private func take(
        _ event: LinkEvent, _ measurements: inout LinkMeasurements, _ scrubber: inout EdgeScrubber
    ) {
        measurements.handle(event)
        guard case .message(let message) = event, !message.frame.text.isEmpty else { return }
        precondition(message.frame.start <= message.frame.end, "a frame ends before it begins")
        scrubber.rewrite([0..<message.frame.text.count], of: message.frame)
    }

    /// Scrubbing moves data edges and never a clock.
    private func scrub(_ batches: [EdgeBatch], with scrubber: inout EdgeScrubber) {
        func isClock(_ edge: Edge) -> Bool { edge.channel == .sckout || edge.channel == .sckin }
        var output = EdgeBatch()
        var clocks: [Edge] = []
        for batch in batches {
            if batch.gap != nil {
                scrubber.finish(into: &output)
                clocks += output.edges.filter(isClock)
            }
            scrubber.scrub(batch, into: &output)
            clocks += output.edges.filter(isClock)
        }
        scrubber.finish(into: &output)
        clocks += output.edges.filter(isClock)
        precondition(clocks == batches.flatMap(\.edges).filter(isClock), "a clock edge moved")
    }

    private func feedMachines(_ batches: [EdgeBatch]) {
        for end in LinkEnd.allCases {
            var machine = LinkMachine(end: end)
            machine.handle(.start, at: .zero)
            var levels = LevelSet.rest
            for edge in batches.flatMap(\.edges) {
                levels[edge.channel] = edge.level
                if let deadline = machine.deadline, deadline <= edge.time {
                    machine.handle(.timer, at: deadline)
                }
                machine.handle(
                    .levels(clock: levels[end.peer.clock], data: levels[end.peer.data]),
                    at: edge.time)
                if edge.channel.index > 4 {
                    machine.handle(.send(frame: [edge.channel.index], tag: 0), at: edge.time)
                }
                while machine.nextOutput() != nil {}
            }
        }
    }

    /// One byte an edge: three bits of channel, five of how long it waits; some are gaps.
    private func batches(_ input: inout FuzzBytes, length: Int) -> [EdgeBatch] {
        var batches: [EdgeBatch] = []
        var batch = EdgeBatch(levels: .rest)
        var levels = LevelSet.rest
        var time = Timestamp.zero
        while !input.rest.isEmpty {
            let byte = input.byte()
            let wait = Int64(byte >> 3)
            let before = time
            time = time + Nanoseconds(wait == 0 ? 0 : 1 << wait)
            if byte & 7 == 7 || batch.edges.count == length {
                batches.append(batch)
                batch = EdgeBatch(levels: levels)
                if byte & 7 == 7 {
                    let reason = GapReason.allCases[Int(wait) % GapReason.allCases.count]
                    levels = LevelSet(bits: UInt32(input.byte()))
                    batch.levels = levels
                    batch.gap = Gap(
                        start: before, end: time, reason: reason,
                        channel: Channel(index: Int(input.byte() & 7)))
                    continue
                }
            }
            let channel = Channel(masking: byte & 7)
            levels.toggle(channel)
            batch.edges.append(Edge(time: time, channel: channel, level: levels[channel]))
        }
        batches.append(batch)
        return batches
    }

    /// Frames: what is a message is written and read as the same; masks keep length and fields.
    func runMessages(_ bytes: [UInt8]) {
        for dialect in Dialect.allCases {
            if let message = HostMessage.parse(bytes).message,
                let written = try? message.write(dialect: dialect)
            {
                precondition(HostMessage.parse(written).message != nil, "written, not read")
            }
            if let message = BridgeMessage.parse(bytes).message,
                let written = try? message.write(dialect: dialect)
            {
                precondition(BridgeMessage.parse(written).message != nil, "written, not read")
            }
        }
        for end in LinkEnd.allCases {
            let masked = Secrets.mask(bytes, from: end)
            precondition(masked.count == bytes.count, "a mask changes a frame's length")
            precondition(
                Fields(masked[...]).count == Fields(bytes[...]).count, "a mask changes the fields")
            var book = SecretBook()
            book.learn(from: bytes, sentBy: end)
            for value in book.values {
                precondition(!value.contains(Fields.separator), "a secret of two fields")
                let opening = Array("p\u{7f}topic\u{7f}".utf8)
                let frame = opening + value + Array("\u{7f}\u{7f}0".utf8)
                let shown = book.mask(frame, from: .host)[opening.count...].prefix(value.count)
                precondition(
                    shown.allSatisfy { $0 == Secrets.maskCharacter }, "a known secret is shown")
            }
        }
    }

    /// The literal of a dictionary.
    func runDictionary(_ bytes: [UInt8]) {
        do throws(DictionaryLiteral.Refusal) {
            let literal = try DictionaryLiteral(bytes)
            precondition(literal.members.count <= DictionaryLiteral.membersMax)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "a place that is not there")
        }
    }
}

/// Batches from a list.
private struct ListSource: EdgeSource {
    typealias Failure = Never
    var batches: ArraySlice<EdgeBatch>

    mutating func read(into batch: inout EdgeBatch) -> Bool {
        guard let next = batches.popFirst() else { return false }
        batch = next
        return true
    }
}
