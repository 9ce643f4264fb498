#if Sigrok
    internal import CSigrok
    internal import Glibc

    /// A session file of sigrok (`.sr`): an archive of samples.
    public final class SigrokFile {
        /// The names of its logic channels.
        public let channels: [String]
        private let session: SigrokSession

        /// Whether a file begins as an archive does; a file that cannot be read does not.
        public static func looksLikeOne(_ path: String) -> Bool {
            guard let file = fopen(path, "re") else { return false }
            defer { fclose(file) }
            var head = [UInt8](repeating: 0, count: 4)
            return fread(&head, 1, head.count, file) == 4 && head == [0x50, 0x4b, 3, 4]
        }

        /// Opens a session file.
        public init(path: String) throws(SigrokError) {
            try SigrokArchive(path: path).check()
            let library = try SigrokLibrary()
            var session: OpaquePointer?
            let result = sr_session_load(library.context, path, &session)
            guard result == 0, let session else {
                throw .malformedFile(path: path, problem: SigrokLibrary.problem(result))
            }
            var devices: UnsafeMutablePointer<GSList>?
            guard sr_session_dev_list(session, &devices) == 0,
                let first = elements(of: devices).first
            else {
                sr_session_destroy(session)
                throw .malformedFile(path: path, problem: "it has no device")
            }
            g_slist_free(devices)
            let device = SigrokDeviceHandle(OpaquePointer(first), library: library)
            self.session = try SigrokSession(session, device: device, library: library)
            channels = device.logicChannels.map(\.name)
            guard !channels.isEmpty else {
                throw .malformedFile(path: path, problem: "it has no logic channels")
            }
        }

        /// Begins to read the edges of some wires; once.
        public func tap(_ wires: [SigrokTapPlan.Wire]) throws(SigrokError) -> SigrokTap {
            try SigrokTap(
                session, wires: wires, isLive: false, title: "sigrok session",
                isEndRequested: { false })
        }
    }
#endif
