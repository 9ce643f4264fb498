import Decoding
import LinkTesting
import Signals
import Testing

/// Triggers on wires. Under a drawing `!` marks the columns in which one fires.
@Suite struct WireTriggerTests {
    private static let step = Nanoseconds(100)

    /// The columns in which a trigger fires, as a row of marks.
    private func marks(_ trigger: String, _ drawing: String) throws -> String {
        let waveform = Waveform(drawing)
        let batch = waveform.edges(step: Self.step)
        var watch = TriggerWatch([try Trigger(trigger)], start: .zero, levels: batch.levels)
        watch.take(batch)
        var marks = Array(repeating: " ", count: waveform.rows.map(\.levels.count).max() ?? 0)
        for firing in watch.takeFirings() {
            marks[Int(firing.time.nanoseconds / Self.step.count)] = "!"
        }
        return "[" + marks.joined() + "]"
    }

    @Test func anEdgeFiresWhereItIs() throws {
        let drawing = """
            reset   ---___------_---
            sckin   __---___---___--
            """
        #expect(try marks("falling:reset", drawing) == "[   !        !   ]")
        #expect(try marks("reset        ", drawing) == "[   !        !   ]")
        #expect(try marks("rising:reset ", drawing) == "[      !      !  ]")
        #expect(try marks("edge:reset   ", drawing) == "[   !  !     !!  ]")
        #expect(try marks("edge:mckout  ", drawing) == "[  !  !  !  !  ! ]")
    }

    @Test func levelsDecideAboutAnEdge() throws {
        let drawing = """
            reset   ---___------_---
            sckin   __---___---___--
            stx     ______----------
            """
        #expect(try marks("falling:reset & sckin=1        ", drawing) == "[   !            ]")
        #expect(try marks("falling:reset & sckin=0 & stx=1", drawing) == "[            !   ]")
        #expect(try marks("edge:sckin & reset=0           ", drawing) == "[     !          ]")
        // The level that matters is the one behind the edge.
        #expect(try marks("rising:sckin & sckin=1         ", drawing) == "[  !     !     ! ]")
        #expect(try marks("rising:sckin & sckin=0         ", drawing) == "[                ]")
    }

    @Test func levelsAloneFireOnceUntilTheyCease() throws {
        let drawing = """
            stx     __---___-----___
            srx     _---____--_--__-
            """
        #expect(try marks("stx=1        ", drawing) == "[  !     !       ]")
        #expect(try marks("stx=1 & srx=1", drawing) == "[  !     !  !    ]")
        // They hold from the beginning.
        #expect(try marks("stx=0 & srx=0", drawing) == "[!    !       !  ]")
    }

    @Test func levelsThatCameAboutInAGapFireAtItsEnd() throws {
        var before = EdgeBatch()
        before.edges = [Edge(time: Timestamp(nanoseconds: 5), channel: .stx, level: .high)]
        var after = EdgeBatch(levels: LevelSet(bits: LevelSet.rest.bits | 1 << 4 | 1 << 1))
        after.gap = Gap(
            start: Timestamp(nanoseconds: 6), end: Timestamp(nanoseconds: 20), reason: .sequence)
        var watch = TriggerWatch(
            [try Trigger("sckin=1"), try Trigger("stx=1")], start: .zero, levels: .rest)
        watch.take(before)
        watch.take(after)
        let firings = watch.takeFirings()
        #expect(firings.map(\.time.nanoseconds) == [5, 20])
        #expect(firings.map(\.trigger) == [1, 0])
        #expect(watch.takeFirings().isEmpty)
    }
}
