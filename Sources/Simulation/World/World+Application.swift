import BridgeProtocol
import HostProtocol
import LinkProtocol
import MQTTProtocol
import Signals

// What the application and other clients of the broker do, and what they hear.

/// How far an application is with its plan.
struct ApplicationState: Sendable {
    var random: SeededRandom
    let plan: ApplicationPlan
    var nextCall = 0
    /// Calls that have not returned.
    var openCalls: [Int] = []
    /// Publications that have not returned.
    var openPublications: [Int] = []
    var publicationCount = 0
    var outsideCount = 0
    /// How far the script is, and the call that its present step waits for.
    var stepsDone = 0
    var stepCall: Int?
    var hasSubscribed = false
    /// The last message from outside, by which it shows that subscriptions are alive.
    var probe: [UInt8]?
    var probesSent = 0
    var probeHasArrived = false

    init(_ scenario: Scenario) {
        random = SeededRandom(seed: scenario.seed, stream: 4)
        plan = scenario.application
    }

    /// A time between half and one and a half of a mean.
    mutating func around(_ mean: Nanoseconds) -> Nanoseconds {
        let half = Int(truncatingIfNeeded: mean.count / 2)
        return Nanoseconds(Int64(half + random.below(2 * half + 1)))
    }

    /// Printable characters behind a number that makes them unique.
    mutating func text(_ letter: String, _ number: Int, count: Int) -> [UInt8] {
        var text = Array("\(letter)\(number).".utf8)
        while text.count < count { text.append(UInt8(97 + random.below(26))) }
        return text
    }
}

extension World {
    /// Puts down what begins with the world.
    mutating func begin() {
        agenda.add(.startHost, at: .zero + .milliseconds(100))
        if scenario.application.subscribesEarly {
            agenda.add(.application(.subscribe), at: .zero + .milliseconds(101))
        }
        for fault in scenario.faults { agenda.add(.fault(fault), at: fault.time) }
        if scenario.endsWhenQuiet {
            agenda.add(.application(.probe), at: scenario.application.end)
        }
    }

    mutating func follow(_ output: HostMachine.Output) {
        switch output {
        case .returned(let id, let result): returned(id, result)
        case .message(_, let message, _, let subscriptions):
            if message == application.probe { application.probeHasArrived = true }
            ledger.delivered(
                message, isSubscribed: !subscriptions.isEmpty, at: now, if: scenario.keepsLedger)
        case .sessionStarted(let number): if number == 1 { beginApplication() }
        case .drive, .status, .network, .ready, .crashed, .imitated, .event: break
        }
    }

    private mutating func beginApplication() {
        if !application.hasSubscribed {
            agenda.add(.application(.subscribe), at: now + .milliseconds(3))
        }
        let plan = application.plan
        if plan.script != nil {
            return agenda.add(.application(.step), at: now + .milliseconds(40))
        }
        if plan.publicationPause != nil {
            agenda.add(.application(.publish), at: now + .milliseconds(40))
        }
        if let pause = plan.outsidePause {
            agenda.add(.application(.outsideMessages), at: now + application.around(pause))
        }
        if let pause = plan.questionPause {
            agenda.add(.application(.ask), at: now + application.around(pause))
        }
    }

    mutating func act(_ action: ApplicationAction) {
        switch action {
        case .subscribe:
            application.hasSubscribed = true
            for subscription in application.plan.subscriptions {
                call(.subscribe(filter: subscription.filter, qos: subscription.qos))
            }
        case .publish: publish()
        case .outsideMessages: sendFromOutside()
        case .ask:
            guard now < application.plan.end, let pause = application.plan.questionPause else {
                return
            }
            agenda.add(.application(.ask), at: now + application.around(pause))
            if application.random.once(in: 2) {
                call(.memory)
            } else {
                call(.time(pause: .seconds(5), countsFrom2000: application.random.once(in: 2)))
            }
        case .step: step()
        case .probe: probe()
        }
    }

    // MARK: A script

    private mutating func step() {
        guard now < application.plan.end, let steps = application.plan.script?.steps,
            application.stepsDone < steps.count
        else { return }
        switch steps[application.stepsDone].action {
        case .publish(let topic, let message, let isRetained, let qos):
            wait(for: .publish(topic: topic, message: message, isRetained: isRetained, qos: qos))
        case .memory: wait(for: .memory)
        case .time: wait(for: .time(pause: .seconds(20), countsFrom2000: true))
        case .outside(let topic, let message, let qos):
            outside(message, to: topic, qos: qos)
            finishStep()
        }
    }

