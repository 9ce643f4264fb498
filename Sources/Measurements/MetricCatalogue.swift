import LinkProtocol
public import Signals

/// Every metric that exists, with its name, its unit and where it is read.
enum MetricCatalogue {
    struct Definition: Sendable {
        var name: String
        var unit: MetricUnit
        var read: @Sendable (LinkReport) -> MetricReading
    }

    /// Metrics that belong together, with what they are in a clause.
    struct Group: Sendable {
        var title: String
        var members: [Definition]
    }

    static let groups: [Group] = [
        Group(title: "the capture, and what is missing in it", members: capture),
        Group(title: "what crossed the wires, and how fast", members: throughput),
        Group(title: "durations of frames, by sender and kind", members: frames),
        Group(
            title: "from a publish frame's end to its PUBOK's, by qos and phase, and their number",
            members: publications),
        Group(title: "from a request's end to its answer's, and their number", members: requests),
        Group(
            title:
                "publications as the application's log or a journal has them: hops of their way, and "
                + "their fates",
            members: applicationPublications),
        Group(
            title: "how long an end took to answer the other's clock; stalls: where it took far "
                + "longer", members: turnRounds),
        Group(title: "sessions, resets by cause, and the phases of a start", members: startUps),
        Group(title: "silences of the bridge that the host ended by a reset", members: watchdog),
        Group(title: "Wi-Fi or broker lost and found again", members: outages),
        Group(
            title: "times without service, by what was lost; want a journal",
            members: interruptions),
        Group(
            title: "messages of the broker: from their packets to their frames; want a journal",
            members: deliveries),
    ]

    static let all: [Definition] = groups.flatMap(\.members)

    // MARK: Groups

    private static let capture: [Definition] = [
        time("capture.duration") { $0.capture.duration },
        count("capture.edges") { $0.capture.edgeCount },
        count("gaps.count") { $0.capture.gaps.count },
        time("gaps.time") { $0.capture.timeInGaps },
    ]

    private static let throughput: [Definition] =
        LinkEnd.allCases.flatMap { end in
            let prefix = "throughput.\(end.name)"
            return [
                rate("\(prefix).whileSending", .characterRate, "no whole frame of this end") {
                    $0.traffic[end].charactersPerSecondWhileSending
                },
                rate("\(prefix).payload", .characterRate, noDuration) {
                    $0.traffic.charactersPerSecond(of: end)
                },
                count("\(prefix).characters") { $0.traffic[end].characters },
                count("\(prefix).frames") { $0.traffic[end].frames },
                count("\(prefix).fragments") { $0.traffic[end].fragments },
            ]
        } + [
            rate("bitRate", .bitRate, noDuration) { $0.traffic.bitRate },
            rate("bitRate.host", .bitRate, noDuration) { $0.traffic.bitRate(of: .host) },
            rate("bitRate.bridge", .bitRate, noDuration) { $0.traffic.bitRate(of: .bridge) },
            count("bits.host") { $0.traffic.host.bits },
            count("bits.bridge") { $0.traffic.bridge.bits },
            share("busy") { $0.traffic.busyShare },
            share("busy.host") { $0.traffic.busyShare(of: .host) },
            share("busy.bridge") { $0.traffic.busyShare(of: .bridge) },
            share("idle") { $0.traffic.idleShare },
        ]

    private static let frames: [Definition] = LinkEnd.allCases.flatMap { end in
        spread("frame.\(end.name)") { $0.traffic[end].frameDuration }
            + kinds(of: end).flatMap { kind in
                spread("frame.\(end.name).\(kind)") { report in
                    report.traffic[end].kinds.first { $0.name == kind }?.duration ?? Distribution()
                }
            }
    }

    private static func kinds(of end: LinkEnd) -> [String] {
        let names =
            end == .host
            ? ["init", "will", "publish", "subscribe", "time", "memory", "answer", "command"]
            : ["status", "message", "time", "memory"]
        return names + ["object", "malformed"]
    }

    private static let publications: [Definition] =
        SendingPhase.allCases.flatMap { phase in
            QualityOfService.allCases.flatMap { qos in
                spread("publish.\(phase.metricPrefix)qos\(qos.rawValue)") {
                    $0.publish.latency(qos: qos, phase: phase)
                }
            }
        } + outcomes("publish") { $0.publish.outcomes }

    private static let requests: [Definition] =
        spread("time") { $0.time.latency } + outcomes("time") { $0.time.outcomes }
        + spread("memory") { $0.memory.latency } + outcomes("memory") { $0.memory.outcomes }

    private static let turnRounds: [Definition] = LinkEnd.allCases.flatMap { end in
        spread("turnRound.\(end.name)") { $0.turnRound(of: end).distribution } + [
            count("stalls.\(end.name).count") { $0.turnRound(of: end).stallCount },
            time("stalls.\(end.name).time") { $0.turnRound(of: end).timeInStalls },
        ]
    }

