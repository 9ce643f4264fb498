import LinkProtocol
import LinkRuntime
import Signals
import Testing

@testable import LinkSetup

/// A host on its thread, a bridge on another, wires in memory, and a simulated broker.
@Suite struct SimulatedLinkTests {
    private func link() throws -> MQTTLink {
        var settings = LinkSettings.simulated
        settings.hardware.resetPulse = .milliseconds(5)
        settings.hardware.settling = .milliseconds(50)
        return try MQTTLink(settings)
    }

    @Test(.timeLimit(.minutes(1)))
    func aPublicationComesBackToItsSubscriber() async throws {
        let link = try link()
        try link.start()
        var messages = try await link.subscribe("a/+", qos: .atLeastOnce).makeAsyncIterator()
        try await link.ready()
        let result = try await link.publish("a/b", "hello", qos: .atLeastOnce)
        #expect(result.isConfirmed)
        let message = await messages.next()
        #expect(message?.topicText == "a/b")
        #expect(message?.text == "hello")
        try await link.close()
        #expect(link.end != nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func aRestartOfTheBridgeIsAnotherSessionAndKeepsSubscriptions() async throws {
        let link = try link()
        var sessions = link.sessions.makeAsyncIterator()
        try link.start()
        var messages = try await link.subscribe("a", qos: .atLeastOnce).makeAsyncIterator()
        #expect(await sessions.next() == 1)
        try await link.restart()
        #expect(await sessions.next() == 2)
        try await link.publish("a", "again", qos: .atLeastOnce)
        #expect(await messages.next()?.text == "again")
        try await link.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func theTimeAndTheMemoryOfTheBridgeAreAnswered() async throws {
        let link = try link()
        try link.start()
        let memory = try await link.memory()
        #expect(memory.allocatedBytes > 0)
        let seconds = try await link.time()
        // 2026-01-01, before which nobody can have run this.
        #expect(seconds > 1_767_225_600)
        try await link.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func aCallThatIsOpenAtTheEndThrows() async throws {
        let link = try link()
        let call = Task { try await link.publish("a", "b", qos: .atLeastOnce) }
        try link.start()
        try await link.close()
        await #expect(throws: (any Error).self) { try await call.value }
    }
}
