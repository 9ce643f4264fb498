// Signals of a dump matched to the wires of the link.

internal import Signals

/// What a dump's identifiers mean: a wire, or a signal that is ignored.
struct VCDSignals {
    /// The mark of an identifier that is not declared.
    static var undeclared: UInt8 { 255 }
    /// The mark of a signal that is no wire.
    static var ignored: UInt8 { 254 }

    /// The wires that the file has, in the order of their places.
    private(set) var wires: [Channel] = []
    /// The file's names of the wires; empty for wires that it does not have.
    private(set) var names = [String](repeating: "", count: Channel.wires.count)
    /// The names of signals of one bit that are no wires.
    private(set) var ignoredNames: [String] = []
    /// Marks or channel indices of identifiers of one byte.
    private(set) var short = [UInt8](repeating: Self.undeclared, count: 256)
    /// Marks or channel indices of longer identifiers.
    private(set) var long: [VCDIdentifier: UInt8] = [:]

    /// Matches by the map first and by name where it says nothing.
    init(_ signals: [VCDSignal], map: ChannelMap) throws(VCDProblem) {
        let bits = signals.filter { $0.width == 1 }
        for signal in signals { mark(signal.identifier, Self.ignored) }
        var missing: [String] = []
        var taken: [VCDIdentifier: Channel] = [:]
        for wire in WireNames.all {
            let host = wire.host.description
            let candidates: [VCDSignal]
            if let item = map.item(for: wire.channel) {
                guard let name = item.signal else { continue }
                candidates = Self.matching([name], in: bits)
                guard !candidates.isEmpty else {
                    throw .noSuchSignal(name, wire: host, signals: bits.map(\.path))
                }
            } else {
                candidates = Self.matching([host, wire.bridge.description], in: bits)
            }
            guard let found = candidates.first else {
                missing.append(host)
                continue
            }
            guard candidates.allSatisfy({ $0.identifier == found.identifier }) else {
                throw .ambiguousWire(host, signals: candidates.map(\.path))
            }
            if let other = taken[found.identifier] {
                throw .sharedSignal(
                    found.path,
                    wires: WireNames.all.filter { $0.channel == other }.map(\.host.description)
                        + [host])
            }
            taken[found.identifier] = wire.channel
            mark(found.identifier, wire.channel.index)
            names[Int(wire.channel.index)] = found.path
            wires.append(wire.channel)
        }
        guard missing.isEmpty else { throw .missingWires(missing, signals: bits.map(\.path)) }
        ignoredNames = bits.filter { taken[$0.identifier] == nil }.map(\.path)
    }

    /// Signals whose name, with or without scopes, is one of `names` in any case.
    private static func matching(_ names: [String], in signals: [VCDSignal]) -> [VCDSignal] {
        let names = names.map { $0.lowercased() }
        let exact = signals.filter { names.contains($0.path.lowercased()) }
        return exact.isEmpty
            ? signals.filter { names.contains($0.name.lowercased()) } : exact
    }

    private mutating func mark(_ identifier: VCDIdentifier, _ mark: UInt8) {
        if let byte = identifier.singleByte {
            short[Int(byte)] = mark
        } else {
            long[identifier] = mark
        }
    }

    /// What an identifier of more than one byte means.
    func meaning(of bytes: some Collection<UInt8>) -> UInt8 {
        VCDIdentifier(bytes).flatMap { long[$0] } ?? Self.undeclared
    }
}
