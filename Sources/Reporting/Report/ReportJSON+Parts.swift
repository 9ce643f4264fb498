import Decoding
import LinkProtocol
import Measurements
import Signals

extension ReportJSON {
    static func time(_ time: Timestamp?) -> JSONValue { JSONValue(time?.nanoseconds) }

    static func span(_ span: Nanoseconds?) -> JSONValue { JSONValue(span?.count) }

    static func json(_ values: Distribution) -> JSONValue {
        .object(
            [("n", .integer(values.count)), ("minNs", span(values.min))]
                + [
                    ("p50Ns", span(values[.p50])), ("p90Ns", span(values[.p90])),
                    ("p99Ns", span(values[.p99])), ("p999Ns", span(values[.p999])),
                    ("maxNs", span(values.max)), ("meanNs", span(values.mean)),
                    ("uncertaintyNs", span(values.valueUncertainty)),
                    ("binningErrorPpm", .integer(values.binningErrorPartsPerMillion)),
                    (
                        "bins",
                        .array(
                            values.bins.map {
                                .array([span($0.lower), span($0.upper), .integer($0.count)])
                            })
                    ),
                ])
    }

    static func json(_ facts: CaptureFacts) -> JSONValue {
        .object([
            ("edges", .integer(facts.edgeCount)),
            ("startNs", time(facts.start)), ("endNs", time(facts.end)),
            ("durationNs", span(facts.duration)),
            ("completeness", .string(facts.completeness.name)),
            ("stampResolutionNs", span(facts.stamps.resolution)),
            ("clockAccuracyPpb", JSONValue(facts.stamps.accuracyPartsPerBillion)),
            ("clockAccuracy", facts.stamps.accuracy.map { .string($0) } ?? .null),
            (
                "gaps",
                .object([
                    ("count", .integer(facts.gaps.count)), ("timeNs", span(facts.timeInGaps)),
                    ("first", .array(facts.gaps.kept.map(json))),
                ])
            ),
        ])
    }

    private static func json(_ place: CaptureFacts.GapPlace) -> JSONValue {
        .object([
            ("startNs", time(place.gap.start)), ("endNs", time(place.gap.end)),
            ("reason", .string("\(place.gap.reason.name)")),
            ("channel", place.gap.channel.map { .string($0.wireName) } ?? .null),
            ("session", .integer(Int64(place.session))),
        ])
    }

    static func json(_ traffic: Traffic) -> JSONValue {
        .object([
            ("host", json(traffic.host, of: .host, traffic)),
            ("bridge", json(traffic.bridge, of: .bridge, traffic)),
            ("bitRate", JSONValue(traffic.bitRate)),
            ("busyNs", span(traffic.busyTime)),
            (
                "series",
                .object([
                    ("startNs", time(traffic.series.start)),
                    ("binNs", span(traffic.series.binWidth)),
                    ("hostBits", .array(traffic.series.bins.map { .integer($0.hostBits) })),
                    ("bridgeBits", .array(traffic.series.bins.map { .integer($0.bridgeBits) })),
                ])
            ),
        ])
    }

    private static func json(
        _ direction: DirectionTraffic, of end: LinkEnd, _ traffic: Traffic
    ) -> JSONValue {
        .object([
            ("bits", .integer(direction.bits)), ("frames", .integer(direction.frames)),
            ("fragments", .integer(direction.fragments)),
            ("characters", .integer(direction.characters)),
            ("sendingNs", span(direction.sendingTime)),
            (
                "charactersPerSecondWhileSending",
                JSONValue(direction.charactersPerSecondWhileSending)
            ),
            ("charactersPerSecond", JSONValue(traffic.charactersPerSecond(of: end))),
            ("bitRate", JSONValue(traffic.bitRate(of: end))),
            ("frameDuration", json(direction.frameDuration)),
            (
                "kinds",
                .array(
                    direction.kinds.map { kind in
                        .object([
                            ("name", .string(kind.name)), ("n", .integer(kind.count)),
                            ("characters", .integer(kind.characters)),
                            ("duration", json(kind.duration)),
                        ])
                    })
            ),
        ])
    }

