import LinkProtocol
import MQTTProtocol
import Signals

// What the application asks for: checked at once, sent when its time has come.

extension HostSession {
    mutating func handle(_ call: HostCall, id: Int, at now: Timestamp) {
        if case .stopped = state {
            outputs.append(.returned(id: id, .refused(.stopped)))
            return
        }
        let refusal: HostRefusal?
        switch call {
        case .publish(let topic, let message, let isRetained, let qos):
            refusal = publish(
                Publication(topic: topic, message: message, retain: Retain(isRetained), qos: qos),
                id: id, at: now)
        case .subscribe(let filter, let qos): refusal = subscribe(filter, qos: qos, id: id)
        case .unsubscribe(let filter):
            refusal = subscriptions.remove(filter) ? nil : .notSubscribed
            if refusal == nil { outputs.append(.returned(id: id, .done)) }
        case .time(let pause, let countsFrom2000):
            refusal = admit(
                .time(pause: pause, countsFrom2000: countsFrom2000, askAt: now), id: id)
            if isRunning { askForTimes(at: now) }
        case .memory:
            refusal = admit(.memory(isAsked: false), id: id)
            if isRunning { sendWaitingCommands(at: now) }
        case .command(let string):
            refusal = checkCommand(string) ?? admit(.command(string, tag: nil), id: id)
            if isRunning { sendWaitingCommands(at: now) }
        case .restart:
            outputs.append(.returned(id: id, .done))
            return restart(because: isRunning ? .noNetwork : .bridgeFail)
        }
        if let refusal { outputs.append(.returned(id: id, .refused(refusal))) }
    }

    private mutating func admit(_ kind: CallList.Kind, id: Int) -> HostRefusal? {
        guard calls.count < configuration.callsMax else {
            return .queueFull(limit: configuration.callsMax)
        }
        calls.append(kind, id: id)
        return nil
    }

    private func checkCommand(_ string: [UInt8]) -> HostRefusal? {
        if string.count > configuration.frameLengthMax {
            return .tooLong(limit: configuration.frameLengthMax)
        }
        do throws(UnsendableMessage) {
            _ = try HostMessage.other(string).writeAsSpelled()
            return nil
        } catch {
            return .unsendable(error)
        }
    }

    // MARK: Publications

