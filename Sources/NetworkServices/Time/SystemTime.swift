internal import LiveEdges
public import LivePorts
internal import Synchronization

/// The time of an SNTP server, and whether there is an internet on the way to it.
///
/// A question is one datagram to each of the server's addresses, IPv6 or IPv4, until one answers; a
/// server that refuses or stays silent is not asked again for the same question. Names are looked up
/// on a thread that nobody waits for longer than for the answer itself. The answer accounts for the
/// way: it is the server's time plus half of what the round trip took beyond the server's own share,
/// plus what has passed since.
///
/// A server may carry its port, `192.168.1.1:1123`; without one it is asked at 123.
public final class SystemTime: TimePort {
    /// How it asks.
    public struct Configuration: Hashable, Sendable {
        /// How an internet is looked for.
        public var internet = InternetCheck.ask(InternetCheck.reference)
        /// The server that is asked in place of any other; nil: the one that the host names.
        public var server: ServerAddress?
        /// After so long there is no answer, look-up of the name included. A bridge waits no longer
        /// than 2 s for the time and 3 s for the internet.
        public var timeout = Duration.seconds(2)

        /// Asks 8.8.8.8 for the internet and the host's server for the time, and waits 2 s for each.
        public init() {}
    }

    /// The port of time servers.
    public static let usualPort: UInt16 = 123
    /// The most questions at a time; more are answered at once by nothing.
    public static let questionsMax = 8
    /// After so long a silence a server's next address is asked as well.
    static let patienceNanoseconds: UInt64 = 500_000_000

    private let configuration: Configuration
    private let report: @Sendable (TimeQueryFailure) -> Void
    private let questions = Counter()

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    /// A port that asks.
    ///
    /// - Parameter report: hears why there is no answer, for a log; on any thread.
    public init(
        _ configuration: Configuration = Configuration(),
        report: @escaping @Sendable (TimeQueryFailure) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.report = report
    }

    /// Whether there is an internet, without regard to where the time server is.
    public func queryInternet(_ answer: @escaping @Sendable (Bool) -> Void) {
        switch configuration.internet {
        case .assume(let isReachable): answer(isReachable)
        case .ask(let nameServer), .alwaysAsk(let nameServer):
            ask(ReachQuestion(), of: nameServer) { answer($0 != nil) }
        }
    }

    /// Whether there is an internet, as far as it is needed to reach a time server.
    public func queryInternet(
        onTheWayTo server: String, _ answer: @escaping @Sendable (Bool) -> Void
    ) {
        if case .ask = configuration.internet, let address = try? address(of: server),
            address.isLocal
        {
            return answer(true)
        }
        queryInternet(answer)
    }

    /// The time of a server, true at the moment of the answer; nil: it cannot be had, and `report` has
    /// heard why.
    public func queryTime(of server: String, _ answer: @escaping @Sendable (Int64?) -> Void) {
        let address: ServerAddress
        do throws(ServerAddressError) {
            address = try self.address(of: server)
        } catch {
            report(TimeQueryFailure(server: server, reason: .malformedAddress))
            return answer(nil)
        }
        ask(SNTPQuestion(), of: address) { found in
            answer(found?.time(at: MonotonicClock.nanoseconds()))
        }
    }

    private func address(of server: String) throws(ServerAddressError) -> ServerAddress {
        if let server = configuration.server { return server }
        return try ServerAddress(server, usualPort: Self.usualPort)
    }

    /// Asks on a thread of its own.
    private func ask<Question: DatagramQuestion>(
        _ question: Question, of server: ServerAddress,
        _ answer: @escaping @Sendable (Question.Answer?) -> Void
    ) {
        let patience = configuration.timeout.nanoseconds
        let deadline = MonotonicClock.nanoseconds().addingReportingOverflow(patience)
        let report = self.report
        let questions = self.questions
        let fail = { @Sendable (reason: TimeQueryFailure.Reason) in
            report(TimeQueryFailure(server: "\(server)", reason: reason))
            answer(nil)
        }
        guard questions.value.add(1, ordering: .relaxed).newValue <= Self.questionsMax else {
            questions.value.subtract(1, ordering: .relaxed)
            return fail(.busy(questions: Self.questionsMax))
        }
        let number = DetachedThread.start {
            let found = Result { () throws(TimeQueryFailure.Reason) in
                try Self.ask(
                    question, of: server, until: deadline.overflow ? .max : deadline.partialValue)
            }
            questions.value.subtract(1, ordering: .relaxed)
            switch found {
            case .success(let found): answer(found)
            case .failure(let reason): fail(reason)
            }
        }
        guard number == 0 else {
            questions.value.subtract(1, ordering: .relaxed)
            return fail(.system(doing: "starting a thread", errno: number))
        }
    }

    private static func ask<Question: DatagramQuestion>(
        _ question: Question, of server: ServerAddress, until deadline: UInt64
    ) throws(TimeQueryFailure.Reason) -> Question.Answer {
        let addresses: [SocketAddress]
        do throws(NameResolution.Failure) {
            addresses = try NameResolution.addresses(of: server, until: deadline)
        } catch {
            throw .name("\(error)")
        }
        let exchange = DatagramExchange(
            question: question, deadline: deadline, patienceNanoseconds: patienceNanoseconds)
        do throws(DatagramExchange<Question>.Failure) {
            return try exchange.ask(addresses)
        } catch {
            switch error {
            case .system(_, let failure):
                throw .system(doing: failure.doing, errno: failure.errno)
            case .refused(_, let refusal): throw .refused("\(refusal)")
            case .silent(let unrelated): throw .silent(unrelated: unrelated)
            }
        }
    }
}

extension Duration {
    /// In nanoseconds, at least none.
    fileprivate var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole + UInt64(attoseconds) / 1_000_000_000
    }
}