    static func json(_ publish: PublishFacts) -> JSONValue {
        .object([
            ("outcomes", json(publish.outcomes)),
            (
                "rows",
                .array(
                    publish.rows.map { row in
                        .object([
                            ("qos", .integer(Int64(row.qos.rawValue))),
                            ("phase", .string(row.phase.name)),
                            ("latency", json(row.latency)),
                        ])
                    })
            ),
        ])
    }

    static func json(_ facts: RequestFacts) -> JSONValue {
        .object([("outcomes", json(facts.outcomes)), ("latency", json(facts.latency))])
    }

    private static func json(_ outcomes: RequestOutcomes) -> JSONValue {
        .object([
            ("sent", .integer(outcomes.sent)), ("answered", .integer(outcomes.answered)),
            ("unanswered", .integer(outcomes.unanswered)), ("open", .integer(outcomes.open)),
            ("doubtful", .integer(outcomes.doubtful)),
            ("answersWithoutRequest", .integer(outcomes.answersWithoutRequest)),
        ])
    }

    static func json(_ turnRounds: TurnRounds) -> JSONValue {
        .object([
            ("distribution", json(turnRounds.distribution)),
            ("stallThresholdNs", span(turnRounds.stallThreshold)),
            ("stalls", .integer(turnRounds.stallCount)),
            ("stalledNs", span(turnRounds.timeInStalls)),
        ])
    }

    static func json(_ startUp: StartUpFacts) -> JSONValue {
        .object([
            ("resetLow", json(startUp.resetLow)), ("synchronised", json(startUp.synchronised)),
            ("initialised", json(startUp.initialised)),
            (
                "statuses",
                .array(
                    startUp.statuses.map {
                        .object([
                            ("status", .string("\($0.status.name)")), ("delay", json($0.delay)),
                        ])
                    })
            ),
            ("running", json(startUp.running)), ("withoutService", json(startUp.withoutService)),
            ("sessionsWithoutRunning", .integer(startUp.sessionsWithoutRunning)),
            ("subscriptionsRenewed", .integer(startUp.subscriptionsRenewed)),
        ])
    }

    static func sessions(of report: LinkReport) -> JSONValue {
        .object([
            ("count", .integer(report.sessions.count)),
            ("first", .array(report.sessions.kept.map(json))),
        ])
    }

    private static func json(_ session: SessionSummary) -> JSONValue {
        .object([
            ("number", .integer(Int64(session.number))),
            ("cause", session.cause.map { .string($0.name) } ?? .null),
            ("fatalStatus", fatalStatus(session.cause)),
            (
                "silence",
                session.silence.map { silence in
                    .object([("startNs", time(silence.start)), ("endNs", time(silence.end))])
                } ?? .null
            ),
            ("resetNs", time(session.resetPulled)), ("releaseNs", time(session.resetReleased)),
            ("synchronisedNs", time(session.synchronised)),
            ("initialisedNs", time(session.initialised)),
            ("runningNs", time(session.running)), ("lastServiceNs", time(session.lastService)),
            ("endNs", time(session.ended)),
            (
                "firstStatuses",
                .array(
                    session.firstStatuses.map {
                        .object([
                            ("status", .string("\($0.status.name)")), ("timeNs", time($0.time)),
                        ])
                    })
            ),
            ("subscriptions", .integer(session.subscriptions)),
            ("subscriptionsRenewed", .integer(session.subscriptionsRenewed)),
            ("lastRenewalNs", time(session.lastRenewal)),
            ("frames", .integer(session.frames)), ("gaps", .integer(session.gaps)),
        ])
    }

    private static func fatalStatus(_ cause: ResetCause?) -> JSONValue {
        if case .fatalStatus(let status)? = cause { .string("\(status.name)") } else { .null }
    }

    static func json(_ watchdog: WatchdogFacts) -> JSONValue {
        .object([
            ("count", .integer(watchdog.count)), ("silence", json(watchdog.silence)),
            ("resetLow", json(watchdog.resetLow)),
            ("toSynchronised", json(watchdog.toSynchronised)),
            ("toRunning", json(watchdog.toRunning)),
            ("withoutService", json(watchdog.withoutService)),
        ])
    }
}
