// Which signal of a foreign file is which wire of the link.

public import Signals

/// A user's word on which signal is which wire, as in `sckout=D6,stx=D7`.
///
/// Wires that it does not mention are found by name. `reset=none` says that a wire is not in the
/// file: it is then taken to have stayed at its level at rest.
public struct ChannelMap: Hashable, Sendable {
    /// One `wire=signal`.
    public struct Item: Hashable, Sendable {
        /// The wire of the link.
        public var wire: Channel
        /// The signal's name in the file, or nil when the wire is not in the file.
        public var signal: String?

        /// An item; the wire is one of the link's.
        public init(wire: Channel, signal: String?) {
            self.wire = wire
            self.signal = signal
        }
    }

    /// The items in the order in which they were given.
    public private(set) var items: [Item] = []

    /// A map that leaves everything to the names.
    public init() {}

    /// A map of these items, in their order.
    ///
    /// Throws `CaptureError.channelMap` with the item whose signal has no name, or whose wire or signal
    /// comes a second time.
    public init(items: [Item]) throws(CaptureError) {
        for item in items {
            let wire = WireNames.all[Int(item.wire.index)].host.description
            try append(item, wire: wire, text: "\(wire)=\(item.signal ?? "none")")
        }
    }

    /// Parses items separated by commas; wires by the host's or the bridge's name.
    ///
    /// Throws `CaptureError.channelMap` with the item that makes no sense.
    public init(parsing text: some StringProtocol) throws(CaptureError) {
        for part in text.split(separator: ",") {
            let item = part.trimmed
            guard let equals = item.firstIndex(of: "=") else {
                throw .channelMap(item: item, problem: "is no `wire=signal`, such as `stx=D7`")
            }
            let wire = item[..<equals].trimmed
            let signal = item[item.index(after: equals)...].trimmed
            guard let channel = Self.wire(named: wire) else {
                if let meant = Self.wire(named: signal) {
                    throw .channelMap(
                        item: item,
                        problem: "the sides are exchanged: it is WIRE=SIGNAL, so write "
                            + "`\(WireNames.all[Int(meant.index)].host)=\(wire)`")
                }
                throw .channelMap(item: item, problem: Self.complaint(unknownWire: wire))
            }
            let isNone = signal.lowercased() == "none"
            try append(
                Item(wire: channel, signal: isNone ? nil : signal), wire: wire, text: item)
        }
    }

    /// - Parameters:
    ///   - wire: the wire's name, as it was given.
    ///   - text: the whole item, as it was given.
    private mutating func append(
        _ item: Item, wire: String, text: String
    ) throws(CaptureError) {
        guard item.signal?.isEmpty != true else {
            throw .channelMap(
                item: text, problem: "names no signal; write `\(wire)=none` if it has none")
        }
        guard self.item(for: item.wire) == nil else {
            throw .channelMap(item: text, problem: "maps `\(wire)` a second time")
        }
        if let signal = item.signal, items.contains(where: { $0.signal == signal }) {
            throw .channelMap(item: text, problem: "uses the signal `\(signal)` twice")
        }
        items.append(item)
    }

    /// This map, with the items of another one for wires that this does not mention.
    ///
    /// Throws `CaptureError.channelMap` if a signal would be used twice.
    public func completed(by other: ChannelMap) throws(CaptureError) -> ChannelMap {
        var map = self
        for item in other.items where self.item(for: item.wire) == nil {
            if let signal = item.signal, map.items.contains(where: { $0.signal == signal }) {
                throw .channelMap(
                    item: "\(WireNames.all[Int(item.wire.index)].host)=\(signal)",
                    problem: "uses the signal `\(signal)` twice")
            }
            map.items.append(item)
        }
        return map
    }

    /// The wires with their signals, in the order of their channels: as the map says, else by the
    /// host's or the bridge's name if `known` has it; nil for a wire that is not there.
    public func signals(named known: [String]) -> [(wire: Channel, signal: String?)] {
        WireNames.all.map { names in
            if let item = item(for: names.channel) { return (names.channel, item.signal) }
            let own = [names.host.description, names.bridge.description]
            return (names.channel, known.first { own.contains($0.lowercased()) })
        }
    }

    /// The item for a wire, if there is one.
    func item(for wire: Channel) -> Item? { items.first { $0.wire == wire } }

    /// The wire with a name of the host or the bridge, in any case.
    public static func wire(named name: String) -> Channel? {
        let name = name.lowercased()
        return WireNames.all.first {
            $0.host.description == name || $0.bridge.description == name
        }?.channel
    }

    /// What is wrong with a name that is no wire's, with the wire that may have been meant.
    public static func complaint(unknownWire name: String) -> String {
        let hosts = WireNames.all.map(\.host.description)
        let bridges = WireNames.all.map(\.bridge.description).filter { !hosts.contains($0) }
        let near = NearNames.of(name, among: hosts + bridges).first
        return "`\(name)` is no wire; "
            + (near.map { "did you mean `\($0)`? The wires are " } ?? "the wires are ")
            + hosts.joined(separator: ", ")
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
