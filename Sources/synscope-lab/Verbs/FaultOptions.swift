import ArgumentParser

/// What is to be lost and added, and where that is written down.
struct FaultOptions: ParsableArguments {
    @Option(help: "Lose every edge whose number is a multiple of this.")
    var dropEvery: Int?

    @Option(help: "Lose the edges with these numbers, from 1 on over all wires: 12,15-17.")
    var drop: String?

    @Option(help: "Lose runs of 1 to 3 neighbouring edges, a run in about so many edges.")
    var dropRuns: Int?

    @Option(help: "The seed of --drop-runs.")
    var seed: UInt64 = 1

    @Flag(help: "A lost edge moves its line without an event, as if the kernel had missed it.")
    var silent = false

    @Option(help: "Let a pulse follow every edge whose number is a multiple of this.")
    var glitchEvery: Int?

    @Option(help: "How long such a pulse is, in microseconds.")
    var glitchWidth = 0

    @Option(help: "Write what was lost and added to this file, a JSON object a line.")
    var log: String?

    @Flag(help: "Write the edges that passed, too, and how the lines got to their first levels.")
    var logEdges = false

    func validate() throws {
        guard [dropEvery != nil, drop != nil, dropRuns != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("give one of --drop-every, --drop and --drop-runs")
        }
        guard (dropEvery ?? 1) > 0, (glitchEvery ?? 1) > 0 else {
            throw ValidationError("--drop-every and --glitch-every are 1 or more")
        }
        guard (dropRuns ?? 5) >= 5, (dropRuns ?? 5) <= 1_000_000_000 else {
            throw ValidationError("--drop-runs is 5 or more, so that runs stay apart")
        }
        guard drop.map({ FaultPlan.numbers($0) != nil }) ?? true else {
            throw ValidationError("--drop wants ascending numbers and ranges, as 12,15-17")
        }
        guard (0...1_000_000).contains(glitchWidth) else {
            throw ValidationError("--glitch-width is 0 to 1,000,000 us")
        }
    }

    var plan: FaultPlan {
        let losses: FaultPlan.Losses
        if let dropEvery {
            losses = .every(dropEvery)
        } else if let numbers = drop.flatMap(FaultPlan.numbers) {
            losses = .numbers(numbers)
        } else if let dropRuns {
            losses = .runs(about: dropRuns, seed: seed)
        } else {
            losses = .none
        }
        return FaultPlan(losses: losses, glitchEvery: glitchEvery)
    }

    func openLog() throws -> FaultLog { try FaultLog(path: log, keepsUsual: logEdges) }

    /// The lines with these faults.
    func lines(_ outputs: [SimulatedLine], log: FaultLog) throws -> FaultyLines<SimulatedLine> {
        FaultyLines(
            outputs: outputs, levels: try outputs.map { try $0.level() }, plan: plan,
            manner: silent ? .silent : .held,
            glitchWidthNanoseconds: Int64(glitchWidth) * 1_000, log: log, clock: MonotonicClock())
    }
}
