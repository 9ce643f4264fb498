import LinkProtocol
import MQTTProtocol
import Signals

// What the bridge says. Everything that is not due ends the session: garbage is how a pattern that
// was found by chance shows. Ref: Documentation/Protocol.md, Reference differences.

extension HostSession {
    mutating func receive(_ frame: [UInt8], droppedCharacters: Int, at now: Timestamp) {
        if droppedCharacters > 0 {
            outputs.append(.event(.frameTooLong(droppedCharacters: droppedCharacters)))
            return distrust()
        }
        if isRunning, let early = inbox.append(frame, at: now) {
            work(on: early, at: now)
        } else if !isRunning {
            work(on: frame, at: now)
        }
    }

    mutating func work(on frame: [UInt8], at now: Timestamp) {
        switch state {
        case .stopped, .linking, .failing, .givenUp: return
        case .greeting, .registeringWill, .initialising, .answering, .running: break
        }
        switch BridgeMessage.parse(frame) {
        case .malformed(let why):
            outputs.append(.event(.malformed(why)))
            distrust()
        case .message(let message): take(message, frame, at: now)
        }
    }

    /// What was heard cannot be from a bridge whose bits are understood.
    private mutating func distrust() {
        if imitate(.falseSynchronisation) { return }
        fail(with: isRunning ? .noNetwork : .bridgeFail)
    }

    private mutating func isUndue(_ frame: [UInt8]) {
        outputs.append(.event(.undue(frame: frame)))
        if !isRunning { distrust() }
    }

    private mutating func take(_ message: BridgeMessage, _ frame: [UInt8], at now: Timestamp) {
        switch message {
        case .status(let status): take(status, frame, at: now)
        case .unknown(let text, let offending):
            fail(with: .unknown, text: text, offending: offending)
        case .publication(let topic, let message, let isRetained),
            .escapedPublication(let topic, let message, let isRetained):
            guard isRunning else { return isUndue(frame) }
            deliver(topic: topic, message: message, isRetained: isRetained)
        case .time(let seconds):
            guard isRunning, requests.answer(.time, at: now) else { return isUndue(frame) }
            finishTime(seconds, at: now)
        case .memory(let free, let allocated):
            guard isRunning, requests.answer(.memory, at: now) else { return isUndue(frame) }
            if let id = calls.finishMemory() {
                outputs.append(.returned(id: id, .memory(free: free, allocated: allocated)))
            }
        }
    }

    private mutating func take(_ status: Status, _ frame: [UInt8], at now: Timestamp) {
        switch status {
        case .willOK:
            guard case .registeringWill = state else { return isUndue(frame) }
            tell(status)
            initialise(at: now)
        case .defaultNetwork, .brokerCheck, .brokerOK:
            guard case .initialising = state else { return isUndue(frame) }
            tell(status)
            state = .initialising(until: now + configuration.startStepTimeout)
        case .specifiedNetwork:
            guard case .initialising = state else { return isUndue(frame) }
            outputs.append(
                .status(
                    status, awaitsAnswer: configuration.statusHandler == .application, text: [],
                    offending: []))
            answerNetwork(at: now)
        case .running:
            guard case .initialising = state else { return isUndue(frame) }
            tell(status)
            beginRunning(at: now)
        case .publicationOK:
            tell(status)
            guard requests.answer(.publication, at: now), let done = publications.inFlight else {
                return isUndue(frame)
            }
            publications.removeFirst()
            outputs.append(.returned(id: done.id, .done))
            sendPublication(at: now)
        case .wifiUp, .wifiDown: takeNetwork(isUp: status == .wifiUp, frame, at: now)
        case .brokerFail: fail(with: status)
        case .unknown, .bridgeFail, .noNetwork: isUndue(frame)
        }
    }

    private mutating func takeNetwork(isUp: Bool, _ frame: [UInt8], at now: Timestamp) {
        guard isRunning else {
            // Before RUNNING, WIFI_DOWN ends the session and WIFI_UP is not due.
            return isUp ? isUndue(frame) : fail(with: .wifiDown)
        }
        tell(isUp ? .wifiUp : .wifiDown)
        if isUp != isNetworkUp {
            isNetworkUp = isUp
            outputs.append(.network(isUp: isUp))
        }
        requests.restartDeadline(at: now)
        let wasReady = isReady
        isReady = isUp
        hasWiFi = isUp
        if isUp, !wasReady { outputs.append(.ready) }
        sendPublication(at: now)
    }

    private mutating func tell(_ status: Status) {
        outputs.append(.status(status, awaitsAnswer: false, text: [], offending: []))
    }

    private mutating func deliver(topic: [UInt8], message: [UInt8], isRetained: Bool) {
        var places: [Int] = []
        for place in subscriptions.indices {
            guard let subscription = subscriptions[place] else { continue }
            if subscription.filter == topic {
                places.append(place)
            } else if TopicFilter.matches(filter: subscription.filter, topic: topic) {
                if imitate(.wildcardsUnmatched) { continue }
                places.append(place)
            }
        }
        outputs.append(
            .message(
                topic: topic, message: message, isRetained: isRetained, subscriptions: places))
    }
}
