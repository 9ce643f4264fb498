#if Sigrok
public import Signals

/// What is to be recorded of a device, and how.
public struct SigrokTapPlan {
    /// The device.
    public var device: SigrokDevice
    /// Which of its channels are which wires.
    public var wires: [SigrokWire]
    /// Samples a second, in Hz.
    public var sampleRate: UInt64
    /// How long is recorded, for a device that must know beforehand, as its memory is all that it
    /// has; nil for as much as that holds. A continuous device goes on until it is stopped.
    public var span: Nanoseconds?
    /// Whether the device can be made to wait when nobody takes its edges in time, and loses
    /// nothing by that: the demo device can.
    public var canWait = false

    /// A recording without end.
    public init(device: SigrokDevice, wires: [SigrokWire], sampleRate: UInt64) {
        self.device = device
        self.wires = wires
        self.sampleRate = sampleRate
    }
}
#endif