    private mutating func wait(for call: HostCall) {
        // The call may return before `call` does.
        application.stepCall = application.nextCall + 1
        self.call(call)
    }

    private mutating func finishStep() {
        application.stepCall = nil
        application.stepsDone += 1
        guard let steps = application.plan.script?.steps, application.stepsDone < steps.count
        else { return }
        let pause = application.around(steps[application.stepsDone].pause)
        agenda.add(.application(.step), at: now + pause)
    }

    // MARK: What the seed decides

    @discardableResult
    private mutating func call(_ call: HostCall) -> Int {
        application.nextCall += 1
        let id = application.nextCall
        application.openCalls.append(id)
        if case .publish(_, let message, _, let qos) = call {
            ledger.called(id, message, qos: qos, at: now, if: scenario.keepsLedger)
        }
        tellHost(.call(call, id: id))
        return id
    }

    private mutating func publish() {
        let plan = application.plan
        guard now < plan.end, application.openPublications.isEmpty else { return }
        let isBurst = plan.burstOnceIn > 0 && application.random.once(in: plan.burstOnceIn)
        for _ in 0..<(isBurst ? application.random.number(in: 2...6) : 1) {
            application.publicationCount += 1
            let length = application.random.number(in: plan.publicationLength)
            let message = application.text("p", application.publicationCount, count: length)
            let hasQoS1 = application.random.below(16) < plan.sixteenthsOfQoS1
            let isRetained = application.random.once(in: 16)
            application.openPublications.append(application.nextCall + 1)
            call(
                .publish(
                    topic: Array("out/a".utf8), message: message, isRetained: isRetained,
                    qos: hasQoS1 ? .atLeastOnce : .atMostOnce))
        }
    }

    private mutating func returned(_ id: Int, _ result: HostResult) {
        application.openCalls.removeAll { $0 == id }
        ledger.returned(id, result, at: now, if: scenario.keepsLedger)
        if id == application.stepCall { finishStep() }
        guard let place = application.openPublications.firstIndex(of: id) else { return }
        application.openPublications.remove(at: place)
        guard application.openPublications.isEmpty, let pause = application.plan.publicationPause
        else { return }
        agenda.add(.application(.publish), at: now + application.around(pause))
    }

    private mutating func sendFromOutside() {
        guard now < application.plan.end, let pause = application.plan.outsidePause else { return }
        agenda.add(.application(.outsideMessages), at: now + application.around(pause))
        let isBurst = application.random.once(in: 8)
        let count =
            isBurst
            ? application.random.number(in: 1...max(1, application.plan.outsideBurstMax)) : 1
        for _ in 0..<count {
            application.outsideCount += 1
            let length = application.random.number(in: 1...40)
            let message = application.text("m", application.outsideCount, count: length)
            outside(message, qos: application.random.once(in: 4) ? .atMostOnce : .atLeastOnce)
        }
    }

    private mutating func outside(
        _ message: [UInt8], to topic: [UInt8] = Array("cmd/in".utf8), qos: MQTTQualityOfService
    ) {
        guard network.brokerIsUp else { return }
        ledger.sentFromOutside(message, qos: qos, at: now, if: scenario.keepsLedger)
        tellBroker(.publish(topic: topic, message: message, qos: qos, isRetained: false))
    }

    // MARK: The end of a world that recovers

    /// Once everything runs again, a message from outside must come through.
    private mutating func probe() {
        if isAllDone { return }
        if isAtRest, application.probesSent < 200 {
            application.probesSent += 1
            let message = application.text("probe", application.probesSent, count: 8)
            application.probe = message
            application.probeHasArrived = false
            outside(message, qos: .atLeastOnce)
        }
        agenda.add(.application(.probe), at: now + .seconds(3))
    }

    /// Nothing is under way, and everything runs.
    private var isAtRest: Bool {
        now >= application.plan.end && application.openCalls.isEmpty && host.isRunning
            && host.isNetworkUp && bridge.isBrokerConnected && !power.isFrozen
    }

    /// All calls have returned, and the probe has come through.
    var isAllDone: Bool { isAtRest && application.probeHasArrived }
}
