internal import Glibc
internal import LiveEdges

/// A question of one datagram, and what its answer says.
protocol DatagramQuestion: Sendable {
    associatedtype Answer: Sendable
    associatedtype Refusal: Error

    /// The bytes of the question. Those of two moments differ, so that an answer shows which one it
    /// belongs to.
    ///
    /// - Parameter sentAt: in nanoseconds of `MonotonicClock`.
    func request(sentAt: UInt64) -> [UInt8]

    /// What a datagram says that came back; it holds anything.
    func read(_ reply: [UInt8], sentAt: UInt64, receivedAt: UInt64) -> DatagramReading<
        Answer, Refusal
    >
}

/// What a datagram says.
enum DatagramReading<Answer, Refusal> {
    /// What was asked for.
    case answer(Answer)
    /// Whoever was asked cannot or does not want to answer.
    case refusal(Refusal)
    /// It does not belong to the question, and nothing follows from it: anybody may have sent it.
    case unrelated
}

/// Asks the addresses of one server, one after the other, until one answers.
///
/// Each address is asked once. The next one's turn comes when an address fails, or stays silent for
/// a while; an answer that comes later still counts.
struct DatagramExchange<Question: DatagramQuestion> {
    let question: Question
    /// When all ends, in nanoseconds of `MonotonicClock`.
    let deadline: UInt64
    /// After so long a silence the next address is asked too.
    let patienceNanoseconds: UInt64

    /// Why there is no answer, at the address that failed last.
    enum Failure: Error {
        case system(SocketAddress, DatagramSocket.Failure)
        case refused(SocketAddress, Question.Refusal)
        /// Nothing came but so many datagrams that do not belong to the question.
        case silent(unrelated: Int)
    }

    private struct Attempt {
        var socket: DatagramSocket
        var sentAt: UInt64
    }

    /// Datagrams of one address in a row.
    private static var repliesMax: Int { 16 }

    func ask(_ addresses: [SocketAddress]) throws(Failure) -> Question.Answer {
        var waiting = addresses[...]
        var attempts: [Attempt] = []
        var failure = Failure.silent(unrelated: 0)
        var unrelated = 0
        var nextAt: UInt64 = 0
        while true {
            let now = MonotonicClock.nanoseconds()
            guard now < deadline else { throw .silent(unrelated: unrelated) }
            if now >= nextAt, let address = waiting.popFirst() {
                do throws(DatagramSocket.Failure) {
                    attempts.append(try begin(address))
                    nextAt = now.addingReportingOverflow(patienceNanoseconds).partialValue
                } catch {
                    failure = .system(address, error)
                    continue
                }
            }
            if attempts.isEmpty {
                guard !waiting.isEmpty else { throw failure }
                nextAt = 0
                continue
            }
            wait(for: attempts, until: waiting.isEmpty ? deadline : min(deadline, nextAt))
            for index in attempts.indices.reversed() {
                do throws(Failure) {
                    let answer = try takeReplies(to: attempts[index], unrelated: &unrelated)
                    if let answer { return answer }
                } catch {
                    failure = error
                    attempts.remove(at: index)
                    nextAt = 0
                }
            }
        }
    }

    private func begin(_ address: SocketAddress) throws(DatagramSocket.Failure) -> Attempt {
        let socket = try DatagramSocket(to: address)
        let sentAt = MonotonicClock.nanoseconds()
        try socket.send(question.request(sentAt: sentAt))
        return Attempt(socket: socket, sentAt: sentAt)
    }

    private func wait(for attempts: [Attempt], until: UInt64) {
        var descriptors = attempts.map {
            pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0)
        }
        let now = MonotonicClock.nanoseconds()
        let milliseconds = until > now ? (until - now + 999_999) / 1_000_000 : 0
        // A signal ends it early, and the loop around it begins anew.
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds))
    }

    private func takeReplies(
        to attempt: Attempt, unrelated: inout Int
    ) throws(Failure) -> Question.Answer? {
        for _ in 0..<Self.repliesMax {
            let reply: [UInt8]?
            do throws(DatagramSocket.Failure) {
                reply = try attempt.socket.receive()
            } catch {
                throw .system(attempt.socket.peer, error)
            }
            let receivedAt = MonotonicClock.nanoseconds()
            guard let reply else { return nil }
            switch question.read(reply, sentAt: attempt.sentAt, receivedAt: receivedAt) {
            case .answer(let answer): return answer
            case .refusal(let refusal): throw .refused(attempt.socket.peer, refusal)
            case .unrelated: unrelated += 1
            }
        }
        return nil
    }
}
