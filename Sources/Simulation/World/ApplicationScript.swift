public import LinkProtocol
public import MQTTProtocol
public import Signals

/// What is done in a world step by step, where an ``ApplicationPlan`` is not to leave it to its seed.
///
/// A step begins a pause after the step before is done: a publication or a question when its call
/// has returned, a message from outside when the broker has it.
public struct ApplicationScript: Hashable, Sendable {
    /// The steps, in order.
    public var steps: [Step]

    /// Steps, in order.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// One thing that is done.
    public struct Step: Hashable, Sendable {
        /// From the end of the step before, in the mean; it varies by half, either way.
        public var pause: Nanoseconds
        /// What is done.
        public var action: Action

        /// A step.
        public init(after pause: Nanoseconds, _ action: Action) {
            self.pause = pause
            self.action = action
        }
    }

    /// What can be done in a step.
    public enum Action: Hashable, Sendable {
        /// The application publishes.
        case publish(topic: [UInt8], message: [UInt8], isRetained: Bool, qos: QualityOfService)
        /// The application asks for the memory.
        case memory
        /// The application asks for the time.
        case time
        /// Another client of the broker publishes.
        case outside(topic: [UInt8], message: [UInt8], qos: MQTTQualityOfService)
    }
}

extension ApplicationScript {
    /// What the application and the other client do in the capture a_boot: 20 publications with qos 0
    /// and 20 with qos 1 of 1 to 60 characters, nine messages from outside, and one more
    /// publication. The pauses are that capture's, in the median.
    public static var bootCapture: ApplicationScript {
        var script = ApplicationScript()
        for (qos, topic, pause) in [
            (QualityOfService.atMostOnce, "out/q0", Nanoseconds.microseconds(3_600)),
            (.atLeastOnce, "out/q1", .microseconds(7_300)),
        ] {
            for number in 0..<20 {
                script.steps.append(
                    Step(
                        after: pause,
                        .publish(
                            topic: Array(topic.utf8), message: alphabet(number),
                            isRetained: false, qos: qos)))
            }
        }
        for number in 0..<9 {
            let marks = String(repeating: "#", count: number)
            script.steps.append(
                Step(
                    after: .milliseconds(312),
                    .outside(
                        topic: Array("cmd/in".utf8),
                        message: Array("message number \(number) \(marks)".utf8),
                        qos: .atLeastOnce)))
        }
        script.steps.append(
            Step(
                after: .milliseconds(2_200),
                .publish(
                    topic: Array("out/ret".utf8), message: Array("retained one".utf8),
                    isRetained: true, qos: .atLeastOnce)))
        return script
    }

    /// A number, a point and so many letters: `4.abcdefghijk`.
    private static func alphabet(_ number: Int) -> [UInt8] {
        if number == 0 { return [UInt8(ascii: "0")] }
        let count = number == 19 ? 57 : 3 * number - 1
        return Array("\(number).".utf8) + (0..<count).map { UInt8(97 + $0 % 26) }
    }

    /// Questions for the memory and the time, by turns, as in the capture e_mem_time.
    public static func questions(_ count: Int) -> ApplicationScript {
        ApplicationScript(
            (0..<count).map { number in
                Step(after: .milliseconds(300), number % 2 == 0 ? .memory : .time)
            })
    }

    /// Publications with qos 0 of ten characters to a topic of five, a second apart: what a logger
    /// with short topics sends, and what the reference's latency was measured with, or nearly.
    public static func shortPublications(_ count: Int) -> ApplicationScript {
        ApplicationScript(
            (0..<count).map { number in
                let digits = String(1_000_000_000 + number)
                return Step(
                    after: .seconds(1),
                    .publish(
                        topic: Array("out/a".utf8), message: Array(digits.utf8),
                        isRetained: false, qos: .atMostOnce))
            })
    }
}
