import LivePorts
import Testing

@testable import NetworkServices

struct SystemNetworkTests {
    private let heard = Heard<NetworkChange>()
    private func note() -> @Sendable (NetworkChange) -> Void { { [heard] in heard.note($0) } }

    @Test func anAlwaysNetworkIsThereAtOnce() {
        let network = AlwaysNetwork()
        network.associate(with: .remembered, events: note())
        #expect(heard.all == [.associated])
        network.dissociate()
        network.associate(with: .specified(name: "a", password: "b"), events: note())
        #expect(heard.all == [.associated, .associated])
    }

    @Test func eachChoiceHasItsNetwork() throws {
        let network = try SystemNetwork(
            .init(remembered: .never, specified: .always, named: ["cellar": .never]))
        network.associate(with: .remembered, events: note())
        #expect(heard.all == [.failed])
        network.associate(with: .specified(name: "attic", password: ""), events: note())
        #expect(heard.all == [.failed, .associated])
        network.associate(with: .specified(name: "cellar", password: ""), events: note())
        #expect(heard.all == [.failed, .associated, .failed])
    }

    @Test func aRequestMayBeMadeWhileAnEventIsTold() throws {
        let network = try SystemNetwork(.init(remembered: .never, specified: .always))
        let heard = heard
        network.associate(with: .remembered) { [unowned network] change in
            heard.note(change)
            network.associate(with: .specified(name: "", password: "")) { heard.note($0) }
        }
        #expect(heard.all == [.failed, .associated])
    }

    @Test func loopbackIsThere() async throws {
        let network = try SystemNetwork(.init(remembered: .interface("lo")))
        network.associate(with: .remembered, events: note())
        #expect(try await eventually { heard.all == [.associated] })
    }

    @Test func anInterfaceThatDoesNotExistIsWaitedFor() async throws {
        let network = try SystemNetwork(
            .init(remembered: .interface("synnone"), specified: .interface("lo")))
        network.associate(with: .remembered, events: note())
        try await Task.sleep(for: .milliseconds(300))
        #expect(heard.all.isEmpty)
        network.associate(with: .specified(name: "", password: ""), events: note())
        #expect(try await eventually { heard.all == [.associated] })
    }

    @Test func nothingIsToldAfterLeaving() async throws {
        for _ in 0..<200 {
            let network = try SystemNetwork(.init(remembered: .interface("lo")))
            let late = Heard<NetworkChange>()
            network.associate(with: .remembered) { late.note($0) }
            network.dissociate()
            let count = late.all.count
            try await Task.sleep(for: .milliseconds(1))
            #expect(late.all.count == count)
        }
    }

    @Test func whatWasSeenForAnEarlierRequestIsNotTold() throws {
        let association = Association()
        association.begin(with: .interface("a"), events: note())
        let seen = try #require(association.interface)
        association.begin(with: .interface("b"), events: note())
        association.take(isUsable: true, for: seen.generation)
        #expect(heard.all == [])
        let present = try #require(association.interface)
        #expect(present.name == "b")
        association.take(isUsable: true, for: present.generation)
        #expect(heard.all == [.associated])
    }
}
