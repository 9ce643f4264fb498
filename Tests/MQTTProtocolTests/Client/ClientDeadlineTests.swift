import MQTTProtocol
import Signals
import Testing

@Suite struct ClientDeadlineTests {
    /// Keepalive and ping interval in seconds, and the interval in milliseconds.
    @Test(arguments: [
        (60, 0, 15_000), (60, 5, 5_000), (60, 20, 15_000), (0, 0, 20_000), (0, 7, 7_000),
        (0, 30, 20_000), (1, 0, 250), (65_535, 0, 16_383_750),
    ])
    func pingsComeAtTheirInterval(keepAlive: UInt16, ping: UInt32, interval: Int64) {
        let stand = ClientStand.connected {
            $0.keepAliveSeconds = keepAlive
            $0.pingIntervalSeconds = ping
        }
        for round in 1...10 {
            #expect(stand.client.deadline == at(interval * Int64(round)))
            #expect(
                stand.pass(.milliseconds(interval))
                    == [event(interval * Int64(round), sends(.pingRequest))])
            #expect(stand.packet(.pingResponse) == [])
        }
    }

    @Test func aLateTimerPutsTheNextPingOffAndSendsOneOnly() {
        let stand = ClientStand.connected()
        stand.skip(.seconds(40))
        #expect(stand.give(.timer) == [sends(.pingRequest)])
        #expect(stand.client.deadline == at(55_000))
    }

    @Test func fourSilentIntervalsLoseTheConnection() {
        let stand = ClientStand.connected()
        let events = stand.pass(.seconds(90))
        #expect(events.pings == [15_000, 30_000, 45_000])
        #expect(
            events.withoutPings
                == [event(60_000, .closeTransport), event(60_000, .lost(.silence))])
        #expect(stand.client.deadline == nil)
    }

    @Test func anyByteEndsTheSilence() {
        let stand = ClientStand.connected()
        stand.pass(.seconds(50))
        #expect(stand.give(.received([0xd0])) == [])
        let events = stand.pass(.seconds(90))
        #expect(
            events.withoutPings
                == [event(110_000, .closeTransport), event(110_000, .lost(.silence))])
    }

    @Test func aPingResponseHasNoPayload() {
        let stand = ClientStand.connected()
        stand.pass(.seconds(15))
        #expect(
            stand.give(.received(drawn("d0 02 00 00"))) == [
                .closeTransport, .lost(.fault(.surplus(.pingResponse, offset: 2, count: 2))),
            ])
    }

    @Test func nothingHappensBeforeTheDeadline() {
        let stand = ClientStand.connected()
        stand.publish("a")
        stand.subscribe("b")
        while let deadline = stand.client.deadline {
            stand.pass(Nanoseconds((deadline - stand.now).count - 1))
            #expect(stand.give(.timer) == [])
            stand.pass(Nanoseconds(1))
        }
        #expect(stand.client.isIdle)
    }

    /// Extreme configurations neither trap nor fire at once for ever.
    @Test func timesHaveLimits() {
        let stand = ClientStand.connected {
            $0.responseTime = Nanoseconds(.max)
            $0.connectTimeout = Nanoseconds(.max)
            $0.pingIntervalSeconds = .max
            $0.pacing.acknowledgementPoll = Nanoseconds(.max)
            $0.packetLengthMax = .min
            $0.publicationsMax = .max
            $0.subscriptionsMax = .min
        }
        stand.publish("a")
        stand.subscribe("b")
        #expect(stand.pass(.seconds(1)) == [])
        #expect(stand.packet(.publishAcknowledgement(1)) == [])
        #expect(stand.client.configuration.subscriptionsMax == 1)
        let negative = ClientStand.connected {
            $0.responseTime = Nanoseconds(.min)
            $0.republicationsMax = .min
        }
        negative.publish("a")
        #expect(negative.pass(.zero).last == event(0, .lost(.notAcknowledged)))
    }
}
