#if GPIO
internal import LivePorts
internal import Signals

/// A line of a port: what it is for, and how it is asked for.
struct PortLine: Hashable, Sendable {
    /// What a line does for an end of the link.
    enum Purpose: Hashable, Sendable {
        case wire(Channel)
        case lamp(WireLamp)
    }

    /// How the kernel is asked for it.
    enum Use: Hashable, Sendable {
        /// It is read when its level is wanted.
        case input
        /// Its edges end a wait, too.
        case events
        /// It is driven both ways.
        case output
        /// It is driven low, and let go for high.
        case openDrain
    }

    var purpose: Purpose
    var offset: Int
    var use: Use
    var bias: GPIOTapPlan.Bias
    var isActiveLow: Bool
    /// The first level of a line that is driven, and the one that it is left at.
    var restLevel: Level

    var isDriven: Bool { use == .output || use == .openDrain }
}

extension GPIOPortPlan {
    /// The lines in the order in which they are asked for. Those that are read come first, so that
    /// nothing is driven when one of them is refused; and clock and data are at rest before `reset` is
    /// released.
    var lines: [PortLine] {
        let read = wires.filter { !drivenChannels.contains($0.channel) }.map(readLine)
        let driven = drivenChannels.compactMap { channel in
            wires.first { $0.channel == channel }.map(drivenLine)
        }
        return read + driven + lamps.map(line)
    }

    private var drivenChannels: [Channel] {
        end == .host ? [end.data, end.clock, .reset] : [end.data, end.clock]
    }

    /// Only the other end's clock and `reset` end a wait: data comes before its clock.
    private func readLine(_ wire: GPIOTapPlan.Wire) -> PortLine {
        PortLine(
            purpose: .wire(wire.channel), offset: wire.offset,
            use: wire.channel == end.peer.data ? .input : .events,
            bias: bias ?? (wire.channel == .reset ? .pullUp : .pullDown),
            isActiveLow: wire.isActiveLow, restLevel: LevelSet.rest[wire.channel])
    }

    /// `reset` is shared with buttons and other programmers: whoever wants pulls it low, and the pull-up
    /// makes it high again, if there is no other.
    private func drivenLine(_ wire: GPIOTapPlan.Wire) -> PortLine {
        let isReset = wire.channel == .reset
        return PortLine(
            purpose: .wire(wire.channel), offset: wire.offset,
            use: isReset ? .openDrain : .output, bias: isReset ? bias ?? .pullUp : .asIs,
            isActiveLow: wire.isActiveLow, restLevel: LevelSet.rest[wire.channel])
    }

    /// The broker's lamp is low while it is connected.
    private func line(_ lamp: Lamp) -> PortLine {
        PortLine(
            purpose: .lamp(lamp.lamp), offset: lamp.offset, use: .output, bias: .asIs,
            isActiveLow: lamp.isActiveLow, restLevel: lamp.lamp == .broker ? .high : .low)
    }
}
#endif