    private static let startUps: [Definition] =
        [
            count("sessions.count") { report in
                report.resets.reduce(0) { $0 + $1.count }
            },
            count("sessions.withoutRunning") { $0.startUp.sessionsWithoutRunning },
        ]
        + ResetCount.causes.enumerated().map { index, cause in
            count("resets.\(cause)") {
                $0.resets.indices.contains(index) ? $0.resets[index].count : 0
            }
        }
        + spread("startup.resetLow") { $0.startUp.resetLow }
        + spread("startup.synchronised") { $0.startUp.synchronised }
        + spread("startup.initialised") { $0.startUp.initialised }
        + SessionCollector.startUpStatuses.flatMap { status in
            spread("startup.status.\(status.name)") { report in
                report.startUp.statuses.first { $0.status == status }?.delay ?? Distribution()
            }
        }
        + spread("startup.running") { $0.startUp.running }
        + spread("startup.withoutService") { $0.startUp.withoutService }
        + [count("subscriptions.renewed") { $0.startUp.subscriptionsRenewed }]

    private static let watchdog: [Definition] =
        spread("watchdog.silence") { $0.watchdog.silence }
        + spread("watchdog.resetLow") { $0.watchdog.resetLow }
        + spread("watchdog.toSynchronised") { $0.watchdog.toSynchronised }
        + spread("watchdog.toRunning") { $0.watchdog.toRunning }
        + spread("watchdog.withoutService") { $0.watchdog.withoutService }
        + [count("watchdog.count") { $0.watchdog.count }]

    private static let outages: [Definition] =
        spread("outage") { $0.outages.length }
        + [count("outage.unfinished") { $0.outages.unfinished }]

    // MARK: Building blocks

    private static let noDuration = "the capture has no length"

    private static func count(
        _ name: String, _ read: @escaping @Sendable (LinkReport) -> Int64
    ) -> Definition {
        Definition(name: name, unit: .count) { .value(Double(read($0))) }
    }

    private static func time(
        _ name: String, _ read: @escaping @Sendable (LinkReport) -> Nanoseconds
    ) -> Definition {
        Definition(name: name, unit: .time) { .value(Double(read($0).count)) }
    }

    private static func rate(
        _ name: String, _ unit: MetricUnit, _ absence: String,
        _ read: @escaping @Sendable (LinkReport) -> Double?
    ) -> Definition {
        Definition(name: name, unit: unit) { report in
            read(report).map { .value($0) } ?? .absent(reason: absence)
        }
    }

    private static func share(
        _ name: String, _ read: @escaping @Sendable (LinkReport) -> Double?
    ) -> Definition {
        rate(name, .percent, noDuration) { report in read(report).map { $0 * 100 } }
    }

    private static func outcomes(
        _ prefix: String, _ read: @escaping @Sendable (LinkReport) -> RequestOutcomes
    ) -> [Definition] {
        [
            count("\(prefix).sent") { read($0).sent },
            count("\(prefix).answered") { read($0).answered },
            count("\(prefix).unanswered") { read($0).unanswered },
            count("\(prefix).open") { read($0).open },
            count("\(prefix).doubtful") { read($0).doubtful },
            count("\(prefix).answersWithoutRequest") { read($0).answersWithoutRequest },
        ]
    }

    /// The members of a distribution, each under its own name.
    static func spread(
        _ prefix: String, _ read: @escaping @Sendable (LinkReport) -> Distribution
    ) -> [Definition] {
        [
            count("\(prefix).count") { read($0).count },
            member("\(prefix).min") { read($0).min },
        ]
            + Distribution.Percentile.allCases.map { percentile in
                Definition(name: "\(prefix).\(percentile.name)", unit: .time) { report in
                    let distribution = read(report)
                    if let value = distribution[percentile] { return .value(Double(value.count)) }
                    return .absent(
                        reason: "\(percentile.name) needs n >= \(percentile.countMin), "
                            + "and n is \(distribution.count)")
                }
            } + [
                member("\(prefix).max") { read($0).max },
                member("\(prefix).mean") { read($0).mean },
            ]
    }

    private static func member(
        _ name: String, _ read: @escaping @Sendable (LinkReport) -> Nanoseconds?
    ) -> Definition {
        Definition(name: name, unit: .time) { report in
            read(report).map { .value(Double($0.count)) }
                ?? .absent(reason: "the capture has no such value")
        }
    }
}

extension LinkReport {
    /// How long an end took from the other's toggle to its own.
    public func turnRound(of end: LinkEnd) -> TurnRounds {
        end == .host ? hostTurnRound : bridgeTurnRound
    }
}

extension SendingPhase {
    /// The usual phase goes without saying.
    var metricPrefix: String {
        switch self {
        case .whileRunning: ""
        case .duringOutage: "duringOutage."
        case .beforeRunning: "beforeRunning."
        }
    }
}
