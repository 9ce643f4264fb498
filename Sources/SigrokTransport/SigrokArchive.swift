#if Sigrok
    internal import Glibc

    /// What a session file says of itself, looked at before libsigrok is: nonsense in it is not always
    /// noticed there.
    struct SigrokArchive {
        let path: String

        /// Throws if the file is no session that makes sense.
        func check() throws(SigrokError) {
            guard let file = fopen(path, "re") else {
                throw .file(path: path, doing: "opening", errno: errno)
            }
            defer { fclose(file) }
            guard SigrokFile.looksLikeOne(path) else {
                throw .malformedFile(path: path, problem: "it does not begin as an archive does")
            }
        }
    }
#endif