    private mutating func publish(
        _ publication: Publication, id: Int, at now: Timestamp
    ) -> HostRefusal? {
        let frame: [UInt8]
        do throws(UnsendableMessage) {
            frame = try HostMessage.publish(publication).writeAsSpelled()
        } catch {
            return .unsendable(error)
        }
        for byte in publication.topic where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") {
            return .wildcardInTopic
        }
        guard frame.count <= configuration.frameLengthMax else {
            return .tooLong(limit: configuration.frameLengthMax)
        }
        guard publications.count < configuration.publicationsMax else {
            return .queueFull(limit: configuration.publicationsMax)
        }
        publications.append(.init(id: id, publication: publication))
        sendPublication(at: now)
        return nil
    }

    /// Whether the bridge can work on a publication now.
    private var mayPublish: Bool {
        switch state {
        case .running: isReady
        case .registeringWill: isRestart && configuration.rules.contains(.publishBeforeInit)
        case .initialising, .answering:
            isRestart && configuration.rules.contains(.publishBeforeRunning)
        case .stopped, .linking, .greeting, .failing, .givenUp: false
        }
    }

    /// Sends the oldest publication, if none is in flight.
    mutating func sendPublication(at now: Timestamp) {
        guard mayPublish, let next = publications.nextToSend else { return }
        countImpatience()
        let spelled = spelled(next.publication, in: .publish)
        guard let frame = try? HostMessage.publish(spelled).writeAsSpelled() else {
            preconditionFailure("a publication is checked when it is called for")
        }
        if next.wasSent { outputs.append(.event(.publicationRepeated(id: next.id))) }
        publications.markSent()
        requests.append(.publication, at: now)
        send(frame)
    }

    /// A publication that goes out although the bridge cannot work on it yet.
    private mutating func countImpatience() {
        switch state {
        case .registeringWill: _ = imitate(.publishBeforeInit)
        case .running: if !hasWiFi { _ = imitate(.readyOutlivesCrash) }
        default: _ = imitate(.publishBeforeRunning)
        }
    }

    /// A publication or a will with its retain flag in this host's spelling.
    mutating func spelled(_ publication: Publication, in command: Command) -> Publication {
        var spelled = publication
        let isSet = publication.retain.isSet
        if configuration.trials.contains(.retainAsWord) {
            spelled.retain = isSet ? .wordTrue : .wordFalse
        } else if configuration.rules.contains(.retainAnyNonempty) {
            spelled.retain = Retain(isSet, in: command, dialect: .reference)
            if spelled.retain != Retain(isSet) { _ = imitate(.retainAnyNonempty) }
        } else {
            spelled.retain = Retain(isSet)
        }
        return spelled
    }

    /// When the oldest answer is overdue; nil while the network is down.
    var answerDeadline: Timestamp? {
        guard isNetworkUp, !configuration.rules.contains(.lostPublicationAwaited) else {
            return nil
        }
        return requests.deadline { request in
            let fields = configuration.initialisation
            switch request {
            case .publication:
                let rounds = min(Int64(fields.republicationsMax), 1_000) + 1
                let response = min(Int64(fields.responseTimeSeconds), 86_400)
                return Nanoseconds.seconds(rounds * response) + configuration.answerMargin
            case .time: return configuration.timeAnswerTimeout
            case .memory: return configuration.answerMargin
            }
        }
    }

    // MARK: Subscriptions

    private mutating func subscribe(
        _ filter: [UInt8], qos: QualityOfService, id: Int
    ) -> HostRefusal? {
        let subscription = SubscriptionList.Subscription(filter: filter, qos: qos)
        do throws(UnsendableMessage) {
            _ = try subscription.message.writeAsSpelled()
        } catch {
            return .unsendable(error)
        }
        guard TopicFilter.isValidFilter(filter) else { return .malformedFilter }
        guard filter.count <= configuration.frameLengthMax else {
            return .tooLong(limit: configuration.frameLengthMax)
        }
        guard let place = subscriptions.set(subscription) else {
            return .queueFull(limit: configuration.subscriptionsMax)
        }
        if isRunning {
            sendSubscription(subscription)
        } else if runCount == 0, earlySubscriptions.count < configuration.subscriptionsMax {
            earlySubscriptions.append(place)
        }
        outputs.append(.returned(id: id, .done))
        return nil
    }

    mutating func sendSubscription(_ subscription: SubscriptionList.Subscription) {
        guard let frame = try? subscription.message.writeAsSpelled() else {
            preconditionFailure("a subscription is checked when it is called for")
        }
        send(frame)
    }

    // MARK: Time, memory, commands

    /// Asks for the time for every call whose turn it is.
    mutating func askForTimes(at now: Timestamp) {
        guard isRunning else { return }
        while calls.askForTime(at: now) {
            requests.append(.time, at: now)
            send([UInt8(ascii: "i")])
        }
    }

    mutating func finishTime(_ seconds: Int64, at now: Timestamp) {
        guard let done = calls.finishTime(isKnown: seconds != 0, at: now) else { return }
        let time = done.countsFrom2000 ? seconds : seconds + HostSession.secondsFrom1970To2000
        outputs.append(.returned(id: done.id, .time(time)))
    }

    static var secondsFrom1970To2000: Int64 { 946_684_800 }

    mutating func sendWaitingCommands(at now: Timestamp) {
        askForTimes(at: now)
        while calls.askForMemory() {
            requests.append(.memory, at: now)
            send([UInt8(ascii: "m")])
        }
        while let command = calls.nextCommand(tag: nextTag + 1) { send(command) }
    }

    mutating func finishCommand(sentWith tag: Int) {
        if let id = calls.finishCommand(tag: tag) { outputs.append(.returned(id: id, .done)) }
    }
}
