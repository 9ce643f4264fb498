internal import CPinFile

/// How an end waits for the other one: by looking again and again, then by letting others run, then by
/// sleeping.
///
/// To look again and again is fast and costs a processor, and a sleep costs as much as ten round trips
/// and ends some microseconds late. So an end may spend on looking a share of the time that it has been
/// awake: on a busy link it hardly ever sleeps. On an idle one, where characters of a few bits stand
/// alone with a rest of a millisecond between them, it gives up at once, sleeps once for nearly as long
/// as the last rest was, and looks around the moment at which the next character is due.
///
/// All times are in nanoseconds.
public struct WaitPolicy: Hashable, Sendable {
    /// Looks before the clock is first read, which most waits of a busy link do not outlast.
    public var looksFirst = 64
    /// Looks between two readings of the clock.
    public var looksPerReading = 4
    /// It looks for a time awake divided by this, …
    public var spinShare: UInt64 = 8
    /// … but no shorter than this, …
    public var spinNanosecondsMin: UInt64 = 2_000
    /// … and no longer.
    public var spinNanosecondsMax: UInt64 = 50_000
    /// It looks for so long when it has just slept: the other end sleeps as well then, and one must be
    /// awake for the other to find it so. Longer than the first sleep.
    public var spinNanosecondsAfterSleep: UInt64 = 35_000
    /// How often it then lets another thread run.
    public var yieldsMax = 1
    /// The first sleep.
    public var sleepNanosecondsMin: UInt64 = 20_000
    /// Each further sleep is so many times longer, …
    public var sleepGrowth: UInt64 = 2
    /// … but no longer than this.
    public var sleepNanosecondsMax: UInt64 = 500_000
    /// A sleep to a moment that is known, a deadline or the end of a rest, is one sleep if it is no
    /// longer than this.
    public var sleepNanosecondsKnown: UInt64 = 1_500_000
    /// A wait from this on is taken for a rest, which the next one will be like.
    public var restNanosecondsMin: UInt64 = 200_000
    /// It looks from so much before the expected end of a rest, and before that from as much as sleeps
    /// end late, until so much behind it. 0: rests are not expected.
    public var restNanosecondsMargin: UInt64 = 3_000
    /// Sleeps that end later than this are taken for an exception.
    public var latenessNanosecondsMax: UInt64 = 25_000

    /// What suits a machine with a processor for each end.
    public init() {}

    /// What suits the processors that this process may use.
    public static var standard: WaitPolicy {
        cpinfile_usable_processors() == 1 ? .oneProcessor : WaitPolicy()
    }

    /// What suits a machine where the other end cannot run while this one looks.
    public static var oneProcessor: WaitPolicy {
        var policy = WaitPolicy()
        policy.looksFirst = 1
        policy.spinNanosecondsMin = 0
        policy.spinNanosecondsMax = 0
        policy.spinNanosecondsAfterSleep = 0
        policy.yieldsMax = 16
        policy.restNanosecondsMargin = 0
        return policy
    }
}
