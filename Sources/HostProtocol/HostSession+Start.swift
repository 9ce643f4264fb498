import LinkProtocol
import Signals

// From the start of the link to RUNNING, and from whatever ends a session to the next start.
// Ref: Documentation/Protocol.md, Sessions.

extension HostSession {
    mutating func startLink() {
        startCount += 1
        state = .linking
        outputs.append(.startLink)
    }

    mutating func stop() {
        if case .stopped = state { return }
        state = .stopped
        forgetSession()
        for id in publications.removeAll() {
            outputs.append(.returned(id: id, .refused(.stopped)))
        }
        for id in calls.removeAll() { outputs.append(.returned(id: id, .refused(.stopped))) }
        outputs.append(.stopLink)
    }

    mutating func synchronised(at now: Timestamp) {
        outputs.append(.event(.synchronised))
        if configuration.pacing.greetingDelay > .zero {
            state = .greeting(at: now + configuration.pacing.greetingDelay)
        } else {
            greet(at: now)
        }
    }

    mutating func greet(at now: Timestamp) {
        if let will = configuration.will, !configuration.trials.contains(.initialiseBeforeWill) {
            guard sendWill(will) else { return }
            state = .registeringWill(until: now + configuration.startStepTimeout)
            sendPublication(at: now)
        } else {
            initialise(at: now)
        }
    }

    /// The bridge has run before: what follows is not the first start.
    var isRestart: Bool { runCount > 0 }

    private mutating func sendWill(_ will: Publication) -> Bool {
        sendConfiguration(.will(spelled(will, in: .will)))
    }

    /// Nobody has checked the configuration before; a byte that the link cannot carry is its user's
    /// mistake, and no reset helps.
    private mutating func sendConfiguration(_ message: HostMessage) -> Bool {
        do throws(UnsendableMessage) {
            send(try message.writeAsSpelled())
            return true
        } catch {
            outputs.append(.event(.configurationUnsendable(error)))
            outputs.append(.stopLink)
            state = .givenUp
            return false
        }
    }

    mutating func initialise(at now: Timestamp) {
        var fields = configuration.initialisation
        fields.resumes = configuration.resumes && startCount > 1
        guard sendConfiguration(.initialise(fields)) else { return }
        if configuration.trials.contains(.initialiseBeforeWill), let will = configuration.will {
            guard sendWill(will) else { return }
        }
        state = .initialising(until: now + configuration.startStepTimeout)
        sendPublication(at: now)
    }

    /// SPECNET: the application, or the standard handler, decides.
    mutating func answerNetwork(at now: Timestamp) {
        let isSecond = hasAnsweredNetwork
        hasAnsweredNetwork = true
        switch configuration.statusHandler {
        case .application: state = .answering(refusalAt: nil)
        case .standard:
            if !isSecond { return proceed(at: now) }
            if imitate(.secondNetworkRefused) { return restart(because: .specifiedNetwork) }
            state = .answering(refusalAt: now + configuration.refusalDelay)
        }
    }

    mutating func takeAnswer(_ answer: StatusAnswer, at now: Timestamp) {
        switch (state, answer) {
        case (.answering, .proceed): proceed(at: now)
        case (.answering, .reset): restart(because: .specifiedNetwork)
        case (.failing(let status), _): restart(because: status)
        default: break
        }
    }

    private mutating func proceed(at now: Timestamp) {
        send([UInt8(ascii: "1")])
        state = .initialising(until: now + configuration.startStepTimeout)
    }

    mutating func beginRunning(at now: Timestamp) {
        state = .running
        inbox.begin(at: now, pacing: configuration.pacing)
        runCount += 1
        renewSubscriptions()
        outputs.append(.sessionStarted(runCount))
        isNetworkUp = true
        outputs.append(.network(isUp: true))
        if configuration.trials.contains(.extraMemoryRequest) {
            send([UInt8(ascii: "m")])
        }
        // Only the reference can be ready here: it kept the flag over the crash.
        if isReady { outputs.append(.ready) }
        sendWaitingCommands(at: now)
        sendPublication(at: now)
    }

    private mutating func renewSubscriptions() {
        if runCount > 1, configuration.trials.contains(.forgetsSubscriptions) { return }
        var count = 0
        for place in subscriptions.indices {
            guard let subscription = subscriptions[place] else { continue }
            sendSubscription(subscription)
            count += 1
        }
        if runCount > 1, count > 0 {
            outputs.append(.event(.subscriptionsRenewed(count: count)))
        }
        for place in earlySubscriptions {
            guard let subscription = subscriptions[place], imitate(.subscribedTwice) else {
                continue
            }
            sendSubscription(subscription)
        }
        earlySubscriptions.removeAll()
    }

    // MARK: The end of a session

    mutating func linkFailed(_ failure: LinkFailure, at now: Timestamp) {
        outputs.append(.event(.linkFailed(failure)))
        switch state {
        case .stopped, .givenUp: return
        case .failing(let status): return restart(because: status)
        case .running: fail(with: .noNetwork)
        case .linking, .greeting, .registeringWill, .initialising, .answering:
            if failure == .noAnswer, imitate(.slowBootAwaited) {
                state = .givenUp
                return
            }
            fail(with: .bridgeFail)
        }
    }

    /// A fatal status: the application hears of it, and may take its time before the reset.
    mutating func fail(with status: Status, text: [UInt8] = [], offending: [UInt8] = []) {
        let waits = configuration.statusHandler == .application
        outputs.append(
            .status(status, awaitsAnswer: waits, text: text, offending: offending))
        if waits {
            state = .failing(status)
        } else {
            restart(because: status)
        }
    }

    mutating func restart(because status: Status) {
        forgetSession()
        outputs.append(.crashed(status))
        startLink()
    }

    private mutating func forgetSession() {
        if isNetworkUp {
            isNetworkUp = false
            outputs.append(.network(isUp: false))
        }
        hasWiFi = false
        if !configuration.rules.contains(.readyOutlivesCrash) { isReady = false }
        hasAnsweredNetwork = false
        inbox.removeAll()
        requests.removeAll()
        calls.forgetRequests()
        losePublicationInFlight()
    }

    private mutating func losePublicationInFlight() {
        guard let lost = publications.inFlight else { return }
        if imitate(.publicationLostInCrash) {
            publications.removeFirst()
            outputs.append(.returned(id: lost.id, .done))
        } else if lost.publication.qos == .atMostOnce {
            publications.removeFirst()
            outputs.append(.returned(id: lost.id, .unconfirmed))
        } else {
            publications.keepForNextSession()
            outputs.append(.event(.publicationKept(id: lost.id)))
        }
    }
}
