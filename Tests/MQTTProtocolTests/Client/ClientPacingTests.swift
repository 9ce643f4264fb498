import MQTTProtocol
import Signals
import Testing

/// The delays of the reference: how long a write takes, and how often an acknowledgement is looked
/// for.
@Suite struct ClientPacingTests {
    private static func stand(poll: Int64, write: Int64) -> ClientStand {
        .connected {
            $0.pacing = MQTTClientConfiguration.Pacing(
                acknowledgementPoll: .milliseconds(poll), writeDelay: .milliseconds(write))
        }
    }

    /// Written 5 ms after the send, looked for at 105, 205 …
    @Test(arguments: [
        (0, 105), (5, 105), (6, 105), (104, 105), (105, 105), (106, 205), (950, 1_005),
    ])
    func anAcknowledgementIsSeenAtTheNextLook(arrival: Int64, seen: Int64) {
        let stand = Self.stand(poll: 100, write: 5)
        #expect(stand.publish("a", tag: 7) == [publishes("a", 1)])
        stand.pass(.milliseconds(arrival))
        let outputs = stand.packet(.publishAcknowledgement(1))
        if arrival == seen {
            #expect(outputs == [.published(tag: 7)])
        } else {
            #expect(outputs == [])
            #expect(stand.client.deadline == at(seen))
            #expect(stand.pass(.seconds(2)) == [event(seen, .published(tag: 7))])
        }
    }

    @Test func qualityZeroIsCompleteAfterTheWrite() {
        let stand = Self.stand(poll: 100, write: 5)
        #expect(stand.publish("a", qos: .atMostOnce, tag: 7) == [publishes("a", 0)])
        #expect(stand.publish("b", qos: .atMostOnce, tag: 8) == [])
        #expect(
            stand.pass(.seconds(1)) == [
                event(5, .published(tag: 7)), event(5, publishes("b", 0)),
                event(10, .published(tag: 8)),
            ])
    }

    @Test func looksCountFromTheLastWrite() {
        let stand = Self.stand(poll: 100, write: 5)
        stand.publish("a", tag: 7)
        stand.pass(.milliseconds(10_050))
        #expect(stand.packet(.publishAcknowledgement(1)) == [])
        // Sent at 0, written at 5, repeated at 10,005, written at 10,010.
        #expect(stand.pass(.seconds(1)) == [event(10_110, .published(tag: 7))])
    }

    @Test func whatOnlyWaitsForALookIsCompleteWhenTheConnectionIsLost() {
        let stand = Self.stand(poll: 100, write: 5)
        stand.publish("a", tag: 7)
        stand.pass(.milliseconds(50))
        stand.packet(.publishAcknowledgement(1))
        #expect(stand.give(.transportClosed) == [.published(tag: 7), .lost(.closedByPeer)])
        stand.establish()
        stand.publish("b", qos: .atMostOnce, tag: 8)
        #expect(stand.give(.transportClosed) == [.published(tag: 8), .lost(.closedByPeer)])
        #expect(stand.client.unfinishedPublications == 0)
    }
}
