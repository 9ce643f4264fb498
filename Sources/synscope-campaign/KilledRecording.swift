import CaptureStore
import Glibc
import Signals

/// One recording of traffic in real time, killed at a moment.
struct KilledRecording {
    /// Edges that the recorder had been given when it was killed.
    var given = 0
    /// Edges that are in the capture.
    var saved = 0
    /// How long before the kill the first edge was given that is not in the capture, in nanoseconds;
    /// 0 if none is missing.
    var lossNanoseconds: Int64 = 0
    /// What is wrong with the capture; nil if nothing.
    var problem: String?

    /// How often edges that are due are handed over.
    private static var pollMicroseconds: UInt32 { 2_000 }

    /// Records `dump` at its own speed to `path`, and kills the recorder after so much time.
    init(_ dump: TrafficDump, synscope: String, path: String, killAfter: Int64) throws {
        let child = try Child(synscope, ["record", "--vcd", "-", "-o", path])
        child.write(dump.head[...])
        let start = Self.now()
        var passed: Int64 = 0
        // When each stretch of edges was handed over, and how many there were by then.
        var handed: [(at: Int64, count: Int)] = []
        while passed < killAfter {
            let due = dump.count(dueAfter: passed)
            if due > given {
                child.write(dump.body[(given == 0 ? 0 : dump.ends[given - 1])..<dump.ends[due - 1]])
                given = due
                handed.append((Self.now() - start, given))
            }
            usleep(Self.pollMicroseconds)
            passed = Self.now() - start
        }
        child.kill()
        let killed = Self.now() - start
        check(path: path, dump: dump)
        if saved < given, let first = handed.first(where: { $0.count > saved }) {
            lossNanoseconds = killed - first.at
        }
    }

    /// Reads the capture: every edge must be the one that was given.
    private mutating func check(path: String, dump: TrafficDump) {
        do {
            var source = try Capture(opening: path).edges()
            var batch = EdgeBatch()
            while try source.read(into: &batch) {
                if let gap = batch.gap { problem = "a gap is claimed: \(gap)" }
                for edge in batch.edges {
                    guard saved < given, edge == dump.edges[saved] else {
                        problem = "edge \(saved) is not the one that was recorded"
                        return
                    }
                    saved += 1
                }
            }
        } catch CaptureError.noSuchFile, CaptureError.emptyFile {
            // Killed before it could begin: what is missing is counted as all else.
        } catch {
            problem = "\(error)"
        }
    }

    private static func now() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

/// A process that reads what is written here.
private struct Child {
    private let process: pid_t
    private let input: Int32

    struct CannotStart: Error, CustomStringConvertible {
        var program: String
        var errno: Int32
        var description: String { "\(program): \(String(cString: strerror(errno)))" }
    }

    init(_ program: String, _ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CannotStart(program: program, errno: errno) }
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, program, &actions, nil, words, environ)
        close(ends[0])
        guard error == 0 else {
            close(ends[1])
            throw CannotStart(program: program, errno: error)
        }
        self.process = process
        input = ends[1]
    }

    func write(_ bytes: ArraySlice<UInt8>) {
        var first = bytes.startIndex
        while first < bytes.endIndex {
            let count = bytes[first...].withUnsafeBytes {
                Glibc.write(input, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return }
            first += count
        }
    }

    func kill() {
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        close(input)
    }
}
