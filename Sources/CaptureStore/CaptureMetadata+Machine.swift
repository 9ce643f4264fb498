extension CaptureMetadata {
    /// Keys of what a capture says about the machines that made it, and that an exact replay needs.
    /// Ref: Documentation/Journal.md.
    public enum MachineKey {
        /// The host's configuration, as text.
        public static let host = "host_configuration"
        /// The bridge's configuration, as text.
        public static let bridge = "bridge_configuration"
        /// The value `virtual` says that the machines lived in a time of their own.
        public static let time = "machine_time"
    }
}
