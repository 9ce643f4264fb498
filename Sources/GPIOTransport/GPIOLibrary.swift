#if GPIO
internal import CGPIO

/// The libgpiod that this program runs with.
public enum GPIOLibrary {
    /// Its version, such as `1.6.3`.
    public static var version: String { String(cString: cgpio_library_version()) }

    /// The most events that the kernel keeps for a reader who is late: of each line with
    /// libgpiod 1.6, of all lines together with 2.x.
    public static var kernelBufferSize: Int { Int(cgpio_kernel_buffer_size()) }

    /// Whether events that the kernel dropped show in sequence numbers.
    public static var showsDroppedEvents: Bool { !cgpio_kernel_buffer_is_per_line() }
}
#endif
