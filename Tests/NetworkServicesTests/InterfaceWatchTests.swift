import LivePorts
import NetworkServices
import Testing

/// With network interfaces that are made for it.
@Suite(
    .serialized,
    .enabled(if: VirtualCable.obstacle == nil, "\(VirtualCable.obstacle ?? "")"))
struct InterfaceWatchTests {
    private let heard = Heard<NetworkChange>()

    /// Time in which something wrong would have been heard.
    private func settle() async throws { try await Task.sleep(for: .milliseconds(200)) }

    private func associate(_ network: SystemNetwork) {
        network.associate(with: .remembered) { [heard] in heard.note($0) }
    }

    @Test func theNetworkIsThereWithSwitchCarrierAndAddressTogether() async throws {
        let cable = try VirtualCable()
        let near = cable.near
        let network = try SystemNetwork(.init(remembered: .interface(near)))
        associate(network)
        try VirtualCable.ip("addr", "add", "198.51.100.1/24", "dev", near)
        try await settle()
        #expect(heard.all == [])
        try VirtualCable.ip("link", "set", near, "up")
        try await settle()
        #expect(heard.all == [], "there is no carrier")
        try cable.plug()
        #expect(try await eventually { heard.all == [.associated] })
    }

    @Test func aLinkLocalAddressIsNone() async throws {
        let cable = try VirtualCable()
        let near = cable.near
        let network = try SystemNetwork(.init(remembered: .interface(near)))
        associate(network)
        try VirtualCable.ip("link", "set", near, "up")
        try cable.plug()
        try VirtualCable.ip("addr", "add", "169.254.7.7/16", "dev", near)
        try await settle()
        #expect(heard.all == [])
        try VirtualCable.ip("addr", "add", "2001:db8::7/64", "dev", near)
        #expect(try await eventually { heard.all == [.associated] })
    }

    @Test(arguments: ["carrier", "address", "switch", "interface"])
    func theNetworkIsLostWithoutOneOfThem(what: String) async throws {
        let cable = try VirtualCable()
        let near = cable.near
        try VirtualCable.ip("addr", "add", "198.51.100.1/24", "dev", near, "label", "\(near):1")
        try VirtualCable.ip("link", "set", near, "up")
        try cable.plug()
        let network = try SystemNetwork(.init(remembered: .interface(near)))
        associate(network)
        #expect(try await eventually { heard.all == [.associated] })
        switch what {
        case "carrier": try cable.pull()
        case "address": try VirtualCable.ip("addr", "flush", "dev", near)
        case "switch": try VirtualCable.ip("link", "set", near, "down")
        default: try VirtualCable.ip("link", "del", near)
        }
        #expect(try await eventually { heard.all == [.associated, .lost] })
    }

    @Test func afterALossTheBridgeHasToAskAnew() async throws {
        let cable = try VirtualCable()
        let near = cable.near
        try VirtualCable.ip("addr", "add", "198.51.100.1/24", "dev", near)
        try VirtualCable.ip("link", "set", near, "up")
        try cable.plug()
        let network = try SystemNetwork(.init(remembered: .interface(near)))
        associate(network)
        #expect(try await eventually { heard.all == [.associated] })
        try cable.pull()
        #expect(try await eventually { heard.all == [.associated, .lost] })
        try cable.plug()
        try await settle()
        #expect(heard.all == [.associated, .lost])
        associate(network)
        #expect(try await eventually { heard.all == [.associated, .lost, .associated] })
        network.dissociate()
        try cable.pull()
        try await settle()
        #expect(heard.all == [.associated, .lost, .associated])
    }

    @Test func anInterfaceThatComesLaterIsFound() async throws {
        let cable = try VirtualCable()
        let name = "\(cable.near)x"
        let network = try SystemNetwork(.init(remembered: .interface(name)))
        associate(network)
        try await settle()
        #expect(heard.all == [])
        try VirtualCable.ip("addr", "add", "198.51.100.1/24", "dev", cable.near)
        try cable.plug()
        try VirtualCable.ip("link", "set", cable.near, "name", name)
        try VirtualCable.ip("link", "set", name, "up")
        #expect(try await eventually { heard.all == [.associated] })
        try VirtualCable.ip("link", "set", name, "down")
        try VirtualCable.ip("link", "set", name, "name", cable.near)
    }

    @Test func theInterfacesAreListed() throws {
        let cable = try VirtualCable()
        let near = cable.near
        try VirtualCable.ip("link", "set", near, "up")
        let all = try NetworkInterface.all()
        let interface = try #require(all.first { $0.name == near })
        #expect(interface.isUp)
        #expect(!interface.hasCarrier)
        #expect(!interface.hasAddress)
        #expect(all.map(\.name) == all.map(\.name).sorted())
        #expect(all.contains { $0.name == "lo" })
    }
}
