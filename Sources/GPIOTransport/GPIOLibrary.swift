#if GPIO
internal import CGPIO

/// The libgpiod that this program runs with.
public enum GPIOLibrary {
    /// Its version, such as `1.6.3`.
    public static var version: String { String(cString: cgpio_library_version()) }
}
#endif
