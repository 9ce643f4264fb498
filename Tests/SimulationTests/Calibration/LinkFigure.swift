import Decoding
import LinkProtocol
import Measurements
import Signals

/// A figure by which a preset is compared with what was measured. Ref: Documentation/Simulation.md,
/// Presets, and how they were calibrated.
enum LinkFigure: String, CaseIterable {
    case hostCharacterRate = "char/s while the host sends a frame"
    case bridgeCharacterRate = "char/s while the bridge sends a frame"
    case bitRate = "bit/s from the first synchronisation on"
    case bridgeTurnRound = "turn-round of the bridge"
    case hostTurnRound = "turn-round of the host"
    case resetLow = "reset held low"
    case synchronised = "reset released > both synchronised"
    case greeting = "synchronised > first word begins"
    case firstStatus = "init ends > DEFNET or SPECNET begins"
    case brokerCheck = "DEFNET ends > BROKER_CHECK begins"
    case brokerOK = "BROKER_CHECK ends > BROKER_OK begins"
    case running = "init ends > RUNNING ends"
    case wifiUp = "init ends > WIFI_UP ends"
    case publishQoS0 = "publish > PUBOK, qos 0"
    case publishQoS1 = "publish > PUBOK, qos 1"
    case arrivalQoS0 = "publish ends > the broker has it, qos 0"
    case arrivalQoS1 = "publish ends > the broker has it, qos 1"
    case callQoS0 = "call > return, qos 0 (mean)"
    case callQoS1 = "call > return, qos 1 (mean)"
    case afterAnswer = "PUBOK ends > publish returns"
    case message = "the broker has a message > its frame begins"
    case callback = "message ends > the application has it"
    case memory = "memory? > answer"
    case time = "time? > answer"

    /// Whether the mean is compared instead of the median: how long a call takes depends on the
    /// length of its message, and the median of some calls is that of one length.
    var comparesMeans: Bool { self == .callQoS0 || self == .callQoS1 }
}

/// Values of figures, from one or several observations.
struct LinkFigures {
    private(set) var values: [LinkFigure: [Double]] = [:]

    /// The median of a figure's values, as reports define it, or their mean; rates in their units,
    /// times in milliseconds.
    func value(_ figure: LinkFigure) -> Double? {
        let sorted = (values[figure] ?? []).sorted()
        if sorted.isEmpty { return nil }
        return figure.comparesMeans
            ? sorted.reduce(0, +) / Double(sorted.count) : sorted[sorted.count / 2]
    }

    func count(_ figure: LinkFigure) -> Int { values[figure]?.count ?? 0 }

    /// Speeds, and what is said of publications, messages and questions.
    mutating func addTraffic(_ observation: LinkObservation) {
        let traffic = observation.report.traffic
        add(.hostCharacterRate, traffic.host.charactersPerSecondWhileSending)
        add(.bridgeCharacterRate, traffic.bridge.charactersPerSecondWhileSending)
        if let first = observation.synchronisations.first {
            let seconds = Double((observation.end - first.time).count) / 1e9
            add(.bitRate, Double(traffic.host.bits) / seconds)
        }
        if let turnRound = observation.report.hostTurnRound.distribution[.p50] {
            add(.hostTurnRound, milliseconds(turnRound))
        }
        if let turnRound = observation.report.bridgeTurnRound.distribution[.p50] {
            add(.bridgeTurnRound, milliseconds(turnRound))
        }
        addPublications(observation)
        for message in observation.messages {
            guard case .bridge(.publication(let topic, let text, _)) = message.content else {
                continue
            }
            let key = LinkObservation.key(topic, text)
            if let arrival = observation.arrivals[key] {
                add(.message, from: arrival, to: message.frame.start)
            }
            if let delivery = observation.deliveries.first(where: { $0.text == key }) {
                add(.callback, from: message.frame.end, to: delivery.time)
            }
        }
    }

    private mutating func addPublications(_ observation: LinkObservation) {
        for message in observation.messages {
            guard let latency = message.latency, let request = message.request,
                case .publish(let qos) = request.kind
            else { continue }
            let isCertain = qos == .atLeastOnce
            add(isCertain ? .publishQoS1 : .publishQoS0, milliseconds(latency))
            guard
                let publication = observation.messages.first(where: {
                    $0.frame.from == .host && $0.frame.end == request.end
                }), case .host(.publish(let content)) = publication.content
            else { continue }
            let key = LinkObservation.key(content.topic, content.message)
            if let arrival = observation.arrivals[key] {
                add(
                    isCertain ? .arrivalQoS1 : .arrivalQoS0, from: publication.frame.end,
                    to: arrival)
            }
            guard let call = observation.calls.first(where: { $0.text == key }),
                let returned = call.returnedAt
            else { continue }
            add(isCertain ? .callQoS1 : .callQoS0, from: call.calledAt, to: returned)
            add(.afterAnswer, from: message.frame.end, to: returned)
        }
    }

    /// Questions for memory and time that found the bridge idle.
    mutating func addQuestions(_ observation: LinkObservation) {
        for message in observation.messages {
            guard let latency = message.latency, let request = message.request else { continue }
            switch (request.kind, message.content) {
            case (.memory, _): add(.memory, milliseconds(latency))
            // An answer of 0 is no time, and a later question waited for an earlier one.
            case (.time, .bridge(.time(let seconds))) where seconds > 0 && latency < .seconds(10):
                add(.time, milliseconds(latency))
            default: break
            }
        }
    }

    /// The phases of all starts.
    mutating func addStarts(_ observation: LinkObservation) {
        for reset in observation.resets {
            guard let released = reset.end,
                let synchronised = observation.synchronisations.first(where: {
                    $0.session == reset.session
                })?.time
            else { continue }
            add(.resetLow, from: reset.start, to: released)
            add(.synchronised, from: released, to: synchronised)
            addStart(
                observation.messages.filter { $0.frame.session == reset.session },
                synchronised: synchronised)
        }
    }

    private mutating func addStart(_ messages: [DecodedMessage], synchronised: Timestamp) {
        if let first = messages.first(where: { $0.frame.from == .host }) {
            add(.greeting, from: synchronised, to: first.frame.start)
        }
        guard let initialised = messages.first(where: { $0.typeName == "init" })?.frame.end else {
            return
        }
        func frame(_ status: Status) -> Frame? {
            messages.first { $0.content == .bridge(.status(status)) }?.frame
        }
        if let status = frame(.defaultNetwork) ?? frame(.specifiedNetwork) {
            add(.firstStatus, from: initialised, to: status.start)
        }
        // Another network takes another time.
        guard let network = frame(.defaultNetwork) else { return }
        if let check = frame(.brokerCheck) {
            add(.brokerCheck, from: network.end, to: check.start)
            if let connected = frame(.brokerOK) {
                add(.brokerOK, from: check.end, to: connected.start)
            }
        }
        if let running = frame(.running) { add(.running, from: initialised, to: running.end) }
        if let online = frame(.wifiUp) { add(.wifiUp, from: initialised, to: online.end) }
    }

    private mutating func add(_ figure: LinkFigure, _ value: Double?) {
        if let value { values[figure, default: []].append(value) }
    }

    private mutating func add(_ figure: LinkFigure, from start: Timestamp, to end: Timestamp) {
        add(figure, milliseconds(end - start))
    }

    private func milliseconds(_ span: Nanoseconds) -> Double { Double(span.count) / 1e6 }
}
