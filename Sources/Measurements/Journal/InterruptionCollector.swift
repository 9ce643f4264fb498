import BridgeProtocol
import Decoding
import LinkProtocol
import Signals

/// Follows the bridge's service: when it was lost, why, and when it was there again.
struct InterruptionCollector {
    /// A fault that was put in longer ago is none of an interruption's.
    static let faultReachMax = Nanoseconds.seconds(60)

    private var isRunning = false
    private var isNetworkDown = false
    private var isConnectionLost = false
    private var session = 0
    private var lastFault: Interruption.PutIn?
    private var current: Interruption?
    /// It is over, and its first PUBOK is still to come.
    private var last: Interruption?

    private var facts = InterruptionFacts()
    private var length = DistributionCollector()
    private var lengths = [DistributionCollector](
        repeating: DistributionCollector(), count: Interruption.Kind.allCases.count)
    private var faultToRestored = DistributionCollector()
    private var restoredToAcknowledgement = DistributionCollector()

    // MARK: Events

    /// Takes the next event of the link.
    ///
    /// - Parameter underWay: how many publications are on their way; asked for where it matters.
    mutating func take(_ event: LinkEvent, underWay: @autoclosure () -> Int) {
        switch event {
        case .watchdog(let watchdog): begin(.restart, at: watchdog.start)
        case .reset(let reset):
            if isRunning { begin(.restart, at: reset.hostLeft) }
            if current?.resetCause == nil { current?.resetCause = reset.cause }
            isRunning = false
            isNetworkDown = false
            isConnectionLost = false
            session = reset.session
        case .joined: isRunning = true
        case .running(let running):
            isRunning = true
            isConnectionLost = false
            session = running.session
            endIfServing(at: running.time, underWay)
        case .message(let message): take(message, underWay)
        default: break
        }
    }

    private mutating func take(_ message: DecodedMessage, _ underWay: () -> Int) {
        guard case .bridge(.status(let status)) = message.content else { return }
        let time = message.frame.end
        switch status {
        case .wifiDown where isRunning:
            isNetworkDown = true
            begin(.network, at: time)
        case .wifiUp:
            isNetworkDown = false
            endIfServing(at: time, underWay)
        case .publicationOK:
            guard last?.firstAcknowledgement == nil, last?.heldCount ?? 0 > 0 else { return }
            last?.firstAcknowledgement = time
            file()
        default: break
        }
    }

    /// Takes the next event of the journal.
    mutating func take(_ event: JournalEvent, underWay: @autoclosure () -> Int) {
        switch event.content {
        case .fault(let number, _): lastFault = .init(number: number, time: event.time)
        case .bridge(.event(.connectionLost)):
            isConnectionLost = true
            if isRunning { begin(.connection, at: event.time) }
        case .bridge(.event(.connected)):
            isConnectionLost = false
            endIfServing(at: event.time, underWay)
        case .bridge(.booted): isConnectionLost = false
        default: break
        }
    }

    // MARK: Begin and end

    private mutating func begin(_ kind: Interruption.Kind, at time: Timestamp) {
        if let open = current {
            current?.kind = Self.graver(open.kind, kind)
            return
        }
        file()
        var interruption = Interruption(kind: kind, session: session, lost: time)
        if let fault = lastFault, time - fault.time <= Self.faultReachMax {
            interruption.fault = fault
        }
        lastFault = nil
        current = interruption
    }

    private static func graver(
        _ left: Interruption.Kind, _ right: Interruption.Kind
    ) -> Interruption.Kind {
        Interruption.Kind.allCases.first { $0 == left || $0 == right } ?? left
    }

    private mutating func endIfServing(at time: Timestamp, _ underWay: () -> Int) {
        guard isRunning, !isNetworkDown, !isConnectionLost, var interruption = current else {
            return
        }
        interruption.restored = time
        interruption.heldCount = underWay()
        current = nil
        last = interruption
        if interruption.heldCount == 0 { file() }
    }

    /// Counts the one that is over.
    private mutating func file() {
        guard let interruption = last else { return }
        last = nil
        facts.list.append(interruption)
        facts.held += Int64(interruption.heldCount)
        if let span = interruption.length {
            length.add(span)
            if let place = Interruption.Kind.allCases.firstIndex(of: interruption.kind) {
                lengths[place].add(span)
            }
        }
        if let span = interruption.faultToRestored { faultToRestored.add(span) }
        if let span = interruption.restoredToAcknowledgement {
            restoredToAcknowledgement.add(span)
        }
    }

    // MARK: Results

    /// The figures; no event may follow.
    mutating func finish(valueUncertainty: Nanoseconds?) -> InterruptionFacts {
        file()
        if let current {
            facts.list.append(current)
            facts.unfinished = 1
        }
        func spread(_ spans: DistributionCollector) -> Distribution {
            spans.distribution(valueUncertainty: valueUncertainty)
        }
        facts.length = spread(length)
        facts.rows = zip(Interruption.Kind.allCases, lengths).map {
            .init(kind: $0, length: spread($1))
        }
        facts.faultToRestored = spread(faultToRestored)
        facts.restoredToAcknowledgement = spread(restoredToAcknowledgement)
        return facts
    }
}
